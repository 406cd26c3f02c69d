import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles, rootsOf } from '../../judge.js'
import { cluster, node, pod } from '../cluster-text.js'

const found = (verdict: string) =>
	`0/1 nodes are available: ${verdict}. no new claims to deallocate, preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.`

const homeless = (verdict: string) => pod({ name: 'next-1', on: '', unschedulable: found(verdict) })

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
