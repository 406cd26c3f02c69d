import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles } from '../../judge.js'
import { ago, cluster, died, event, justBooted, node, pod } from '../cluster-text.js'

const loopState = {
	waiting: { reason: 'CrashLoopBackOff', message: 'back-off 2m40s restarting failed container' },
}

/** The same files without what the API said. */
function withoutApi(files: Record<string, string>): Record<string, string> {
	return Object.fromEntries(Object.entries(files).filter(([file]) => !file.startsWith('api/')))
}

describe('pod-crashloop', () => {
	const looping = pod({
		namespace: 'billing',
		name: 'worker-7',
		containers: [{ name: 'run', restarts: 6, state: loopState, last: died(137, 70) }],
	})

	it('fires on a loop, quotes the last words, and reads the log of the life before', () => {
		const files = cluster(
			{ pods: [looping] },
			{
				'files/var/log/pods/billing_worker-7_uid-worker-7/run/6.log': `${ago(71)} stdout F starting\n${ago(70)} stderr F panic: cannot open /etc/app.toml\n${ago(70)} stdout F bye\n`,
			},
		)
		const examination = judgeFiles(files)
		expect(causesOf(examination)).toEqual({ 'pod-crashloop': 'certain' })
		const [diagnosis] = examination.report.diagnoses
		expect(diagnosis?.findings.map(({ quote }) => quote?.text)).toContain('panic: cannot open /etc/app.toml')
		expect(diagnosis?.remedies[0]?.steps[0]).toMatchObject({
			run: expect.arrayContaining(['billing', 'worker-7', '--previous']),
		})
	})

	it('fires on a process that ends well again and again, and on one caught alive between two ends', () => {
		const done = pod({ containers: [{ restarts: 4, state: loopState, last: died(0, 60, 'Completed') }] })
		expect(causesOf(judgeFiles(cluster({ pods: [done] })))).toEqual({ 'pod-crashloop': 'certain' })
		const alive = pod({
			containers: [
				{ restarts: 5, ready: true, state: { running: { startedAt: ago(4) } }, last: died(1, 95) },
			],
		})
		const backOff = event({
			reason: 'BackOff',
			message: 'Back-off restarting failed container main in pod api-1_shop(uid)',
			count: 9,
		})
		expect(causesOf(judgeFiles(cluster({ pods: [alive], events: [backOff] })))).toEqual({
			'pod-crashloop': 'likely',
		})
	})

	it('is less sure of a second end than of a third', () => {
		const twice = pod({ containers: [{ restarts: 1, state: died(1, 5), last: died(1, 20) }] })
		expect(causesOf(judgeFiles(cluster({ pods: [twice] })))).toEqual({ 'pod-crashloop': 'likely' })
	})

	it('is silent about restarts that a reboot made, and about ends that lie in the past', () => {
		const rebooted = pod({
			created: ago(90_000),
			containers: [{ restarts: 31, last: died(255, 590, 'Unknown') }],
		})
		const outlived = pod({ created: ago(90_000), containers: [{ restarts: 12, last: died(1, 4000) }] })
		const gone = pod({
			name: 'gone',
			created: ago(90_000),
			containers: [{ restarts: 5, state: died(255, 20, 'Unknown'), last: died(255, 5000, 'Unknown') }],
		})
		const files = cluster({ pods: [rebooted, outlived, gone] })
		expect(causesOf(judgeFiles(files))).toEqual({})
		const { 'journal/k3s.log': _journal, ...without } = files
		expect(causesOf(judgeFiles(without))).not.toHaveProperty('pod-crashloop')
	})

	it('is silent about a pod that failed once on the way up after a boot', () => {
		const once = pod({
			created: ago(90_000),
			containers: [{ restarts: 9, state: loopState, last: died(1, 8) }],
		})
		const files = { ...cluster({ pods: [once] }), ...justBooted }
		expect(causesOf(judgeFiles(files))).toEqual({})
	})

	it('is silent about jobs that are done, pods of other nodes, and parts of k3s with causes of their own', () => {
		const job = pod({ phase: 'Succeeded', containers: [{ restarts: 4, state: died(0, 60, 'Completed') }] })
		const elsewhere = pod({
			on: 'node-2',
			containers: [{ restarts: 9, state: loopState, last: died(1, 30) }],
		})
		const own = pod({
			namespace: 'kube-system',
			name: 'coredns-5f-x',
			containers: [{ restarts: 9, state: loopState, last: died(1, 30) }],
		})
		const files = cluster({ nodes: [node(), node({ name: 'node-2' })], pods: [job, elsewhere, own] })
		expect(causesOf(judgeFiles(files))).not.toHaveProperty('pod-crashloop')
	})

	it('is told by the runtime where the API does not answer, and not by one old container', () => {
		const container = (attempt: number, secondsAgo: number) =>
			JSON.stringify({
				containers: [
					{
						id: 'a',
						metadata: { name: 'run', attempt },
						state: 'CONTAINER_EXITED',
						createdAt: String(Date.parse(ago(secondsAgo)) * 1_000_000),
						image: { image: 'x' },
						labels: {
							'io.kubernetes.pod.name': 'worker-7',
							'io.kubernetes.pod.namespace': 'billing',
							'io.kubernetes.pod.uid': 'u',
						},
					},
				],
			})
		const crictl = (text: string) => ({
			...withoutApi(cluster()),
			'crictl/version.txt': 'RuntimeVersion:  v2.1\n',
			'crictl/ps.json': text,
		})
		expect(causesOf(judgeFiles(crictl(container(7, 60))))).toEqual({ 'pod-crashloop': 'likely' })
		expect(causesOf(judgeFiles(crictl(container(7, 5000))))).toEqual({})
		expect(causesOf(judgeFiles(crictl(container(1, 60))))).toEqual({})
	})
})
