import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles, judgeRecording, rootsOf } from '../../judge.js'
import { ago, cluster, died, event, justBooted, klog, lately, pod } from '../cluster-text.js'

describe('helm-job-failed', () => {
	const chart = (name: string, failed = false, source = 'https://charts.corp.example/grafana.tgz') => ({
		metadata: { namespace: 'kube-system', name, creationTimestamp: ago(400) },
		spec: { chart: source },
		status: {
			jobName: `helm-install-${name}`,
			conditions: [{ type: 'Failed', status: failed ? 'True' : 'False', reason: 'x', message: 'job failed' }],
		},
	})
	const job = (state: Record<string, unknown>, more = {}) =>
		pod({
			namespace: 'kube-system',
			name: 'helm-install-grafana-x1',
			labels: { 'helmcharts.helm.cattle.io/chart': 'grafana' },
			containers: [{ name: 'helm', image: 'rancher/klipper-helm:v0.9.8', state, ...more }],
		})

	it('fires on a helm that fails again and again, with its words', () => {
		const log = {
			'files/var/log/pods/kube-system_helm-install-grafana-x1_uid-helm-install-grafana-x1/helm/4.log': `${ago(31)} stdout F + helm_v3 install\n${ago(30)} stderr F Error: INSTALLATION FAILED: failed to download "https://charts.corp.example/grafana.tgz"\n`,
		}
		const files = cluster(
			{
				helmcharts: [chart('grafana')],
				pods: [
					job({ waiting: { reason: 'CrashLoopBackOff', message: 'x' } }, { restarts: 4, last: died(1, 30) }),
				],
			},
			log,
		)
		const examination = judgeFiles(files)
		expect(causesOf(examination)).toEqual({ 'helm-job-failed': 'certain' })
		const [diagnosis] = examination.report.diagnoses
		expect(diagnosis?.findings.some(({ says }) => says.includes('INSTALLATION FAILED'))).toBe(true)
		expect(diagnosis?.remedies[1]?.steps).toEqual([
			{ kube: { delete: { kind: 'job', namespace: 'kube-system', name: 'helm-install-grafana' } } },
		])
	})

	it('fires on a chart that helm-controller gave up', () => {
		expect(causesOf(judgeFiles(cluster({ helmcharts: [chart('grafana', true)] })))).toEqual({
			'helm-job-failed': 'certain',
		})
	})

	it('is silent about jobs that are done, and about one that has only begun', () => {
		const done = pod({
			namespace: 'kube-system',
			name: 'helm-install-traefik-a',
			phase: 'Succeeded',
			containers: [{ restarts: 1, state: died(0, 60, 'Completed'), last: died(1, 90) }],
		})
		const begun = job({ waiting: { reason: 'ContainerCreating' } })
		expect(causesOf(judgeFiles(cluster({ helmcharts: [chart('traefik')], pods: [done, begun] })))).toEqual({})
	})

	it('sees past the names of the recording', async () => {
		const rename = (text: string) =>
			text.replaceAll('grafana', 'loki-stack').replaceAll('klipper-helm:latest', 'klipper-helm:v0.11.1')
		const examination = await judgeRecording('helm-no-image', {
			'api/pods.json': rename,
			'api/events.json': rename,
			'api/helmcharts.json': rename,
			'api/jobs.json': rename,
			'journal/k3s.log': rename,
		})
		expect(rootsOf(examination)).toEqual(['helm-job-failed'])
	})
})

describe('manifest-deploy-failed', () => {
	const path = '/srv/k3s/server/manifests/site.yml'
	const failed = (reason: string, why: string, more = {}) =>
		event({
			kind: 'Addon',
			namespace: 'kube-system',
			name: 'site',
			reason,
			message: `${reason.replace(/Manifest.*/, '')} manifest at "${path}" failed: ${why}`,
			count: 7,
			...more,
		})

	it('fires on a file that does not parse, and shows its line', () => {
		const files = cluster(
			{ events: [failed('ParseManifestFailed', 'yaml: line 3: did not find expected key')] },
			{ [`files${path}`]: 'a: 1\nb: 2\n  c: oops\n' },
		)
		const examination = judgeFiles(files, { dataDir: '/srv/k3s' })
		expect(causesOf(examination)).toEqual({ 'manifest-deploy-failed': 'certain' })
		const [diagnosis] = examination.report.diagnoses
		expect(diagnosis?.findings.map(({ quote }) => quote?.text)).toContain('  c: oops')
		expect(diagnosis?.remedies[1]?.steps).toEqual([{ move: path, to: `${path}.off` }])
	})

	it('fires on a file that the API server refuses', () => {
		const files = cluster({ events: [failed('ApplyManifestFailed', 'namespaces "web" not found')] })
		expect(causesOf(judgeFiles(files))).toEqual({ 'manifest-deploy-failed': 'certain' })
	})

	it('is told by the journal where events were not answered', () => {
		const line = `time="x" level=error msg="Failed to process config: failed to process ${path}: yaml: line 9: mapping values are not allowed in this context"`
		const { 'api/events.json': _events, ...files } = cluster({}, {}, [[lately, 'k3s', line]])
		expect(causesOf(judgeFiles(files))).toEqual({ 'manifest-deploy-failed': 'likely' })
	})

	it('is silent once the file was applied, and about writers that met', () => {
		const mended = [
			failed('ParseManifestFailed', 'yaml: line 3: x', { last: ago(200) }),
			event({
				kind: 'Addon',
				namespace: 'kube-system',
				name: 'site',
				reason: 'AppliedManifest',
				message: `Applied manifest at "${path}"`,
				last: ago(100),
			}),
		]
		expect(causesOf(judgeFiles(cluster({ events: mended })))).toEqual({})
		const race = failed(
			'ApplyManifestFailed',
			'Operation cannot be fulfilled on deployments.apps "x": the object has been modified; please apply your changes to the latest version and try again',
		)
		expect(causesOf(judgeFiles(cluster({ events: [race] })))).toEqual({})
	})
})

const deployment = (name: string, wanted = 1, ready = 0) => ({
	metadata: { namespace: 'kube-system', name, creationTimestamp: ago(500) },
	spec: { replicas: wanted, template: { spec: { containers: [{ image: name }] } } },
	status: { readyReplicas: ready },
})

describe('traefik-down', () => {
	const sick = pod({
		namespace: 'kube-system',
		name: 'traefik-6c-x',
		containers: [
			{
				restarts: 5,
				state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off' } },
				last: died(1, 40),
			},
		],
	})

	it('fires when its pod goes round in circles', () => {
		expect(rootsOf(judgeFiles(cluster({ deployments: [deployment('traefik')], pods: [sick] })))).toEqual([
			'traefik-down',
		])
	})

	it('folds under the job that should install it', () => {
		const charts = ['traefik', 'traefik-crd'].map(name => ({
			metadata: { namespace: 'kube-system', name, creationTimestamp: ago(500) },
			spec: { chart: `https://%{KUBERNETES_API}%/static/charts/${name}-1.tgz` },
			status: { conditions: [{ type: 'Failed', status: 'True', reason: 'x', message: 'y' }] },
		}))
		const examination = judgeFiles(
			cluster({ deployments: [deployment('coredns', 1, 1)], helmcharts: charts }),
		)
		expect(rootsOf(examination)).toEqual(['helm-job-failed'])
		expect(causesOf(examination)).toHaveProperty('traefik-down')
	})

	it('is silent where it is disabled, ready, or on its way', () => {
		const off = { 'files/etc/rancher/k3s/config.yaml': 'disable: [traefik]\n' }
		expect(causesOf(judgeFiles(cluster({ deployments: [deployment('traefik')] }, off)))).not.toHaveProperty(
			'traefik-down',
		)
		expect(causesOf(judgeFiles(cluster({ deployments: [deployment('traefik', 1, 1)] })))).toEqual({})
		const young = pod({
			namespace: 'kube-system',
			name: 'traefik-6c-x',
			containers: [{ state: { waiting: { reason: 'ContainerCreating' } } }],
		})
		const booting = {
			...cluster({ deployments: [deployment('traefik')], pods: [young] }),
			...justBooted,
		}
		expect(causesOf(judgeFiles(booting))).toEqual({})
	})
})

describe('traefik-version-migration', () => {
	const log = (text: string) => ({
		'files/var/log/pods/kube-system_traefik-6c-x_u/traefik/0.log': `${ago(60)} stderr F ${text}\n`,
		'commands/k3s-version.txt': 'k3s version v1.33.4+k3s1 (a)\n',
	})

	it('fires when Traefik 3 does not understand a rule of Traefik 2', () => {
		const files = cluster(
			{},
			log(
				'ERR error="error while parsing rule HostRegexp(`{a:.+}.corp`): unsupported function" routerName=x',
			),
		)
		expect(causesOf(judgeFiles(files))).toEqual({ 'traefik-version-migration': 'likely' })
	})

	it('is silent about other words of Traefik, and on a k3s that brings Traefik 2', () => {
		expect(causesOf(judgeFiles(cluster({}, log('ERR Skipping service: no endpoints found'))))).toEqual({})
		const old: Record<string, string> = {
			...cluster({}, log('error while parsing rule')),
			'commands/k3s-version.txt': 'k3s version v1.30.1+k3s1 (a)\n',
		}
		old['journal/k3s.log'] = (old['journal/k3s.log'] ?? '').replaceAll('v1.33.4', 'v1.30.1')
		expect(causesOf(judgeFiles(old))).not.toHaveProperty('traefik-version-migration')
	})
})

describe('servicelb-port-conflict', () => {
	const service = (name: string, port: number, address?: string) => ({
		metadata: { namespace: 'shop', name },
		spec: { type: 'LoadBalancer', ports: [{ port, protocol: 'TCP' }] },
		status: { loadBalancer: address ? { ingress: [{ ip: address }] } : {} },
	})

	it('fires when the pod of a load balancer finds no free port', () => {
		const svclb = pod({
			namespace: 'kube-system',
			name: 'svclb-web-1234-x',
			on: '',
			unschedulable:
				"0/1 nodes are available: 1 node(s) didn't have free ports for the requested pod ports. preemption: none",
		})
		const files = cluster({
			pods: [svclb],
			services: [service('web', 443), service('other', 443, '10.0.0.1')],
		})
		const examination = judgeFiles(files)
		expect(rootsOf(examination)).toEqual(['servicelb-port-conflict'])
		expect(examination.report.diagnoses[0]?.findings).toHaveLength(2)
	})

	it('is silent about services that share a port on another load balancer', () => {
		expect(
			causesOf(
				judgeFiles(cluster({ services: [service('a', 443, '10.0.0.1'), service('b', 443, '10.0.0.2')] })),
			),
		).toEqual({})
	})
})

const metrics = (since: string, reason = 'MissingEndpoints') => ({
	metadata: { name: 'v1beta1.metrics.k8s.io' },
	spec: { service: { namespace: 'kube-system', name: 'metrics-server' } },
	status: {
		conditions: [{ type: 'Available', status: 'False', reason, message: 'x', lastTransitionTime: since }],
	},
})

describe('metrics-server-down', () => {
	it('fires when it has been away for minutes, and when it was switched off', () => {
		const away = cluster({ apiservices: [metrics(ago(400))], deployments: [deployment('metrics-server')] })
		expect(causesOf(judgeFiles(away))).toEqual({ 'metrics-server-down': 'likely' })
		const off = cluster({ apiservices: [metrics(ago(30))], deployments: [deployment('metrics-server', 0)] })
		expect(causesOf(judgeFiles(off))).toEqual({ 'metrics-server-down': 'likely' })
	})

	it('is silent while it comes up', () => {
		const starting = pod({
			namespace: 'kube-system',
			name: 'metrics-server-7-x',
			containers: [{ ready: false, state: { running: { startedAt: ago(8) } } }],
		})
		const files = {
			...cluster({
				apiservices: [metrics(ago(30))],
				deployments: [deployment('metrics-server')],
				pods: [starting],
			}),
			...justBooted,
		}
		expect(causesOf(judgeFiles(files))).toEqual({})
	})

	it('folds under the image that is missing', async () => {
		const examination = await judgeRecording('images-missing', {
			'commands/date.txt': '2026-11-21T05:26:05,1+00:00\n',
			'api/events.json': text => text.replaceAll('2026-11-21T05:21', '2026-11-21T05:25'),
		})
		expect(rootsOf(examination)[0]).toBe('airgap-images-missing')
		expect(rootsOf(examination)).not.toContain('metrics-server-down')
	})
})

describe('webhook-blocks', () => {
	const hook = (more: Record<string, unknown> = {}) => ({
		metadata: { name: 'gate' },
		webhooks: [
			{
				name: 'gate.corp.example',
				failurePolicy: 'Fail',
				clientConfig: { service: { namespace: 'gate', name: 'gate' } },
				rules: [{ resources: ['deployments'] }],
				...more,
			},
		],
	})
	const gate = {
		metadata: { namespace: 'gate', name: 'gate' },
		spec: { selector: { app: 'gate' }, ports: [] },
	}
	const slice = (ready: boolean) => ({
		metadata: { namespace: 'gate', labels: { 'kubernetes.io/service-name': 'gate' } },
		endpoints: [{ addresses: ['10.42.0.9'], conditions: { ready } }],
	})
	const refused = event({
		kind: 'ReplicaSet',
		name: 'web-5',
		reason: 'FailedCreate',
		message:
			'Error creating: Internal error occurred: failed calling webhook "gate.corp.example": failed to call webhook: Post "https://gate.gate.svc:443/x?timeout=10s": no endpoints available for service "gate"',
		count: 9,
	})

	it('fires when its service is gone, and deletes it only after the node’s name was typed', () => {
		const examination = judgeFiles(
			cluster({
				mutatingwebhookconfigurations: [hook()],
				validatingwebhookconfigurations: [],
				services: [],
				events: [refused],
			}),
		)
		expect(causesOf(examination)).toEqual({ 'webhook-blocks': 'certain' })
		expect(examination.report.diagnoses[0]?.remedies[1]).toMatchObject({
			risk: 'destructive',
			steps: [{ kube: { delete: { kind: 'mutatingwebhookconfiguration', name: 'gate' } } }],
		})
	})

	it('fires when no pod stands behind it', () => {
		const files = cluster({
			validatingwebhookconfigurations: [hook()],
			services: [gate],
			endpointslices: [],
			events: [refused],
		})
		expect(causesOf(judgeFiles(files))).toEqual({ 'webhook-blocks': 'certain' })
	})

	it('is told by the API server’s log too', () => {
		const line = klog(
			'failed calling webhook "gate.corp.example": failed to call webhook: Post "https://gate.gate.svc:443/x?timeout=10s": context deadline exceeded',
		)
		const files = cluster({}, {}, [
			[lately - 9, 'k3s', line],
			[lately - 5, 'k3s', line],
			[lately, 'k3s', line],
		])
		expect(causesOf(judgeFiles(files))).toEqual({ 'webhook-blocks': 'likely' })
	})

	it('is silent about webhooks that answer, that may fail, or whose pod is coming up', () => {
		const well = { services: [gate], endpointslices: [slice(true)] }
		expect(causesOf(judgeFiles(cluster({ validatingwebhookconfigurations: [hook()], ...well })))).toEqual({})
		expect(
			causesOf(
				judgeFiles(
					cluster({ validatingwebhookconfigurations: [hook({ failurePolicy: 'Ignore' })], services: [] }),
				),
			),
		).toEqual({})
		const young = {
			...cluster({
				validatingwebhookconfigurations: [hook()],
				services: [gate],
				endpointslices: [slice(false)],
				pods: [
					pod({
						namespace: 'gate',
						name: 'gate-1',
						labels: { app: 'gate' },
						containers: [{ ready: false, state: { running: { startedAt: ago(5) } } }],
					}),
				],
			}),
			...justBooted,
		}
		expect(causesOf(judgeFiles(young))).toEqual({})
	})
})

describe('apiservice-unavailable', () => {
	const api = (reason: string, since: string, name = 'v1beta1.external.metrics.k8s.io') => ({
		metadata: { name },
		spec: { service: { namespace: 'keda', name: 'keda-metrics' } },
		status: {
			conditions: [
				{
					type: 'Available',
					status: 'False',
					reason,
					message: `service/keda-metrics in "keda": ${reason}`,
					lastTransitionTime: since,
				},
			],
		},
	})
	const keda = { metadata: { namespace: 'keda', name: 'keda-metrics' }, spec: { selector: { app: 'keda' } } }

	it('fires when the service is not there, and when no pod serves it', () => {
		expect(
			causesOf(judgeFiles(cluster({ apiservices: [api('ServiceNotFound', ago(10))], services: [] }))),
		).toEqual({ 'apiservice-unavailable': 'certain' })
		expect(
			causesOf(judgeFiles(cluster({ apiservices: [api('MissingEndpoints', ago(40))], services: [keda] }))),
		).toEqual({ 'apiservice-unavailable': 'certain' })
	})

	it('has a namespace that cannot go away fold under it', () => {
		const old = {
			metadata: { name: 'old', deletionTimestamp: ago(600) },
			status: {
				phase: 'Terminating',
				conditions: [
					{
						type: 'NamespaceDeletionDiscoveryFailure',
						status: 'True',
						reason: 'x',
						message: 'Discovery failed for some groups',
						lastTransitionTime: ago(590),
					},
				],
			},
		}
		expect(
			rootsOf(
				judgeFiles(
					cluster({
						apiservices: [api('FailedDiscoveryCheck', ago(900))],
						services: [keda],
						namespaces: [old],
					}),
				),
			),
		).toEqual(['apiservice-unavailable'])
	})

	it('is silent while its pod starts, and about the metrics of k3s', () => {
		const starting = {
			...cluster({
				apiservices: [api('MissingEndpoints', ago(40))],
				services: [keda],
				pods: [
					pod({
						namespace: 'keda',
						name: 'keda-1',
						labels: { app: 'keda' },
						containers: [{ ready: false, state: { running: { startedAt: ago(4) } } }],
					}),
				],
			}),
		}
		expect(causesOf(judgeFiles(starting))).toEqual({})
		expect(causesOf(judgeFiles(cluster({ apiservices: [metrics(ago(400))] })))).not.toHaveProperty(
			'apiservice-unavailable',
		)
	})
})
