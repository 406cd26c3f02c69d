import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles, judgeRecording, rootsOf } from '../../judge.js'
import { agentNode, waitingAgent } from '../agent.js'
import { printedCertificate } from '../certs/certificate-text.js'
import { cluster, node } from '../cluster-text.js'
import { crashing, info, listed, listingEntry } from '../unit.js'
import { network } from './host-text.js'

interface Claims {
	internal?: string
	annotated?: string
	provided?: string
	bootId?: string
}

function claimed({
	internal = '10.0.0.1',
	annotated = '10.0.0.1',
	provided = '10.0.0.1',
	bootId = 'b1',
}: Claims) {
	const plain = node() as { metadata: { annotations: object }; status: { nodeInfo: object } }
	return {
		...plain,
		metadata: {
			...plain.metadata,
			annotations: { 'k3s.io/internal-ip': annotated, 'alpha.kubernetes.io/provided-node-ip': provided },
		},
		status: {
			...plain.status,
			addresses: [{ type: 'InternalIP', address: internal }],
			nodeInfo: { ...plain.status.nodeInfo, bootID: bootId },
		},
	}
}

const here = {
	...network([{ address: '10.0.0.1' }]),
	'files/proc/sys/kernel/random/boot_id': 'b1\n',
	'commands/uname.txt': 'Linux node-1 6.1.0 #1 SMP x86_64 GNU/Linux\n',
}
const readdress = (text: string) => text.replaceAll('10.99.0.', '192.168.50.')

describe('hostname-duplicate', () => {
	it('fires on the recorded clone under other addresses and another name', async () => {
		const rename = (text: string) => readdress(text).replaceAll('node(a1)', 'node(pi4)')
		const examination = await judgeRecording('agent-hostname-clone', {
			'journal/k3s-agent.log': rename,
			'api/nodes.json': readdress,
			'commands/ip-addr.json': readdress,
		})
		expect(rootsOf(examination)).toEqual(['hostname-duplicate'])
		const [diagnosis] = examination.report.diagnoses
		expect(diagnosis?.confidence).toBe('certain')
		expect(diagnosis?.findings[0]?.says).toContain('192.168.50.21 stood there again')
	})

	it('is not certain of it while the address might only have changed', async () => {
		// Up to the second start: what the kubelet of the first one wrote may have come too late.
		const examination = await judgeRecording('agent-hostname-clone', {
			'journal/k3s-agent.log': text => {
				const starts = text.split(/(?=^.* systemd\[1\]: Starting k3s-agent)/m)
				return starts.slice(0, 2).join('')
			},
		})
		expect(causesOf(examination)['hostname-duplicate']).not.toBe('certain')
	})

	it('fires on the original, which runs while the other one writes its node', () => {
		const theirs = claimed({ annotated: '10.0.0.9', provided: '10.0.0.9' })
		expect(rootsOf(judgeFiles(cluster({ nodes: [theirs] }, here)))).toContain('hostname-duplicate')
		expect(causesOf(judgeFiles(cluster({ nodes: [claimed({ bootId: 'b2' })] }, here)))).toMatchObject({
			'hostname-duplicate': 'certain',
		})
	})

	it('tells the original, whose node was taken over whole, from a host whose address has changed', () => {
		const theirs = claimed({ internal: '10.0.0.9', annotated: '10.0.0.9', provided: '10.0.0.9' })
		const certificate = (address: string) => ({
			'files/var/lib/rancher/k3s/agent/serving-kubelet.crt': printedCertificate({
				subject: 'CN = node-1',
				to: '2027-10-01',
				sans: `DNS:node-1, IP Address:127.0.0.1, IP Address:${address}`,
			}),
		})
		const judged = (address: string) =>
			causesOf(judgeFiles(cluster({ nodes: [theirs] }, { ...here, ...certificate(address) })))
		expect(judged('10.0.0.1')).toMatchObject({ 'hostname-duplicate': 'likely' })
		expect(judged('10.0.0.1')).not.toHaveProperty('node-ip-changed')
		expect(judged('10.0.0.9')).toMatchObject({ 'node-ip-changed': 'likely' })
		expect(judged('10.0.0.9')).not.toHaveProperty('hostname-duplicate')
	})

	it('fires when an etcd member has the name already', () => {
		const word =
			'Error: preparing server: etcd cluster join failed: duplicate node name found, please use a unique name for this node'
		expect(rootsOf(judgeFiles(crashing(word)))).toEqual(['hostname-duplicate'])
	})

	it('is only possible where a new host is refused: its password may as well be lost', () => {
		const body = info(
			"Waiting to retrieve agent configuration; server is not ready: Node password rejected, duplicate hostname or contents of '/etc/rancher/node/password' may not match server node-passwd entry",
		)
		const fresh = waitingAgent(body, {
			'commands/files.tsv':
				listed('/var/lib/rancher/k3s', { type: 'd' }) + listed('/var/lib/rancher/k3s/agent', { type: 'd' }),
		})
		const examination = judgeFiles(fresh, agentNode, [listingEntry])
		expect(causesOf(examination)).toMatchObject({ 'hostname-duplicate': 'possible' })
		expect(rootsOf(examination)).toEqual(['node-password-rejected'])
	})

	it('is silent on a node with several addresses of its own, and on the recorded lost password', async () => {
		const two = network([{ address: '10.0.0.1' }, { name: 'tailscale0', address: '100.64.0.7', prefix: 32 }])
		const files = cluster({ nodes: [claimed({ annotated: '100.64.0.7' })] }, { ...here, ...two })
		expect(causesOf(judgeFiles(files))).not.toHaveProperty('hostname-duplicate')
		expect(causesOf(await judgeRecording('agent-node-password'))).not.toHaveProperty('hostname-duplicate')
	})

	it('is silent on the boot id of the last boot while k3s is down', () => {
		const { 'api/nodes.json': nodes = '' } = cluster({ nodes: [claimed({ bootId: 'b0' })] })
		const files = crashing('Error: something else', { ...here, 'api/nodes.json': nodes })
		expect(causesOf(judgeFiles(files))).not.toHaveProperty('hostname-duplicate')
	})
})
