import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles, rootsOf } from '../../judge.js'
import { journalText, running, type Said, unitShow } from '../unit.js'
import { cni0, eth0, flannel1, iptables, links, podLog, twoNodeRoutes, twoNodes } from './net-text.js'

describe('mtu-mismatch', () => {
	const sizes = (link: number, tunnel: number, pod: number) =>
		links(
			[
				{ ...eth0, mtu: link },
				{ ...flannel1, mtu: tunnel },
				{ ...cni0, mtu: pod },
				{ name: 'veth1', mtu: pod, master: 'cni0' },
			],
			twoNodeRoutes,
		)

	it('fires where the tunnel or the pods allow more than fits', () => {
		const small = judgeFiles(twoNodes(sizes(1400, 1450, 1450)))
		expect(rootsOf(small)).toEqual(['mtu-mismatch'])
		expect(small.report.diagnoses[0]?.remedies[0]?.steps).toEqual([
			{ run: ['ip', 'link', 'set', 'dev', 'flannel.1', 'mtu', '1350'] },
		])
		expect(causesOf(judgeFiles(twoNodes(sizes(1400, 1350, 1450))))).toEqual({ 'mtu-mismatch': 'likely' })
	})

	it('is silent on sizes that fit, and on an empty bridge', () => {
		expect(causesOf(judgeFiles(twoNodes(sizes(1500, 1450, 1450))))).toEqual({})
		expect(causesOf(judgeFiles(twoNodes(sizes(9000, 8950, 1450))))).toEqual({})
		const empty = links([eth0, flannel1, { ...cni0, mtu: 1500 }], twoNodeRoutes)
		expect(causesOf(judgeFiles(twoNodes(empty)))).toEqual({})
	})
})

describe('egress-broken', () => {
	const sysctl = (value: number) => ({
		'commands/sysctl.txt': `net.ipv4.ip_forward = ${value}\n`,
		'commands/uname.txt': 'Linux node-1 6.1.0 #1 x86_64 GNU/Linux\n',
	})
	const masquerade = '-A FLANNEL-POSTRTG -s 10.42.0.0/16 ! -d 224.0.0.0/4 -j MASQUERADE\n'
	const nat = (more: string) =>
		`*nat\n:POSTROUTING ACCEPT [0:0]\n-A POSTROUTING -j KUBE-POSTROUTING\n-A KUBE-POSTROUTING -j MASQUERADE\n${more}COMMIT\n`

	it('fires where the kernel does not forward', () => {
		const examination = judgeFiles(twoNodes(sysctl(0)))
		expect(rootsOf(examination)).toEqual(['egress-broken'])
		expect(causesOf(examination)).toMatchObject({ 'egress-broken': 'certain' })
		expect(causesOf(judgeFiles(twoNodes(sysctl(1))))).toEqual({})
	})

	it('fires where the filter drops what pods send', () => {
		expect(causesOf(judgeFiles(twoNodes(iptables([], { forward: 'DROP' }))))['egress-broken']).toBe('certain')
		const rules = ['-A FORWARD -j FLANNEL-FWD', '-A FLANNEL-FWD -s 10.42.0.0/16 -j ACCEPT']
		expect(causesOf(judgeFiles(twoNodes(iptables(rules, { forward: 'DROP' }))))).toEqual({})
	})

	it('fires where addresses of pods are not hidden', () => {
		expect(causesOf(judgeFiles(twoNodes(iptables([], { more: nat('') }))))['egress-broken']).toBe('likely')
		expect(causesOf(judgeFiles(twoNodes(iptables([], { more: nat(masquerade) }))))).toEqual({})
		expect(causesOf(judgeFiles(twoNodes(iptables([]))))).toEqual({})
	})

	it('is possible on a host with two ways out and strict filtering of the way back', () => {
		const strict = {
			'commands/sysctl.txt': 'net.ipv4.ip_forward = 1\nnet.ipv4.conf.all.rp_filter = 1\n',
			'commands/uname.txt': 'Linux node-1 6.1.0 #1 x86_64 GNU/Linux\n',
		}
		const two = links(
			[eth0, { name: 'eth1', address: '172.20.0.1/24' }, cni0, flannel1],
			[...twoNodeRoutes, ['default', 'eth1', '172.20.0.254']],
		)
		expect(causesOf(judgeFiles(twoNodes({ ...strict, ...two })))).toEqual({ 'egress-broken': 'possible' })
		expect(causesOf(judgeFiles(twoNodes(strict)))).toEqual({})
	})
})

describe('nm-cloud-setup', () => {
	const units = (changes: Record<string, string>, own: Record<string, string> = {}) => ({
		'commands/systemctl-show.txt': `${unitShow(own)}\n${unitShow({ Id: 'nm-cloud-setup.service', MainPID: '0', ...changes }, ['/usr/libexec/nm-cloud-setup'])}`,
	})
	const enabled = { UnitFileState: 'enabled', ActiveState: 'inactive', SubState: 'dead' }
	const rules = {
		'commands/ip-rule.json': JSON.stringify([
			{ priority: 0, src: 'all', table: 'local' },
			{ priority: 30400, src: '10.0.0.1', table: '30400' },
			{ priority: 32766, src: 'all', table: 'main' },
		]),
	}
	const check = {
		'commands/systemctl-cat.txt':
			"# /etc/systemd/system/k3s.service\n[Service]\nType=notify\nExecStartPre=/bin/sh -xc '! /usr/bin/systemctl is-enabled --quiet nm-cloud-setup.service'\nExecStart=/usr/local/bin/k3s server\n",
	}

	it('fires where the unit of k3s refuses to start beside it', () => {
		const failing = {
			ActiveState: 'activating',
			SubState: 'auto-restart',
			Result: 'exit-code',
			NRestarts: '7',
		}
		const lines: Said[] = [
			[0, 'systemd', 'Starting %u - Lightweight Kubernetes...'],
			[0, 'sh[70]', '+ /usr/bin/systemctl is-enabled --quiet nm-cloud-setup.service'],
			[0, 'systemd', '%u: Control process exited, code=exited, status=1/FAILURE'],
			[0, 'systemd', "%u: Failed with result 'exit-code'."],
		]
		const examination = judgeFiles({
			...units(enabled, failing),
			...check,
			'journal/k3s.log': journalText(lines),
		})
		expect(rootsOf(examination)).toEqual(['nm-cloud-setup'])
	})

	it('fires where it has set rules of its own', () => {
		const files = { ...running(), ...units(enabled), ...links([eth0]), ...rules }
		expect(causesOf(judgeFiles(files))['nm-cloud-setup']).toBe('likely')
	})

	it('is silent where it is off or not installed', () => {
		const off = {
			...running(),
			...units({ UnitFileState: 'disabled', ActiveState: 'inactive', SubState: 'dead' }),
			...links([eth0]),
			...rules,
			...check,
		}
		expect(causesOf(judgeFiles(off))).toEqual({})
		const none = {
			...running(),
			...units({ LoadState: 'not-found', UnitFileState: '', ActiveState: 'inactive' }),
			...links([eth0]),
			...rules,
		}
		expect(causesOf(judgeFiles(none))).toEqual({})
	})
})

describe('netpol-blocks', () => {
	const policy = {
		metadata: { namespace: 'shop', name: 'deny-all' },
		spec: { podSelector: {}, policyTypes: ['Ingress', 'Egress'] },
	}
	const victim = (namespace: string) =>
		podLog(
			'api-1',
			[
				[60, 'getaddrinfo EAI_AGAIN db.shop.svc.cluster.local'],
				[30, 'getaddrinfo EAI_AGAIN db.shop.svc.cluster.local'],
			],
			{ namespace, container: 'main', instance: 1 },
		)

	it('fires on pods that are shut out by a policy of their namespace', () => {
		const files = twoNodes(victim('shop'), { networkpolicies: [policy] })
		expect(causesOf(judgeFiles(files))['netpol-blocks']).toBe('likely')
	})

	it('is silent without a victim, or with one elsewhere', () => {
		expect(causesOf(judgeFiles(twoNodes({}, { networkpolicies: [policy] })))).toEqual({})
		expect(causesOf(judgeFiles(twoNodes(victim('other'), { networkpolicies: [policy] })))).not.toHaveProperty(
			'netpol-blocks',
		)
	})

	it('is only possible where pods without a policy suffer alike', () => {
		const more = podLog(
			'web-1',
			[
				[60, "bad address 'db'"],
				[30, "bad address 'db'"],
			],
			{ namespace: 'other', container: 'main', instance: 1 },
		)
		expect(
			causesOf(judgeFiles(twoNodes({ ...victim('shop'), ...more }, { networkpolicies: [policy] })))[
				'netpol-blocks'
			],
		).toBe('possible')
	})
})
