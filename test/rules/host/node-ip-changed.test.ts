import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles, judgeRecording, rootsOf } from '../../judge.js'
import { printedCertificate } from '../certs/certificate-text.js'
import { cluster, node } from '../cluster-text.js'
import { crashing, running } from '../unit.js'
import { network } from './host-text.js'

const at = (address: string, more: Record<string, string> = {}) => ({ ...network([{ address }]), ...more })
const certified = (...sans: string[]) => ({
	'files/var/lib/rancher/k3s/agent/serving-kubelet.crt': printedCertificate({
		subject: 'CN = node-1',
		to: '2027-01-01',
		sans: `DNS:node-1, ${sans.map(san => `IP Address:${san}`).join(', ')}`,
	}),
})

describe('node-ip-changed', () => {
	it('fires on the recorded server under other addresses, and on a single one offers a reset', async () => {
		const move = (text: string) =>
			text.replaceAll('10.99.0.', '172.20.1.').replaceAll('h3-27a62fe3', 'db-00aa11bb')
		const single = (text: string) => move(text).replace(/ h1-420b8eb4=\S+ h2-52c9ca4c=\S+\]/g, ']')
		for (const journal of [move, single]) {
			const examination = await judgeRecording('etcd-ip-changed', {
				'journal/k3s.log': journal,
				'commands/ip-addr.json': move,
				...(journal === single && { 'files/etc/rancher/k3s/config.yaml': 'cluster-init: true\n' }),
			})
			expect(rootsOf(examination)).toEqual(['node-ip-changed'])
			const [diagnosis] = examination.report.diagnoses
			expect(diagnosis).toMatchObject({ confidence: 'certain', severity: 'critical' })
			expect(diagnosis?.findings[0]?.says).toContain('172.20.1.13')
			expect(JSON.stringify(diagnosis?.remedies[0])).toContain('ip addr add 172.20.1.13/24 dev eth0')
			expect(diagnosis?.remedies[1]?.title).toContain(
				journal === single ? 'cluster-reset' : 'join the others',
			)
			expect(diagnosis?.remedies[1]?.risk).toBe('destructive')
		}
	})

	it('leaves a member that the list does not have to its own cause', async () => {
		const examination = await judgeRecording('etcd-ip-changed', {
			'journal/k3s.log': text => text.replaceAll('Found [h3-27a62fe3=https://10.99.0.13:2380 ', 'Found ['),
		})
		expect(causesOf(examination)).not.toHaveProperty('node-ip-changed')
		expect(rootsOf(examination)[0]).toBe('etcd-member-conflict')
	})

	it('warns on a node that runs on with an address that it has lost', () => {
		const files = cluster({ nodes: [node()] }, at('10.0.0.44'))
		const [diagnosis] = judgeFiles(files).report.diagnoses
		expect(diagnosis).toMatchObject({ cause: 'node-ip-changed', severity: 'warning', confidence: 'likely' })
		expect(diagnosis?.findings[0]?.says).toContain('10.0.0.1 (InternalIP)')
		expect(diagnosis?.remedies[0]?.title).toContain('Restart k3s')
	})

	it('sees it without the API, by the tunnel of flannel and the certificate', () => {
		const tunnel = network([
			{ address: '10.0.0.44' },
			{ name: 'flannel.1', address: '10.42.1.0', prefix: 32, kind: 'vxlan', vxlanLocal: '10.0.0.1' },
		])
		const files = running({ ...tunnel, ...certified('127.0.0.1', '10.0.0.1') })
		expect(causesOf(judgeFiles(files))).toMatchObject({ 'node-ip-changed': 'likely' })
	})

	it('fires when etcd or the kubelet are told an address that is gone', () => {
		const config = { 'files/etc/rancher/k3s/config.yaml': 'node-ip: 10.0.0.1\n' }
		for (const word of [
			'etcd exited: listen tcp 10.0.0.1:2380: bind: cannot assign requested address',
			'kubelet exited: failed to validate nodeIP: node IP: "10.0.0.1" not found in the host\'s network interfaces',
		]) {
			const files = crashing(`Shutdown request received: ${JSON.stringify(word)}`, {
				...at('10.0.0.44'),
				...config,
				...certified('10.0.0.1'),
			})
			expect(rootsOf(judgeFiles(files))).toEqual(['node-ip-changed'])
		}
	})

	it('is silent on addresses that were set on purpose, and on several of them', () => {
		const behindNat = { 'files/etc/rancher/k3s/config.yaml': 'node-external-ip: 10.0.0.1\n' }
		expect(causesOf(judgeFiles(cluster({ nodes: [node()] }, at('10.0.0.44', behindNat))))).not.toHaveProperty(
			'node-ip-changed',
		)
		const both = network([{ address: '10.0.0.44' }, { name: 'eth1', address: '10.0.0.1' }])
		expect(causesOf(judgeFiles(cluster({ nodes: [node()] }, both)))).not.toHaveProperty('node-ip-changed')
	})

	it('is silent where the interfaces were not told, and on nodes that are well', async () => {
		expect(causesOf(judgeFiles(cluster({ nodes: [node()] })))).not.toHaveProperty('node-ip-changed')
		for (const name of ['ha-healthy', 'agent-healthy', 'config-bad-node-ip'])
			expect(causesOf(await judgeRecording(name))['node-ip-changed'] ?? 'silent').toBe('silent')
	})
})
