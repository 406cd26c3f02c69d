import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles, judgeRecording, rootsOf } from '../../judge.js'
import { agentNode, agentUnit } from '../agent.js'
import { ago, cluster, justBooted, list, node, pod } from '../cluster-text.js'
import { unitShow } from '../unit.js'

const found = (verdict: string) =>
	`0/1 nodes are available: ${verdict}. no new claims to deallocate, preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.`
const homeless = (verdict: string) => pod({ name: 'next-1', on: '', unschedulable: found(verdict) })

describe('node-cordoned', () => {
	it('fires on a cordoned node, with what waits for it, and uncordons it', () => {
		const files = cluster({
			nodes: [
				node({
					unschedulable: true,
					taints: [{ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule', timeAdded: ago(3000) }],
				}),
			],
			pods: [homeless('1 node(s) were unschedulable')],
		})
		const examination = judgeFiles(files)
		expect(rootsOf(examination)).toEqual(['node-cordoned'])
		expect(causesOf(examination)).toHaveProperty('pod-unschedulable')
		expect(examination.report.diagnoses[0]?.remedies[0]?.steps).toEqual([{ kube: { uncordon: 'node-1' } }])
	})

	it('tells on an agent what a server must do', () => {
		const files = {
			'commands/systemctl-show.txt': agentUnit(),
			'commands/date.txt': '2026-11-21T04:10:00Z\n',
			'api/nodes.json': list(node({ unschedulable: true })),
			'api/pods.json': list(),
		}
		const [diagnosis] = judgeFiles(files, agentNode).report.diagnoses
		expect(diagnosis?.cause).toBe('node-cordoned')
		expect(diagnosis?.remedies[0]?.steps[0]).toHaveProperty('tell')
	})

	it('is silent when another node of the cluster is cordoned', () => {
		const files = cluster({ nodes: [node(), node({ name: 'node-2', unschedulable: true })], pods: [pod()] })
		expect(causesOf(judgeFiles(files))).toEqual({})
	})
})

describe('node-tainted', () => {
	const taint = { key: 'team.example.org/only', value: 'batch', effect: 'NoExecute' }

	it('fires when a taint of the operator keeps a pod off the only node, in older words too', () => {
		for (const words of [
			'1 node(s) had untolerated taint {team.example.org/only: batch}',
			"1 node(s) had taint {team.example.org/only: batch}, that the pod didn't tolerate",
			'1 node(s) had untolerated taint(s)',
		]) {
			const examination = judgeFiles(cluster({ nodes: [node({ taints: [taint] })], pods: [homeless(words)] }))
			expect(rootsOf(examination)).toEqual(['node-tainted'])
			expect(examination.report.diagnoses[0]?.remedies[0]?.steps).toEqual([
				{ kube: { untaint: 'node-1', key: 'team.example.org/only', effect: 'NoExecute' } },
			])
		}
	})

	it('is no more than possible while no pod is kept off by it', () => {
		expect(causesOf(judgeFiles(cluster({ nodes: [node({ taints: [taint] })], pods: [pod()] })))).toEqual({
			'node-tainted': 'possible',
		})
	})

	it('is silent about the taint of a control plane, and about a pod that other nodes refuse', () => {
		const server = node({ taints: [{ key: 'node-role.kubernetes.io/control-plane', effect: 'NoSchedule' }] })
		expect(causesOf(judgeFiles(cluster({ nodes: [server], pods: [] })))).toEqual({})
		const full = pod({
			on: '',
			unschedulable:
				'0/3 nodes are available: 1 node(s) had untolerated taint {node-role.kubernetes.io/control-plane: }, 2 Insufficient memory. preemption: 0/3 nodes are available',
		})
		const files = cluster({
			nodes: [server, node({ name: 'node-2' }), node({ name: 'node-3' })],
			pods: [full],
		})
		expect(causesOf(judgeFiles(files))).toEqual({ 'pod-unschedulable': 'certain' })
	})

	it('is silent about taints that Kubernetes sets for a state of the node', () => {
		const pressed = node({ taints: [{ key: 'node.kubernetes.io/disk-pressure', effect: 'NoSchedule' }] })
		const examination = judgeFiles(
			cluster({ nodes: [pressed], pods: [homeless('1 node(s) had untolerated taint(s)')] }),
		)
		expect(causesOf(examination)).not.toHaveProperty('node-tainted')
		expect(causesOf(examination)).not.toHaveProperty('pod-unschedulable')
	})

	it('puts nothing from the API into a command that does not belong there', () => {
		const evil = { key: 'x; reboot', value: '$(id)', effect: 'NoSchedule' }
		const [diagnosis] = judgeFiles(
			cluster({ nodes: [node({ taints: [evil] })], pods: [homeless('1 node(s) had untolerated taint(s)')] }),
		).report.diagnoses
		expect(diagnosis?.cause).toBe('node-tainted')
		expect(JSON.stringify(diagnosis?.remedies)).not.toMatch(/reboot|\$\(id\)/)
	})
})

describe('node-not-ready', () => {
	const sick = node({ ready: false, message: 'container runtime is down', since: ago(400) })

	it('fires when the node has not been Ready for minutes and nothing tells why', () => {
		expect(causesOf(judgeFiles(cluster({ nodes: [sick] })))).toMatchObject({ 'node-not-ready': 'likely' })
	})

	it('is silent right after a start, and about other nodes', () => {
		const young = {
			...cluster({ nodes: [node({ ready: false, since: ago(50) })] }),
			...justBooted,
		}
		expect(causesOf(judgeFiles(young))).toEqual({})
		const other = cluster({
			nodes: [node(), node({ name: 'node-2', ready: false, reason: 'NodeStatusUnknown' })],
		})
		expect(causesOf(judgeFiles(other))).toEqual({})
		expect(causesOf(judgeFiles(cluster()))).toEqual({})
	})

	it('folds under the cause where there is one', () => {
		const files = {
			...cluster({ nodes: [sick] }),
			'commands/systemctl-show.txt': unitShow({ ActiveState: 'inactive', SubState: 'dead' }),
		}
		expect(rootsOf(judgeFiles(files))[0]).toBe('service-stopped')
	})

	it('does not push itself before the true cause of a recorded node', async () => {
		expect(rootsOf(await judgeRecording('traefik-no-images'))).not.toContain('node-not-ready')
	})
})

describe('cloud-provider-uninitialized', () => {
	const waiting = node({
		taints: [{ key: 'node.cloudprovider.kubernetes.io/uninitialized', value: 'true', effect: 'NoSchedule' }],
	})
	const off = {
		'files/etc/rancher/k3s/config.yaml':
			'disable-cloud-controller: true\nkubelet-arg:\n  - cloud-provider=external\n',
	}

	it('fires when the taint stays and k3s starts no cloud controller', () => {
		expect(rootsOf(judgeFiles(cluster({ nodes: [waiting] }, off)))).toEqual(['cloud-provider-uninitialized'])
	})

	it('is silent in the first seconds of a node', () => {
		const files = {
			...cluster({ nodes: [waiting] }),
			...justBooted,
		}
		expect(causesOf(judgeFiles(files))).toEqual({})
	})
})
