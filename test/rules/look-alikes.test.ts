/** Evidence that looks like a fault and is none: what several rules read alike is silent. */
import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles } from '../judge.js'
import { agentUnit } from './agent.js'
import { ago, cluster, event, klog, lately, node, now, pod } from './cluster-text.js'
import { eth0, links } from './network/net-text.js'
import {
	begins,
	crashing,
	fatalStart,
	info,
	journalText,
	listed,
	listingEntry,
	running,
	unitShow,
} from './unit.js'

const date = { 'commands/date.txt': `${now}\n` }
const evicted = (last: string) =>
	event({
		reason: 'Evicted',
		message: 'The node was low on resource: memory. Threshold quantity: 100Mi.',
		last,
	})

function withCondition(type: string, status: string) {
	const self = node()
	const { conditions } = self.status as { conditions: unknown[] }
	conditions.push({ type, status, reason: 'x', message: '', lastTransitionTime: ago(60) })
	return self
}

describe('look-alikes', () => {
	it('an eviction that is over', () => {
		const gone = pod({ phase: 'Failed', containers: [] })
		const told = (last: string, self = node()) =>
			causesOf(judgeFiles(cluster({ nodes: [self], pods: [gone], events: [evicted(last)] })))[
				'memory-pressure'
			]
		expect(told(ago(60))).toBe('likely')
		expect(told(ago(3000))).toBeUndefined()
		expect(told(ago(60), withCondition('MemoryPressure', 'False'))).toBe('possible')
	})

	it('a lock that was had', () => {
		const start = (...more: string[]) => ({
			...date,
			'commands/systemctl-show.txt': unitShow({ ActiveState: 'activating', SubState: 'start' }),
			'journal/k3s.log': journalText([
				[0, 'systemd', 'Starting %u - Lightweight Kubernetes...'],
				[1, 'k3s', info('Acquiring lock file /var/lib/rancher/k3s/data/.lock')],
				...more.map((line): [number, string, string] => [2, 'k3s', info(line)]),
			]),
		})
		expect(causesOf(judgeFiles(start()))['data-dir-problem']).toBe('likely')
		expect(causesOf(judgeFiles(start('Preparing data dir /var/lib/rancher/k3s/data/77')))).not.toHaveProperty(
			'data-dir-problem',
		)
	})

	it('an archive that was still being copied', () => {
		const path = '/var/lib/rancher/k3s/agent/images/apps.tar'
		const broken: [number, string, string] = [
			60,
			'k3s',
			info(`Failed to process image event: failed to import images from ${path}: unexpected EOF`),
		]
		const later: [number, string, string] = [90, 'k3s', info(`Imported images from ${path} in 4.2s`)]
		expect(causesOf(judgeFiles(running(date, [broken])))['airgap-images-missing']).toBe('likely')
		expect(causesOf(judgeFiles(running(date, [broken, later])))['airgap-images-missing']).not.toBe('likely')
	})

	it('a zone of firewalld that lets other nodes in', () => {
		const peer = node({ name: 'node-2' })
		Object.assign(peer.spec as object, { podCIDR: '10.42.1.0/24', podCIDRs: ['10.42.1.0/24'] })
		const told = (zone: string) =>
			causesOf(
				judgeFiles(
					cluster(
						{ nodes: [node(), peer] },
						{
							...links(
								[eth0],
								[
									['default', 'eth0', '10.0.0.254'],
									['10.0.0.0/24', 'eth0'],
									['10.42.1.0/24', 'flannel.1'],
								],
							),
							'files/etc/rancher/k3s/config.yaml': 'write-kubeconfig-mode: "0640"\n',
							'commands/firewall-cmd.txt': zone,
							'commands/iptables-save.txt': '*filter\n:INPUT ACCEPT [0:0]\nCOMMIT\n',
						},
					),
				),
			)['vxlan-blocked']
		const zone = (ports: string, target = 'default', more = '') =>
			`public (active)\n  target: ${target}\n  interfaces: eth0\n  sources: \n  services: ssh\n  ports: ${ports}\n${more}`
		expect(told(zone('6443/tcp'))).toBe('likely')
		expect(told(zone('6443/tcp 8472/udp'))).toBeUndefined()
		expect(told(zone('8000-9000/udp'))).toBeUndefined()
		expect(told(zone('6443/tcp', 'ACCEPT'))).toBeUndefined()
		expect(
			told(zone('', 'default', '\ntrusted (active)\n  target: ACCEPT\n  sources: 10.0.0.0/24\n')),
		).toBeUndefined()
		expect(
			told(zone('', 'default', '  rich rules: \n\trule family="ipv4" source address="10.0.0.0/24" accept\n')),
		).toBeUndefined()
	})

	it('a name below the search domain that does not exist', () => {
		const asked = 'k3s-doctor-asks.corp.example'
		const told = (answer: string, exit: number) =>
			causesOf(
				judgeFiles(
					running({
						...date,
						'files/etc/resolv.conf': 'nameserver 10.0.0.2\nsearch corp.example\n',
						[`commands/getent-${asked}.txt`]: answer,
					}),
					{},
					[{ file: `commands/getent-${asked}.txt`, argv: ['getent', 'ahosts', asked], exit }],
				),
			)['dns-search-domain']
		expect(told('203.0.113.9 STREAM x\n', 0)).toBe('certain')
		expect(told('', 2)).toBeUndefined()
	})

	it('a kind of somebody else that is not installed yet', () => {
		const says = (kind: string) =>
			causesOf(
				judgeFiles(
					cluster(
						{},
						{},
						[0, 5, 10, 15].map((second): [number, string, string] => [
							lately + second,
							'k3s',
							klog(`failed to list *${kind}: the server could not find the requested resource`),
						]),
					),
				),
			)['removed-api']
		expect(says('v1beta1.CronJob')).toBe('likely')
		expect(says('v1alpha1.Widget')).toBeUndefined()
	})

	it('a binary that is there', () => {
		const show = {
			ActiveState: 'activating',
			SubState: 'auto-restart',
			Result: 'exit-code',
			ExecMainStatus: '203',
		}
		const told = (files: string, path = '/usr/local/bin/k3s') =>
			causesOf(
				judgeFiles(
					{
						...date,
						'commands/systemctl-show.txt': unitShow(show, [`${path} server`]),
						'commands/files.tsv': files,
					},
					{},
					[listingEntry],
				),
			)
		const folder = listed('/usr/local/bin', { type: 'd' })
		expect(told(folder)).toHaveProperty('k3s-not-installed', 'certain')
		expect(told(folder + listed('/usr/local/bin/k3s', { mode: '755' }))).not.toHaveProperty(
			'k3s-not-installed',
		)
		expect(told(folder, '/usr/local/bin/k3s-old')).toHaveProperty('unit-file-invalid', 'certain')
	})

	it('an argument that has nothing to do with the end', () => {
		const files = (word: string) =>
			crashing(`Shutdown request received: ${JSON.stringify(word)}`, {
				...date,
				'files/etc/rancher/k3s/config.yaml': 'kube-proxy-arg:\n  - proxy-mode=ebpf\n',
			})
		expect(
			causesOf(judgeFiles(files('kube-proxy exited: Mode: Invalid value: "ebpf": must be iptables'))),
		).toHaveProperty('component-arg-invalid', 'certain')
		expect(
			causesOf(judgeFiles(files('kubelet exited: running with swap on is not supported: "ebpf"'))),
		).not.toHaveProperty('component-arg-invalid')
	})

	it('a node is told what is not looked for on it, and a leftover is looked at all the same', () => {
		const off = (files: Record<string, string>, role: 'server' | 'agent' = 'server') =>
			judgeFiles(files, role === 'agent' ? { role, unit: 'k3s-agent.service' } : {}, [listingEntry])
				.report.unexamined.filter(({ missing }) => missing.length === 0)
				.map(({ cause }) => cause)
		const config = { 'files/etc/rancher/k3s/config.yaml': 'disable: traefik\n' }
		const sqlite = listed('/var/lib/rancher/k3s/server/db/state.db', { size: 8192 })
		const etcd =
			listed('/var/lib/rancher/k3s/server/db/etcd', { type: 'd' }) +
			listed('/var/lib/rancher/k3s/server/db/etcd/member', { type: 'd' })
		const opens: [number, string, string] = [
			4,
			'k3s',
			info('Configuring sqlite3 database connection pooling'),
		]
		const plain = off(running({ ...date, ...config, 'commands/files.tsv': sqlite }, [opens]))
		expect(plain).toEqual(
			expect.arrayContaining(['etcd-corrupt', 'external-db-auth', 'traefik-down', 'docker-backend-problem']),
		)
		expect(plain).not.toContain('sqlite-corrupt')
		expect(off(running({ ...date, ...config, 'commands/files.tsv': sqlite + etcd }, [opens]))).not.toContain(
			'etcd-corrupt',
		)
		const agent = {
			...date,
			'commands/systemctl-show.txt': agentUnit(),
			'journal/k3s-agent.log': journalText([[1, 'k3s', begins('v1.36.2+k3s1', 'agent')]]),
		}
		expect(off(agent, 'agent')).toContain('etcd-corrupt')
	})

	it('a start that failed and was got past', () => {
		const files = running(date)
		const before = journalText(fatalStart('database disk image is malformed', -600))
		expect(causesOf(judgeFiles({ ...files, 'journal/k3s.log': before + files['journal/k3s.log'] }))).toEqual(
			{},
		)
	})
})
