import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles, judgeRecording, rootsOf } from '../../judge.js'
import { ago, cluster, died, event, justBooted, list, node, pod } from '../cluster-text.js'
import { unitShow } from '../unit.js'

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

	it('is silent about restarts that a reboot made, and about ends that lie in the past', () => {
		const rebooted = pod({
			created: ago(90_000),
			containers: [{ restarts: 31, last: died(255, 590, 'Unknown') }],
		})
		const outlived = pod({ created: ago(90_000), containers: [{ restarts: 12, last: died(1, 4000) }] })
		expect(causesOf(judgeFiles(cluster({ pods: [rebooted, outlived] })))).toEqual({})
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

describe('pod-oomkilled', () => {
	it('fires on a container that is killed at its limit, before it is a loop', () => {
		const killed = pod({
			containers: [
				{
					restarts: 1,
					limits: { memory: '64Mi' },
					state: died(137, 5, 'OOMKilled'),
					last: died(137, 20, 'OOMKilled'),
				},
			],
		})
		const examination = judgeFiles(cluster({ pods: [killed] }))
		expect(causesOf(examination)).toEqual({ 'pod-oomkilled': 'certain' })
		expect(examination.report.diagnoses[0]?.findings[0]?.says).toContain('64Mi')
	})

	it('is silent about a kill that the container has outlived for long, and about other deaths by signal', () => {
		const outlived = pod({
			created: ago(90_000),
			containers: [{ restarts: 1, last: died(137, 7200, 'OOMKilled') }],
		})
		const stopped = pod({ containers: [{ restarts: 1, last: died(137, 300) }] })
		expect(causesOf(judgeFiles(cluster({ pods: [outlived, stopped] })))).toEqual({})
	})
})

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

describe('pod-config-missing', () => {
	const waiting = (message: string) =>
		pod({ containers: [{ state: { waiting: { reason: 'CreateContainerConfigError', message } } }] })
	const creating = pod({ containers: [{ state: { waiting: { reason: 'ContainerCreating' } } }] })

	it('fires on a missing ConfigMap, Secret or key', () => {
		for (const message of [
			'configmap "settings" not found',
			'secret "db" not found',
			"couldn't find key url in Secret shop/db",
		])
			expect(causesOf(judgeFiles(cluster({ pods: [waiting(message)] })))).toEqual({
				'pod-config-missing': 'certain',
			})
	})

	it('fires on a volume that cannot be filled, and not on a mount that fails', () => {
		const mount = event({
			reason: 'FailedMount',
			message: 'MountVolume.SetUp failed for volume "tls" : secret "web-tls" not found',
			count: 6,
		})
		expect(causesOf(judgeFiles(cluster({ pods: [creating], events: [mount] })))).toEqual({
			'pod-config-missing': 'certain',
		})
	})

	it('is silent about other faults in the settings of a container, and about what passed', () => {
		const root = waiting('container has runAsNonRoot and image will run as root')
		expect(causesOf(judgeFiles(cluster({ pods: [root] })))).toEqual({})
		const once = event({
			reason: 'FailedMount',
			message: 'MountVolume.SetUp failed for volume "c" : configmap "coredns" not found',
			count: 2,
			last: ago(3000),
		})
		expect(causesOf(judgeFiles(cluster({ pods: [creating], events: [once] })))).toEqual({})
		const sync = event({
			reason: 'FailedMount',
			message:
				'MountVolume.SetUp failed for volume "c" : failed to sync configmap cache: timed out waiting for the condition',
			count: 2,
		})
		expect(causesOf(judgeFiles(cluster({ pods: [creating], events: [sync] })))).toEqual({})
	})
})

describe('pod-probe-failing', () => {
	const running = (secondsAgo: number, more = {}) =>
		pod({ containers: [{ ready: false, state: { running: { startedAt: ago(secondsAgo) } }, ...more }] })
	const unhealthy = (message: string) => event({ reason: 'Unhealthy', message, count: 12, last: ago(5) })

	it('fires on a pod that runs and does not get ready, sooner where the check itself is wrong', () => {
		const refused = unhealthy(
			'Readiness probe failed: Get "http://10.42.0.9:8080/": dial tcp 10.42.0.9:8080: connect: connection refused',
		)
		expect(causesOf(judgeFiles(cluster({ pods: [running(300)], events: [refused] })))).toEqual({
			'pod-probe-failing': 'likely',
		})
		const path = unhealthy('Readiness probe failed: HTTP probe failed with statuscode: 404')
		expect(causesOf(judgeFiles(cluster({ pods: [running(30)], events: [path] })))).toEqual({
			'pod-probe-failing': 'likely',
		})
	})

	it('fires instead of a crash loop where the kubelet kills the container', () => {
		const killing = event({
			reason: 'Killing',
			message: 'Container main failed liveness probe, will be restarted',
			count: 3,
		})
		const pods = [running(10, { restarts: 3, last: died(137, 11) })]
		expect(causesOf(judgeFiles(cluster({ pods, events: [killing] })))).toEqual({
			'pod-probe-failing': 'likely',
		})
	})

	it('is silent about a program that is coming up', () => {
		const refused = unhealthy('Readiness probe failed: connect: connection refused')
		expect(causesOf(judgeFiles(cluster({ pods: [running(25)], events: [refused] })))).toEqual({})
		expect(causesOf(judgeFiles(cluster({ pods: [pod()], events: [refused] })))).toEqual({})
	})
})

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

describe('pods of a node that has only just booted', () => {
	it('are left alone', () => {
		const pods = [
			pod({
				created: ago(90_000),
				containers: [
					{
						restarts: 3,
						state: { waiting: { reason: 'ContainerCreating' } },
						last: died(255, 30, 'Unknown'),
					},
				],
			}),
			pod({
				name: 'b',
				created: ago(90_000),
				containers: [
					{
						restarts: 1,
						ready: false,
						state: { running: { startedAt: ago(5) } },
						last: died(255, 30, 'Unknown'),
					},
				],
			}),
		]
		const events = [
			event({
				reason: 'FailedCreatePodSandBox',
				message:
					'Failed to create pod sandbox: rpc error: plugin type="flannel" failed (add): failed to load flannel \'subnet.env\' file',
			}),
		]
		expect(causesOf(judgeFiles(cluster({ pods, events })))).not.toHaveProperty('pod-crashloop')
		expect(
			rootsOf(judgeFiles({ ...cluster({ pods, events }), 'commands/systemctl-show.txt': unitShow() })),
		).toEqual([])
	})

	it('may be listed by an API that has nothing else to say', () => {
		expect(
			causesOf(
				judgeFiles({
					'api/pods.json': list(pod({ containers: [] })),
					'commands/systemctl-show.txt': unitShow(),
				}),
			),
		).toEqual({})
	})
})
