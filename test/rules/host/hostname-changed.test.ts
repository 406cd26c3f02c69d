import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles, judgeRecording, rootsOf } from '../../judge.js'
import { agentNode } from '../agent.js'
import { printedCertificate } from '../certs/certificate-text.js'
import { ago, cluster, list, node } from '../cluster-text.js'
import { crashing, goodStart, info, journalText, running, type Said } from '../unit.js'
import { network } from './host-text.js'

type Json = { metadata: Record<string, unknown>; status: { nodeInfo: Record<string, unknown> } }

function machine(name: string, wish: { ready?: boolean; created?: string; machineId?: string }): Json {
	const made = node({ name, ...(wish.ready !== undefined && { ready: wish.ready }) }) as unknown as Json
	return {
		...made,
		metadata: { ...made.metadata, creationTimestamp: wish.created ?? ago(86_400) },
		status: { ...made.status, nodeInfo: { ...made.status.nodeInfo, machineID: wish.machineId ?? 'm1' } },
	} as Json
}

const here = { ...network([{ address: '10.0.0.1' }]), 'commands/hostname.txt': 'node-1\n' }
const registers = (name: string, second: number): Said => [
	second,
	'k3s',
	info(`Annotations and labels have been set successfully on node: ${name}`),
]

describe('hostname-changed', () => {
	it('fires on the recorded node under other names, and gives the node its name back', async () => {
		const rename = (text: string) => text.replaceAll('"s1"', '"web-7"').replaceAll('edge1', 'db-3')
		const examination = await judgeRecording('hostname-renamed', {
			'api/nodes.json': rename,
			'api/pods.json': rename,
			'api/persistentvolumes.json': rename,
			'commands/hostname.txt': 'db-3\n',
			'journal/k3s.log': text => text.replaceAll(' s1', ' web-7').replaceAll('edge1', 'db-3'),
		})
		expect(rootsOf(examination)).toEqual(['hostname-changed'])
		const [diagnosis] = examination.report.diagnoses
		expect(diagnosis?.findings[0]?.says).toContain('The node web-7 has the address of this host')
		expect(diagnosis?.findings[0]?.says).toContain('1 local volume is bound')
		expect(diagnosis?.remedies[0]?.steps[0]).toEqual({
			edit: '/etc/rancher/k3s/config.yaml',
			set: { 'node-name': 'web-7' },
		})
	})

	it('fires on an agent that cannot get in with the certificate of its old name', () => {
		const certificate = printedCertificate({
			subject: 'O = system:nodes, CN = system:node:old-name',
			to: '2027-01-01',
		})
		const files = {
			...crashing('Error: header node name does not match auth node name'),
			...here,
			'files/var/lib/rancher/k3s/agent/client-kubelet.crt': certificate,
		}
		const examination = judgeFiles(files, { role: 'agent' })
		expect(rootsOf(examination)).toEqual(['hostname-changed'])
		expect(examination.report.diagnoses[0]?.findings.map(({ says }) => says).join()).toContain('old-name')
	})

	it('fires on an agent that has lately registered under another name', () => {
		const lines = [
			...goodStart(0),
			registers('old-name', 5),
			[20, 'systemd', 'Stopped %u.'],
			...goodStart(30),
			registers('node-1', 40),
		] as Said[]
		const files = {
			...here,
			'commands/systemctl-show.txt': running()['commands/systemctl-show.txt'] ?? '',
			'journal/k3s-agent.log': journalText(lines),
			'commands/date.txt': '2026-11-21T04:10:00Z\n',
			'api/nodes.json': list(machine('node-1', {})),
		}
		expect(causesOf(judgeFiles(files, agentNode))).toMatchObject({ 'hostname-changed': 'likely' })
		const later = { ...files, 'commands/date.txt': '2026-11-25T04:10:00Z\n' }
		expect(causesOf(judgeFiles(later, agentNode))).toMatchObject({ 'hostname-changed': 'possible' })
	})

	it('is silent once the old node was deleted, whatever etcd calls this server', () => {
		const files = cluster(
			{ nodes: [machine('node-1', {})] },
			{
				...here,
				'journal/k3s.log': journalText([
					...goodStart(0),
					registers('old-name', 5),
					[20, 'systemd', 'Stopped %u.'],
					...goodStart(30),
					registers('node-1', 40),
				]),
				'files/var/lib/rancher/k3s/server/db/etcd/name': 'old-name-27a62fe3',
			},
		)
		expect(causesOf(judgeFiles(files))).not.toHaveProperty('hostname-changed')
	})

	it('is silent on a dead node of another machine that had the same address', () => {
		const nodes = (machineId: string) => [
			machine('node-1', { created: ago(3600) }),
			machine('gone-7', { ready: false, machineId }),
		]
		expect(causesOf(judgeFiles(cluster({ nodes: nodes('m2') }, here)))).not.toHaveProperty('hostname-changed')
		expect(causesOf(judgeFiles(cluster({ nodes: nodes('m1') }, here)))).toMatchObject({
			'hostname-changed': 'certain',
		})
	})

	it('is silent on a node-name that was chosen, and on the suffix of with-node-id', async () => {
		const certificate = (name: string) => ({
			'files/var/lib/rancher/k3s/agent/client-kubelet.crt': printedCertificate({
				subject: `CN = system:node:${name}`,
				to: '2027-01-01',
			}),
		})
		const config = (text: string) => ({ 'files/etc/rancher/k3s/config.yaml': text })
		const word = 'Error: something else'
		for (const files of [
			{ ...certificate('chosen'), ...config('node-name: Chosen\n') },
			{ ...certificate('node-1-5f0c2a11'), ...config('with-node-id: true\n') },
		])
			expect(causesOf(judgeFiles(crashing(word, { ...here, ...files })))).not.toHaveProperty(
				'hostname-changed',
			)
		expect(causesOf(await judgeRecording('ha-healthy'))).not.toHaveProperty('hostname-changed')
	})
})
