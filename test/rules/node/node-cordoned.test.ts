import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles, rootsOf } from '../../judge.js'
import { agentNode, agentUnit } from '../agent.js'
import { ago, cluster, list, node, pod } from '../cluster-text.js'

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
