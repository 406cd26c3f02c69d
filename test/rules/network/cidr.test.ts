import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles, rootsOf } from '../../judge.js'
import { crashing, running, shutdown } from '../unit.js'
import { cni0, eth0, flannel1, links, twoNodeRoutes, twoNodes } from './net-text.js'

const config = 'files/etc/rancher/k3s/config.yaml'

describe('cidr-conflict', () => {
	const refused =
		'flannel exited: failed to acquire lease: subnet "10.52.0.0/16" specified in the flannel net config doesn\'t contain "10.42.2.0/24" PodCIDR of the "node-3" node'

	it('fires on a range that flannel refuses, and quotes it', () => {
		const examination = judgeFiles(crashing(shutdown(refused), { [config]: 'cluster-cidr: 10.52.0.0/16\n' }))
		expect(rootsOf(examination)).toEqual(['cidr-conflict'])
		expect(examination.report.diagnoses[0]?.findings[0]?.says).toContain(
			'"10.42.2.0/24" PodCIDR of the "node-3" node',
		)
	})

	it('fires on the words of the controller manager', () => {
		const fatal =
			'F1121 04:00:02.000000     700 node_ipam_controller.go:110] "Cannot mark CIDR as occupied" cannot mark CIDR 10.42.0.0/24 as occupied: cidr 10.42.0.0/24 is out of range 172.16.0.0/16'
		expect(causesOf(judgeFiles(crashing(fatal)))).toHaveProperty('cidr-conflict')
	})

	it.each([
		['10.42.7.9/16', 'certain'],
		['10.43.0.9/24', 'certain'],
		['10.40.0.1/13', 'certain'],
	])('fires on a host in the network of the cluster: %s', (address, confidence) => {
		const files = running({ [config]: 'tls-san: a\n', ...links([{ name: 'eth0', address }]) })
		expect(causesOf(judgeFiles(files))['cidr-conflict']).toBe(confidence)
	})

	it('fires on a route of the neighbourhood, and on networks that overlap each other', () => {
		const route = twoNodes(links([eth0, cni0, flannel1], [...twoNodeRoutes, ['10.42.128.0/17', 'tun0']]))
		expect(causesOf(judgeFiles(route))['cidr-conflict']).toBe('likely')
		const each = running({ [config]: 'cluster-cidr: 10.42.0.0/15\n' })
		expect(causesOf(judgeFiles(each))['cidr-conflict']).toBe('certain')
	})

	it('fires where cluster-cidr no longer has the range of the node', () => {
		const files = twoNodes({ [config]: 'cluster-cidr: 172.16.0.0/16\n' })
		expect(causesOf(judgeFiles(files))['cidr-conflict']).toBe('certain')
		expect(judgeFiles(files).report.diagnoses[0]?.severity).toBe('warning')
	})

	it('fires on a bridge that still has an address of an earlier range', () => {
		const old = { ...cni0, address: '10.52.0.1/24' }
		expect(causesOf(judgeFiles(twoNodes(links([eth0, old, flannel1], twoNodeRoutes))))).toHaveProperty(
			'cidr-conflict',
		)
	})

	it("is silent on the cluster's own interfaces, wider routes, and networks beside it", () => {
		const wide = links(
			[eth0, cni0, flannel1],
			[...twoNodeRoutes, ['10.0.0.0/8', 'eth0', '10.0.0.254'], ['10.44.0.0/16', 'tun0']],
		)
		expect(causesOf(judgeFiles(twoNodes(wide)))).toEqual({})
		const other = {
			[config]: 'flannel-backend: none\n',
			...links([{ name: 'eth0', address: '10.42.0.5/24' }]),
		}
		expect(causesOf(judgeFiles(running(other)))).toEqual({})
	})
})

describe('dual-stack-misconfig', () => {
	it.each([
		'Error: invalid cluster-cidr, service-cidr and node-ip: must share the same IP version (IPv4, IPv6 or dual-stack)',
		'failed to validate cluster-cidr: too many CIDRs',
		'cannot configure IPv4/IPv6 node-ip: address family mismatch',
		'flannel exited: failed to find the interface: failed to get default v6 interface: unable to find default v6 route',
	])('fires on %s', word => {
		expect(rootsOf(judgeFiles(crashing(word)))).toContain('dual-stack-misconfig')
	})

	it('fires on families that do not fit, and offers both addresses of the host', () => {
		const examination = judgeFiles(
			crashing(
				'Error: invalid cluster-cidr, service-cidr and node-ip: must share the same IP version (IPv4, IPv6 or dual-stack)',
				{
					[config]:
						'cluster-cidr: fd00:42::/56,10.42.0.0/16\nservice-cidr: fd00:43::/112,10.43.0.0/16\nnode-ip: 10.0.0.1\n',
					...links([{ name: 'eth0', addresses: ['10.0.0.1/24', '2001:db8::1/64'] }]),
				},
			),
		)
		expect(rootsOf(examination)).toEqual(['dual-stack-misconfig'])
		expect(examination.report.diagnoses[0]?.remedies[0]?.steps[0]).toEqual({
			edit: '/etc/rancher/k3s/config.yaml',
			set: { 'node-ip': '2001:db8::1,10.0.0.1' },
		})
	})

	it('fires where IPv6 is wanted and the host has none', () => {
		const files = running({
			[config]: 'cluster-cidr: 10.42.0.0/16,fd00:42::/56\nservice-cidr: 10.43.0.0/16,fd00:43::/112\n',
			...links([eth0]),
			'commands/sysctl.txt': 'net.ipv6.conf.all.disable_ipv6 = 1\n',
			'commands/uname.txt': 'Linux node-1 6.1.0 #1 x86_64 GNU/Linux\n',
		})
		expect(causesOf(judgeFiles(files))['dual-stack-misconfig']).toBe('certain')
	})

	it('is silent on clusters that fit, of one family or of two', () => {
		const both = links([{ name: 'eth0', addresses: ['10.0.0.1/24', '2001:db8::1/64'] }])
		for (const text of [
			'cluster-cidr: 10.42.0.0/16,fd00:42::/56\nservice-cidr: 10.43.0.0/16,fd00:43::/112\nnode-ip: 10.0.0.1,2001:db8::1\n',
			'node-ip: 2001:db8::1\ncluster-cidr: fd00:42::/56\n',
			'node-ip: 10.0.0.1\n',
			'cluster-cidr: 10.52.0.0/16\n',
		])
			expect(causesOf(judgeFiles(running({ [config]: text, ...both })))).toEqual({})
	})

	it('warns of values that the next start will refuse', () => {
		const text = 'cluster-cidr: 10.42.0.0/16,fd00:42::/56\nservice-cidr: 10.43.0.0/16\n'
		const both = links([{ name: 'eth0', addresses: ['10.0.0.1/24', '2001:db8::1/64'] }])
		const { diagnoses } = judgeFiles(running({ [config]: text, ...both })).report
		expect(diagnoses).toMatchObject([
			{ cause: 'dual-stack-misconfig', severity: 'warning', confidence: 'likely' },
		])
	})

	it('fires where no interface has a global IPv6 address', () => {
		const text = 'cluster-cidr: 10.42.0.0/16,fd00:42::/56\nservice-cidr: 10.43.0.0/16,fd00:43::/112\n'
		const local = links([{ name: 'eth0', addresses: ['10.0.0.1/24', 'fe80::1/64'] }])
		expect(causesOf(judgeFiles(running({ [config]: text, ...local })))).toEqual({
			'dual-stack-misconfig': 'likely',
		})
	})
})
