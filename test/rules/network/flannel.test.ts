import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles, judgeRecording, rootsOf } from '../../judge.js'
import { cluster, node } from '../cluster-text.js'
import { crashing, listed, listingEntry, running, type Said, shutdown } from '../unit.js'
import { cni0, eth0, flannel1, flannelNode, links, twoNodeRoutes, twoNodes } from './net-text.js'

const config = 'files/etc/rancher/k3s/config.yaml'

describe('flannel-iface-wrong', () => {
	it.each([
		'Error: interface wg0 does not have a correct global unicast ip: route ip+net: no such network interface',
		'unable to find interface wg0: route ip+net: no such network interface',
		'the interface wg0 is not up',
		"can't find ip for interface wg0",
		'multiple global unicast addresses defined for wg0, please set ip from one of them',
	])('fires on %s', word => {
		expect(rootsOf(judgeFiles(crashing(word)))).toEqual(['flannel-iface-wrong'])
	})

	it('offers the interface that has the default route', () => {
		const files = crashing('unable to find interface wg0: route ip+net: no such network interface', {
			[config]: 'flannel-iface: wg0\n',
			...links([{ name: 'ens18', address: '10.0.0.1/24' }], [['default', 'ens18', '10.0.0.254']]),
		})
		const { diagnoses } = judgeFiles(files).report
		expect(diagnoses[0]?.findings.map(({ source }) => source)).toEqual(['journal', 'network'])
		expect(diagnoses[0]?.remedies[0]?.steps[0]).toEqual({
			edit: '/etc/rancher/k3s/config.yaml',
			set: { 'flannel-iface': 'ens18' },
		})
	})

	it('warns of an interface that has gone while k3s runs, and of one without an address', () => {
		const wish = (link: object[]) => ({
			[config]: 'flannel-iface: wg0\n',
			...links([eth0, ...(link as never[])]),
		})
		for (const link of [[], [{ name: 'wg0', up: false }], [{ name: 'wg0', addresses: ['fe80::1/64'] }]]) {
			const { diagnoses } = judgeFiles(running(wish(link))).report
			expect(diagnoses).toMatchObject([{ cause: 'flannel-iface-wrong', severity: 'warning' }])
		}
		expect(causesOf(judgeFiles(running(wish([{ name: 'wg0', address: '10.9.0.1/24' }]))))).toEqual({})
	})

	it('fires where two nodes that are well claim the same address', () => {
		const nodes = (ready: boolean) => [
			flannelNode('node-1', '10.0.2.15', '10.42.0.0/24'),
			flannelNode('node-2', '10.0.2.15', '10.42.1.0/24', { ready }),
		]
		const here = links(
			[
				{ ...eth0, address: '10.0.2.15/24' },
				cni0,
				{ ...flannel1, vxlan: { local: '10.0.2.15', link: 'eth0' } },
			],
			twoNodeRoutes,
		)
		expect(rootsOf(judgeFiles(twoNodes(here, { nodes: nodes(true) })))).toContain('flannel-iface-wrong')
		expect(causesOf(judgeFiles(twoNodes(here, { nodes: nodes(false) })))).not.toHaveProperty(
			'flannel-iface-wrong',
		)
	})

	it('knows an external address that is meant from one that was left over', () => {
		const nodes = [flannelNode('node-1', '10.0.0.1', '10.42.0.0/24', { publicIp: '203.0.113.9' })]
		expect(causesOf(judgeFiles(twoNodes({}, { nodes })))['flannel-iface-wrong']).toBe('likely')
		const meant = { [config]: 'flannel-external-ip: true\n' }
		expect(causesOf(judgeFiles(twoNodes(meant, { nodes })))).not.toHaveProperty('flannel-iface-wrong')
	})

	it('is possible where the device of flannel sends from another address', () => {
		const other = links(
			[eth0, cni0, { ...flannel1, vxlan: { local: '192.168.7.1', link: 'eth1' } }],
			twoNodeRoutes,
		)
		expect(causesOf(judgeFiles(twoNodes(other)))['flannel-iface-wrong']).toBe('possible')
	})
})

describe('flannel-start-failed', () => {
	it.each([
		'flannel exited: failed to acquire lease: node "node-1" pod cidr not assigned',
		'flannel exited: failed to register flannel network: failed to create vxlan device: file exists',
		'failed to start networking: flannel failed to wait for PodCIDR assignment: context canceled',
		'flannel exited: flannel.1 took too long to get ready. Please check your network host configuration',
	])('fires on %s', why => {
		expect(rootsOf(judgeFiles(crashing(shutdown(why))))[0]).toBe('flannel-start-failed')
	})

	it('is silent where the words name another cause', () => {
		for (const why of [
			'flannel exited: failed to find the interface: failed to get default interface: unable to find default route',
			'flannel exited: failed to initialize flannel ipTables manager: executable file not found',
			'flannel exited: failed to acquire lease: subnet "10.52.0.0/16" specified in the flannel net config doesn\'t contain "10.42.0.0/24" PodCIDR of the "node-1" node',
		])
			expect(causesOf(judgeFiles(crashing(shutdown(why))))).not.toHaveProperty('flannel-start-failed')
	})

	it('fires on a node that runs without a range of addresses or without the file of flannel', () => {
		const bare = node()
		;(bare as { spec: object }).spec = {}
		const without = judgeFiles(cluster({ nodes: [bare] }, { [config]: 'tls-san: a\n' }))
		expect(causesOf(without)['flannel-start-failed']).toBe('likely')
		const own = judgeFiles(cluster({ nodes: [bare] }, { [config]: 'flannel-backend: none\n' }))
		expect(causesOf(own)).not.toHaveProperty('flannel-start-failed')
	})

	it('is silent on a node whose flannel has written its file', () => {
		const entry = { ...listingEntry, argv: ['find', '/run/flannel', '-maxdepth', '5'] }
		const listing = (text: string) =>
			judgeFiles(cluster({}, { [config]: 'tls-san: a\n', 'commands/files.tsv': text }), {}, [entry])
		const dir = listed('/run/flannel', { type: 'd', mode: '755' })
		expect(causesOf(listing(dir + listed('/run/flannel/subnet.env')))).toEqual({})
		expect(causesOf(listing(dir))['flannel-start-failed']).toBe('likely')
	})

	it('names another overlay that has the number of its device', () => {
		const files = crashing(shutdown('flannel exited: failed to create vxlan device: file exists'), {
			...links([eth0, { name: 'vxlan-docker', vxlan: { id: 1, port: 4789 } }]),
		})
		const findings = judgeFiles(files).report.diagnoses[0]?.findings ?? []
		expect(findings.map(({ says }) => says).join()).toContain('vxlan-docker')
	})
})

describe('cni-not-ready', () => {
	const info = (ready: boolean, last = 'OK') =>
		JSON.stringify({
			status: {
				conditions: [
					{ type: 'RuntimeReady', status: true, reason: '', message: '' },
					{
						type: 'NetworkReady',
						status: ready,
						reason: ready ? '' : 'NetworkPluginNotReady',
						message: ready ? '' : 'Network plugin returns error: cni plugin not initialized',
					},
				],
			},
			lastCNILoadStatus: last,
		})

	it('fires on a node whose CNI configuration was deleted', () => {
		const files = cluster(
			{},
			{
				'crictl/info.json': info(false, 'cni config load failed: no network config found'),
				[config]: 'tls-san: a\n',
			},
		)
		expect(causesOf(judgeFiles(files))['cni-not-ready']).toBe('likely')
	})

	it('fires at once where flannel is off and nothing replaces it, on an agent of any name too', async () => {
		const examination = await judgeRecording('cni-none', {
			[config]: text => `${text.replace('flannel-backend: none\n', '')}flannel-backend: "none"\n`,
		})
		expect(rootsOf(examination)).toEqual(['cni-not-ready'])
		const [install, again] = examination.report.diagnoses[0]?.remedies ?? []
		expect(install?.title).toContain('replace flannel')
		expect(again?.steps[0]).toEqual({
			edit: '/etc/rancher/k3s/config.yaml',
			remove: ['flannel-backend', 'disable-network-policy'],
		})
	})

	it('is silent with another CNI that is ready, and on a node that has just come up', () => {
		const calico = cluster({}, { 'crictl/info.json': info(true), [config]: 'flannel-backend: none\n' })
		expect(causesOf(judgeFiles(calico))).toEqual({})
		const young = cluster(
			{},
			{
				'crictl/info.json': info(false),
				[config]: 'tls-san: a\n',
				'commands/date.txt': '2026-11-21T04:00:30Z\n',
			},
		)
		expect(causesOf(judgeFiles(young))).not.toHaveProperty('cni-not-ready')
	})

	it('fires on a plugin that is missing', () => {
		const said: Said = [
			570,
			'k3s',
			'E1121 04:09:30.000000     700 pod_workers.go:1324] "Error syncing pod, skipping" err="failed to setup network for sandbox \\"7f\\": plugin type=\\"calico\\" failed (add): failed to find plugin \\"calico\\" in path [/opt/cni/bin]"',
		]
		expect(causesOf(judgeFiles(cluster({}, {}, [said])))).toHaveProperty('cni-not-ready')
	})

	it('fires by what the API says where the runtime was not asked', () => {
		const told = {
			ready: false,
			reason: 'KubeletNotReady',
			message:
				'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized',
		}
		const { diagnoses } = judgeFiles(cluster({ nodes: [node(told)] })).report
		expect(diagnoses.find(({ cause }) => cause === 'cni-not-ready')).toMatchObject({ confidence: 'likely' })
		const disk = { ...told, message: 'PLEG is not healthy' }
		expect(causesOf(judgeFiles(cluster({ nodes: [node(disk)] })))).not.toHaveProperty('cni-not-ready')
	})

	it('shows a configuration that stands before the one of flannel', () => {
		const dir = '/var/lib/rancher/k3s/agent/etc/cni/net.d'
		const listing = listed(`${dir}/00-old.conflist`) + listed(`${dir}/10-flannel.conflist`)
		const files = cluster({}, { 'crictl/info.json': info(false), 'commands/files.tsv': listing })
		const found = judgeFiles(files, {}, [listingEntry]).report.diagnoses.find(
			({ cause }) => cause === 'cni-not-ready',
		)
		expect(found?.findings.map(({ source }) => source)).toEqual(['runtime', 'files'])
	})
})
