import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles, judgeRecording, rootsOf } from '../../judge.js'
import { ago, cluster, died, node, pod } from '../cluster-text.js'

describe('pod-stuck-terminating', () => {
	const namespace = (deleted: string, type: string, message: string) => ({
		metadata: { name: 'old', deletionTimestamp: deleted },
		spec: { finalizers: ['kubernetes'] },
		status: {
			phase: 'Terminating',
			conditions: [{ type, status: 'True', reason: 'x', message, lastTransitionTime: deleted }],
		},
	})

	it('fires on a pod that a finalizer holds, and on one that does not end', () => {
		const held = pod({ deleted: ago(900), finalizers: ['backup.example.org/save'] })
		expect(causesOf(judgeFiles(cluster({ pods: [held] })))).toEqual({ 'pod-stuck-terminating': 'certain' })
		const lingering = pod({ deleted: ago(600) })
		const examination = judgeFiles(cluster({ pods: [lingering] }))
		expect(causesOf(examination)).toEqual({ 'pod-stuck-terminating': 'likely' })
		expect(examination.report.diagnoses[0]?.remedies[1]).toMatchObject({ risk: 'destructive' })
	})

	it('does not wait for the end of a grace period that nobody uses', () => {
		const ended = (secondsAgo: number) =>
			pod({
				deleted: ago(-20),
				finalizers: ['backup.example.org/save'],
				containers: [{ state: died(143, secondsAgo) }],
			})
		expect(causesOf(judgeFiles(cluster({ pods: [ended(25)] })))).toEqual({
			'pod-stuck-terminating': 'likely',
		})
		expect(causesOf(judgeFiles(cluster({ pods: [ended(2)] })))).toEqual({})
	})

	it('fires on a namespace that waits for a finalizer or for an API', () => {
		const held = namespace(
			ago(60),
			'NamespaceFinalizersRemaining',
			'Some content in the namespace has finalizers remaining: corp.example/hold in 2 resource instances',
		)
		expect(causesOf(judgeFiles(cluster({ namespaces: [held] })))).toEqual({
			'pod-stuck-terminating': 'certain',
		})
		const blind = namespace(
			ago(600),
			'NamespaceDeletionDiscoveryFailure',
			'Discovery failed for some groups, 1 failing',
		)
		expect(causesOf(judgeFiles(cluster({ namespaces: [blind] })))).toEqual({
			'pod-stuck-terminating': 'certain',
		})
	})

	it('is silent about what is just going, and about pods of a node that is away', () => {
		const going = namespace(
			ago(15),
			'NamespaceContentRemaining',
			'Some resources are remaining: pods. has 3 resource instances',
		)
		expect(causesOf(judgeFiles(cluster({ namespaces: [going], pods: [pod({ deleted: ago(20) })] })))).toEqual(
			{},
		)
		const away = pod({ on: 'node-2', deleted: ago(9000) })
		expect(
			causesOf(judgeFiles(cluster({ nodes: [node(), node({ name: 'node-2' })], pods: [away] }))),
		).toEqual({})
	})

	it('sees past the names of the recording', async () => {
		const rename = (text: string) =>
			text.replaceAll('example.org/keep', 'foregroundOperator.corp').replaceAll('"old"', '"archive"')
		expect(rootsOf(await judgeRecording('pod-stuck', { 'api/namespaces.json': rename }))).toEqual([
			'pod-stuck-terminating',
		])
	})
})
