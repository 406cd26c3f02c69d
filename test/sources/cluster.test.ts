import { describe, expect, it } from 'vitest'
import { cluster } from '../../src/sources/cluster.js'
import { bundleOf } from '../bundle-of.js'
import { fakeAsk } from './fake-ask.js'

function list(...items: unknown[]): string {
	return JSON.stringify({ apiVersion: 'v1', kind: 'List', items })
}

/** Evidence of lists by resource name. */
function read(lists: Record<string, string>, node = {}, files: Record<string, string> = {}) {
	const named = Object.entries(lists).map(([resource, text]) => [`api/${resource}.json`, text])
	return cluster.parse(bundleOf({ ...Object.fromEntries(named), ...files }, node))
}

function node(name: string, more: Record<string, unknown> = {}) {
	return {
		metadata: { name, annotations: { 'k3s.io/hostname': name }, creationTimestamp: '2026-11-21T04:24:19Z' },
		spec: { podCIDR: '10.42.0.0/24' },
		status: { conditions: [{ type: 'Ready', status: 'True', reason: 'KubeletReady' }] },
		...more,
	}
}

describe('nodes', () => {
	it('reads cordons, taints, conditions, addresses and versions', () => {
		const object = node('s1', {
			spec: {
				podCIDRs: ['10.42.0.0/24', '2001:db8::/64'],
				unschedulable: true,
				taints: [
					{ key: 'node.kubernetes.io/unreachable', effect: 'NoExecute', timeAdded: '2026-11-21T05:11:44Z' },
				],
			},
			status: {
				addresses: [{ address: '10.99.0.11', type: 'InternalIP' }],
				capacity: { cpu: '2', pods: 110 },
				conditions: [
					{
						type: 'Ready',
						status: 'Unknown',
						reason: 'NodeStatusUnknown',
						message: 'Kubelet stopped posting node status.',
						lastTransitionTime: '2026-11-21T05:11:44Z',
					},
				],
				nodeInfo: { kubeletVersion: 'v1.36.2+k3s1', architecture: 'amd64' },
			},
		})
		expect(read({ nodes: list(object) })?.nodes?.[0]).toMatchObject({
			unschedulable: true,
			taints: [
				{ key: 'node.kubernetes.io/unreachable', value: '', since: Date.parse('2026-11-21T05:11:44Z') },
			],
			conditions: [{ status: 'Unknown', reason: 'NodeStatusUnknown' }],
			addresses: [{ type: 'InternalIP', address: '10.99.0.11' }],
			podCidrs: ['10.42.0.0/24', '2001:db8::/64'],
			capacity: { cpu: '2', pods: '110' },
			kubeletVersion: 'v1.36.2+k3s1',
			arch: 'amd64',
		})
	})

	const config = 'files/etc/rancher/k3s/config.yaml'
	const unit = `# /etc/systemd/system/k3s.service
[Service]
ExecStart=/usr/local/bin/k3s \\
    server \\
	'--node-name' \\
	'from-unit' \\
`
	it.each([
		['its own name', 'edge1', {}],
		['what hostname says now', 'moved', { 'commands/hostname.txt': 'Moved\n' }],
		[
			'a configured name',
			'from-config',
			{ [config]: 'write-kubeconfig-mode: "0640"\nnode-name: From-Config # x\n' },
		],
		[
			'a drop-in',
			'from-drop-in',
			{ [config]: 'node-name: other\n', [`${config}.d/a.yaml`]: 'node-name: "from-drop-in"\n' },
		],
		[
			'the command line',
			'from-unit',
			{ [config]: 'node-name: from-config\n', 'commands/systemctl-cat.txt': unit },
		],
		[
			'the environment',
			'from-env',
			{ 'files/etc/systemd/system/k3s.service.env': "K3S_NODE_NAME='from-env'\n" },
		],
	])('finds the node of this host by %s', (_how, expected, files) => {
		const names = ['edge1', 'moved', 'from-config', 'from-drop-in', 'from-unit', 'from-env', 'z']
		const found = read({ nodes: list(...names.map(name => node(name))) }, { hostname: 'edge1' }, files)
		expect(found?.self?.name).toBe(expected)
	})

	it('finds it by its host name annotation, and by no resemblance', () => {
		const suffixed = node('s1-4f1d', {
			metadata: { name: 's1-4f1d', annotations: { 'k3s.io/hostname': 's1' } },
		})
		expect(read({ nodes: list(suffixed) }, { hostname: 's1' })?.self?.name).toBe('s1-4f1d')
		expect(read({ nodes: list(node('s1')) }, { hostname: 's10' })?.self).toBeUndefined()
	})
})

describe('pods', () => {
	const pod = {
		metadata: {
			name: 'cache-785f44d6d8-vbf5z',
			namespace: 'shop',
			deletionTimestamp: '2026-11-21T05:30:00Z',
			finalizers: ['example.org/keep'],
			ownerReferences: [{ kind: 'ReplicaSet', name: 'cache-785f44d6d8', controller: true }],
		},
		spec: {
			nodeName: 's1',
			initContainers: [{ name: 'wait', image: 'busybox' }],
			containers: [
				{
					name: 'cache',
					image: 'docker.io/library/shop:1.2.0',
					imagePullPolicy: 'IfNotPresent',
					ports: [{ containerPort: 80, hostPort: 8080 }, { containerPort: 81 }],
					resources: { limits: { memory: '8Mi' } },
				},
			],
			volumes: [
				{ name: 'conf', configMap: { name: 'coredns' } },
				{ name: 'data', persistentVolumeClaim: { claimName: 'orders' } },
				{ name: 'share', nfs: { server: '10.0.0.9', path: '/export' } },
				{
					name: 'all',
					projected: { sources: [{ configMap: { name: 'kube-root-ca.crt' } }, { secret: { name: 'x' } }] },
				},
			],
		},
		status: {
			phase: 'Running',
			initContainerStatuses: [
				{ name: 'wait', ready: true, state: { terminated: { exitCode: 0, reason: 'Completed' } } },
			],
			containerStatuses: [
				{
					name: 'cache',
					ready: false,
					restartCount: '2',
					state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 20s' } },
					lastState: {
						terminated: { exitCode: 137, reason: 'OOMKilled', finishedAt: '2026-11-21T05:29:00Z' },
					},
				},
			],
		},
	}

	it('joins what the spec wants with what became of it', () => {
		const found = read({ pods: list(pod) })?.pods?.[0]
		expect(found).toMatchObject({
			node: 's1',
			deletedAt: Date.parse('2026-11-21T05:30:00Z'),
			owner: { kind: 'ReplicaSet', name: 'cache-785f44d6d8' },
			finalizers: ['example.org/keep'],
			containers: [
				{ name: 'wait', init: true, ready: true, current: { state: 'terminated', exitCode: 0 } },
				{
					name: 'cache',
					init: false,
					restarts: 2,
					current: { state: 'waiting', reason: 'CrashLoopBackOff' },
					last: { state: 'terminated', exitCode: 137, reason: 'OOMKilled' },
					limits: { memory: '8Mi' },
					hostPorts: [8080],
				},
			],
		})
		expect(found?.volumes).toEqual([
			{ name: 'conf', kind: 'configMap', source: 'coredns' },
			{ name: 'data', kind: 'persistentVolumeClaim', source: 'orders' },
			{ name: 'share', kind: 'nfs', source: '10.0.0.9:/export' },
			{ name: 'all', kind: 'projected', source: 'configMap/kube-root-ca.crt,secret/x' },
		])
	})

	it('calls the state of a container unknown that was never started', () => {
		const found = read({ pods: list({ ...pod, status: { phase: 'Pending' } }) })?.pods?.[0]
		expect(found?.containers[1]).toMatchObject({ ready: false, restarts: 0, current: { state: 'unknown' } })
		expect(found?.containers[1]).not.toHaveProperty('last')
	})
})

describe('events', () => {
	it('reads both kinds, newest last', () => {
		const events = read({
			events: list(
				{
					metadata: { namespace: 'shop' },
					involvedObject: { kind: 'Pod', name: 'next-6bd6', namespace: 'shop' },
					reason: 'FailedScheduling',
					message: '0/1 nodes are available: 1 node(s) were unschedulable.',
					type: 'Warning',
					eventTime: '2026-11-21T05:00:02.123456Z',
					reportingComponent: 'default-scheduler',
					series: { count: 4, lastObservedTime: '2026-11-21T05:10:00.000000Z' },
				},
				{
					involvedObject: { kind: 'Node', name: 's1' },
					reason: 'Rebooted',
					type: 'Warning',
					count: 3,
					firstTimestamp: '2026-11-21T04:00:00Z',
					lastTimestamp: '2026-11-21T05:00:00Z',
					source: { component: 'kubelet', host: 's1' },
				},
			),
		})?.events
		expect(events).toMatchObject([
			{
				reason: 'Rebooted',
				count: 3,
				component: 'kubelet',
				host: 's1',
				lastAt: Date.parse('2026-11-21T05:00:00Z'),
			},
			{
				reason: 'FailedScheduling',
				count: 4,
				component: 'default-scheduler',
				lastAt: Date.parse('2026-11-21T05:10:00Z'),
			},
		])
	})

	it('reads 5,000 of them at once', () => {
		const event = { involvedObject: { kind: 'Pod', name: 'p' }, lastTimestamp: '2026-11-21T05:00:00Z' }
		const text = list(...Array.from({ length: 5000 }, (_, index) => ({ ...event, message: `m${index}` })))
		const began = performance.now()
		expect(read({ events: text })?.events).toHaveLength(5000)
		expect(performance.now() - began).toBeLessThan(1000)
	})
})

describe('services', () => {
	const service = {
		metadata: { name: 'web', namespace: 'shop' },
		spec: { type: 'LoadBalancer', ports: [{ port: 80, targetPort: 'http', nodePort: 30080 }] },
		status: { loadBalancer: { ingress: [{ ip: '10.99.0.11' }] } },
	}
	const slice = {
		metadata: { namespace: 'shop', labels: { 'kubernetes.io/service-name': 'web' } },
		endpoints: [
			{ addresses: ['10.42.0.4'], conditions: { ready: false } },
			{ addresses: ['10.42.0.5'], conditions: {} },
		],
	}

	it('knows their endpoints', () => {
		expect(read({ services: list(service), endpointslices: list(slice) })?.services?.[0]).toMatchObject({
			ports: [{ port: 80, targetPort: 'http', nodePort: 30080, protocol: 'TCP' }],
			externalAddresses: ['10.99.0.11'],
			endpoints: { ready: ['10.42.0.5'], notReady: ['10.42.0.4'] },
		})
	})

	it('says nothing of endpoints where slices were not answered', () => {
		expect(read({ services: list(service) })?.services?.[0]).not.toHaveProperty('endpoints')
		expect(read({ services: list(service), endpointslices: list() })?.services?.[0]?.endpoints).toEqual({
			ready: [],
			notReady: [],
		})
	})
})

describe('workloads, storage, extensions', () => {
	it('counts what is wanted and what is ready', () => {
		const found = read({
			deployments: list({ metadata: { name: 'd' }, spec: { replicas: 2 }, status: { readyReplicas: 1 } }),
			daemonsets: list({ metadata: { name: 's' }, status: { desiredNumberScheduled: 3, numberReady: 3 } }),
			jobs: list(
				{ metadata: { name: 'j' }, spec: { completions: 1 }, status: { failed: 4 } },
				{ metadata: { name: 'k' }, spec: { completions: 1, suspend: true } },
			),
		})?.workloads
		expect(
			found?.map(({ kind, name, wanted, ready, failed }) => [kind, name, wanted, ready, failed]),
		).toEqual([
			['Deployment', 'd', 2, 1, undefined],
			['DaemonSet', 's', 3, 3, undefined],
			['Job', 'j', 1, 0, 4],
			['Job', 'k', 0, 0, undefined],
		])
	})

	it('tells a claim without a class from one that wants none', () => {
		const claims = read({
			persistentvolumeclaims: list(
				{ metadata: { name: 'a' }, spec: { storageClassName: 'longhorn' }, status: { phase: 'Pending' } },
				{ metadata: { name: 'b' }, spec: { storageClassName: '' } },
				{ metadata: { name: 'c' }, spec: { resources: { requests: { storage: '1Gi' } } } },
			),
		})?.claims
		expect(claims?.map(({ storageClass, phase, requested }) => [storageClass, phase, requested])).toEqual([
			['longhorn', 'Pending', ''],
			['', '', ''],
			[undefined, '', '1Gi'],
		])
	})

	it('reads volumes and the default class', () => {
		const found = read({
			storageclasses: list({
				metadata: {
					name: 'local-path',
					annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' },
				},
				provisioner: 'rancher.io/local-path',
				volumeBindingMode: 'WaitForFirstConsumer',
			}),
			persistentvolumes: list({
				metadata: { name: 'pvc-3671' },
				spec: {
					claimRef: { namespace: 'shop', name: 'orders' },
					local: { path: '/var/lib/rancher/k3s/storage/pvc-3671_shop_orders' },
					nodeAffinity: {
						required: {
							nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/hostname', values: ['s1'] }] }],
						},
					},
				},
				status: { phase: 'Bound' },
			}),
		})
		expect(found?.storageClasses).toMatchObject([{ isDefault: true, bindingMode: 'WaitForFirstConsumer' }])
		expect(found?.volumes).toMatchObject([
			{ claim: { namespace: 'shop', name: 'orders' }, nodeAffinity: ['s1'], phase: 'Bound' },
		])
	})

	it('reads webhooks of both kinds', () => {
		const configuration = {
			metadata: { name: 'policy-guard' },
			webhooks: [
				{
					name: 'pods.policy-guard.example.org',
					clientConfig: { service: { name: 'guard', namespace: 'policy' } },
					rules: [{ resources: ['pods'] }, { resources: ['pods', 'services'] }],
				},
			],
		}
		expect(read({ validatingwebhookconfigurations: list(configuration) })?.webhooks).toEqual([
			{
				configuration: 'policy-guard',
				kind: 'validating',
				name: 'pods.policy-guard.example.org',
				failurePolicy: 'Fail',
				service: { namespace: 'policy', name: 'guard' },
				resources: ['pods', 'services'],
			},
		])
	})

	it('leaves out an aggregated API that nobody has judged yet', () => {
		const judged = {
			metadata: { name: 'v1beta1.metrics.k8s.io' },
			spec: { service: { namespace: 'kube-system', name: 'metrics-server' } },
			status: { conditions: [{ type: 'Available', status: 'False', reason: 'MissingEndpoints' }] },
		}
		expect(read({ apiservices: list(judged, { metadata: { name: 'v1.new' } }) })?.apiServices).toMatchObject([
			{ name: 'v1beta1.metrics.k8s.io', available: false, reason: 'MissingEndpoints' },
		])
	})

	it('reads charts, add-ons, namespaces, policies and definitions', () => {
		const found = read({
			helmcharts: list({
				metadata: { name: 'traefik', namespace: 'kube-system' },
				spec: { chart: 'traefik' },
				status: { jobName: 'helm-install-traefik', conditions: [{ type: 'Failed', status: 'True' }] },
			}),
			addons: list({
				metadata: { name: 'app' },
				spec: { source: '/var/lib/rancher/k3s/server/manifests/app.yaml' },
			}),
			namespaces: list({
				metadata: { name: 'old' },
				spec: { finalizers: ['kubernetes'] },
				status: { phase: 'Terminating' },
			}),
			networkpolicies: list({
				metadata: { name: 'deny' },
				spec: { podSelector: {}, policyTypes: ['Egress'] },
			}),
			customresourcedefinitions: list({ metadata: { name: 'addons.k3s.cattle.io' } }),
		})
		expect(found?.helmCharts).toMatchObject([
			{ targetNamespace: 'kube-system', jobName: 'helm-install-traefik' },
		])
		expect(found?.addons).toMatchObject([{ source: '/var/lib/rancher/k3s/server/manifests/app.yaml' }])
		expect(found?.namespaces).toMatchObject([{ phase: 'Terminating', finalizers: ['kubernetes'] }])
		expect(found?.networkPolicies).toMatchObject([{ types: ['Egress'], podSelector: {} }])
		expect(found?.crds).toEqual(['addons.k3s.cattle.io'])
	})
})

describe('answers that are none', () => {
	it('is absent without any list', () => {
		expect(cluster.parse(bundleOf({ 'api/version.json': '{}' }))).toBeUndefined()
	})

	it('tells an empty list from one that kubectl printed beside an error', () => {
		const file = 'api/pods.json'
		expect(cluster.parse(bundleOf({ [file]: list() }))?.pods).toEqual([])
		const failed = bundleOf({ [file]: list() }, {}, [
			{ file, exit: 1, stderr: 'Error from server (Forbidden): …' },
		])
		expect(cluster.parse(failed)).toBeUndefined()
	})

	const wrong: unknown[] = [null, 7, 'text', [], [[]], {}, { metadata: null, spec: [], status: 'x' }]
	const nested = {
		metadata: {
			name: {},
			labels: ['x'],
			annotations: { a: {} },
			ownerReferences: [null],
			creationTimestamp: 1e99,
		},
		spec: {
			containers: [null, 3, { name: 'c', ports: {}, resources: 'x' }],
			volumes: [null, 'v'],
			taints: [null, {}],
			replicas: 'many',
		},
		status: {
			conditions: [null, { type: 'Ready', status: true }],
			containerStatuses: { name: 'c' },
			loadBalancer: [],
		},
		webhooks: [null, { rules: [null, { resources: 'pods' }] }],
		involvedObject: [],
		series: null,
	}
	const resources = cluster.wants(bundleOf({}).node).map(({ file }) => file)

	it('survives fields of every wrong type in every list', () => {
		const text = list(
			...wrong,
			nested,
			JSON.parse('{"__proto__": {"polluted": 1}, "metadata": {"labels": {"__proto__": "x"}}}'),
		)
		const found = cluster.parse(bundleOf(Object.fromEntries(resources.map(file => [file, text]))))
		expect(found?.pods).toHaveLength(4)
		expect(found?.nodes?.[3]?.labels.constructor).toBeUndefined()
		expect({}).not.toHaveProperty('polluted')
	})

	it.each(['', 'null', '<html>', '{"items": 5}', '{"items', '[1]', '\0', `{"items":${'['.repeat(100_000)}`])(
		'takes %.20s for no answer',
		text => {
			expect(cluster.parse(bundleOf(Object.fromEntries(resources.map(file => [file, text]))))).toBeUndefined()
		},
	)
})

describe('asking', () => {
	const alive = { '/version': '{}' }

	it('asks a living server for every list, and never for secrets', async () => {
		const { ask, kube } = fakeAsk({ api: alive })
		await cluster.collect(ask)
		expect(kube).toContain('/api/v1/nodes')
		expect(kube).toContain('/apis/k3s.cattle.io/v1/addons')
		expect(kube).toContain('/apis/helm.cattle.io/v1/helmcharts')
		expect(kube.filter(path => /secrets|configmaps/.test(path))).toEqual([])
		expect(kube.length - 3).toBe(cluster.wants(ask.node).length)
	})

	it('asks a dead one nothing more', async () => {
		const { ask, kube } = fakeAsk({})
		await cluster.collect(ask)
		expect(kube.sort()).toEqual(['/livez?verbose', '/readyz?verbose', '/version'])
	})

	it("asks with an agent's credentials only for what they may read, under the certified name", async () => {
		const pem = `-----BEGIN CERTIFICATE-----
MIIBkTCCATegAwIBAgIIPZHSjtscz5MwCgYIKoZIzj0EAwIwIzEhMB8GA1UEAwwY
azNzLWNsaWVudC1jYUAxNzk1MjM1MDUyMB4XDTI2MTEyMTAzNTQyNVoXDTI3MTEy
MTAzNTQyNVowMDEVMBMGA1UEChMMc3lzdGVtOm5vZGVzMRcwFQYDVQQDEw5zeXN0
ZW06bm9kZTpzMTBZMBMGByqGSM49AgEGCCqGSM49AwEHA0IABKn516Ulq00/HN6I
sVILAmHpykmDbx0s8c14PyGsYK9T5bfDvj0ZI5h2ia0uOhaaWjkP7C2JGjSkZJ/T
2zWRB0ajSDBGMA4GA1UdDwEB/wQEAwIFoDATBgNVHSUEDDAKBggrBgEFBQcDAjAf
BgNVHSMEGDAWgBTt1TLc98obUNI+rLhI3PHwG/CV7DAKBggqhkjOPQQDAgNIADBF
AiAQdAnkXZ3gJHzW4AP+118D3kH7E2/QN4gU3S3WwUPAxAIhAJHkyogTjoA4f1fs
++D8wI++BDdG8uvZV+73XUTG9hK3
-----END CERTIFICATE-----
`
		const path = '/var/lib/rancher/k3s/agent/client-kubelet.crt'
		const agent = { hostname: 'renamed', role: 'agent' as const }
		const { ask, kube } = fakeAsk({ node: agent, api: alive, paths: { [path]: pem } })
		await cluster.collect(ask)
		expect(kube.slice(3)).toEqual([
			'/api/v1/nodes?fieldSelector=metadata.name%3Ds1',
			'/api/v1/pods?fieldSelector=spec.nodeName%3Ds1',
			'/api/v1/services',
		])
		const broken = fakeAsk({ node: agent, api: alive, paths: { [path]: 'no certificate' } })
		await cluster.collect(broken.ask)
		expect(broken.kube[3]).toBe('/api/v1/nodes?fieldSelector=metadata.name%3Drenamed')
	})

	it('misses on a server what matters, on an agent nothing', () => {
		const wants = cluster.wants(bundleOf({}).node)
		expect(wants.find(({ file }) => file === 'api/pods.json')).toEqual({
			file: 'api/pods.json',
			askFor: 'k3s kubectl get pods -A -o json',
			optional: false,
			after: {
				files: ['api/readyz.txt', 'api/livez.txt', 'api/version.json'],
				says: 'the Kubernetes API did not answer',
			},
		})
		const ofAgent = cluster.wants({ ...bundleOf({}).node, role: 'agent' })
		expect(ofAgent.every(want => want.optional)).toBe(true)
	})
})
