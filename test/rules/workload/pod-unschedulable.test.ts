import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles } from '../../judge.js'
import { ago, cluster, node, pod } from '../cluster-text.js'

describe('pod-unschedulable', () => {
	const homeless = (verdict: string, more = {}) =>
		pod({
			on: '',
			unschedulable: `0/2 nodes are available: ${verdict}. preemption: 0/2 nodes are available: 2 No preemption victims found.`,
			...more,
		})

	it('fires and names the reason', () => {
		for (const [verdict, words] of [
			['2 Insufficient cpu', 'no node has enough free'],
			["2 node(s) didn't match Pod's node affinity/selector", 'disk=ssd'],
			[
				'1 node(s) had volume node affinity conflict, 1 Insufficient memory',
				'its volume lies on another node',
			],
			["2 node(s) didn't satisfy existing pods anti-affinity rules", 'rules about other pods'],
		] as const) {
			const files = cluster({
				nodes: [node(), node({ name: 'node-2' })],
				pods: [homeless(verdict, { nodeSelector: { disk: 'ssd' } })],
			})
			const examination = judgeFiles(files)
			expect(causesOf(examination)).toEqual({ 'pod-unschedulable': 'certain' })
			expect(examination.report.diagnoses[0]?.findings[0]?.says).toContain(words)
		}
	})

	it('is silent while a node is only not ready, and about a pod that is being deleted', () => {
		const away = node({
			name: 'node-2',
			taints: [{ key: 'node.kubernetes.io/unreachable', effect: 'NoSchedule' }],
		})
		const booting = node({ taints: [{ key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' }] })
		const files = cluster({ nodes: [booting, away], pods: [homeless('2 node(s) had untolerated taint(s)')] })
		expect(causesOf(judgeFiles(files))).toEqual({})
		const leaving = cluster({ pods: [homeless('1 Insufficient cpu', { deleted: ago(10) })] })
		expect(causesOf(judgeFiles(leaving))).toEqual({})
	})
})
