/** What may stand in the API of a cluster in which this node is well. */
import type { HealthyFiles, Item, Oddity } from '../node.js'
import { eventOf, podOf } from './parts.js'

const addPod = (...wish: Parameters<typeof podOf>) => wish[0].add('pods', podOf(...wish))

/** As an event names a pod. */
const podOfShop = (name: string) => ({ kind: 'Pod', namespace: 'shop', name })

const members = ['ha-healthy'] as const

const waiting = (reason: string, message: string) => ({ waiting: { reason, message } })

/** The state of the only container. */
function container(node: HealthyFiles, more: Record<string, unknown>) {
	return {
		containerStatuses: [
			{
				name: 'main',
				image: 'shop/api:3',
				ready: true,
				restartCount: 0,
				state: { running: { startedAt: node.ago(9000) } },
				lastState: {},
				...more,
			},
		],
	}
}

const ended = (node: HealthyFiles, secondsAgo: number, exitCode: number, reason: string) => ({
	terminated: { exitCode, reason, startedAt: node.ago(secondsAgo + 60), finishedAt: node.ago(secondsAgo) },
})

/** A node of the cluster that is not this one. */
function otherNode(node: HealthyFiles, name: string, more: Record<string, unknown> = {}): void {
	node.items('nodes', items => {
		const own = items[0]
		if (!own) return items
		const copy = JSON.parse(
			JSON.stringify(own).replaceAll(`"${String(own.metadata.name)}"`, `"${name}"`),
		) as Item
		const status = copy.status as {
			conditions: { type: string; status: string; reason: string; lastTransitionTime: string }[]
			addresses: { address: string }[]
		}
		for (const condition of status.conditions)
			if (condition.type === 'Ready') condition.lastTransitionTime = node.ago(7200)
		for (const address of status.addresses) if (/^\d/.test(address.address)) address.address = '10.99.0.60'
		copy.metadata.annotations = { 'k3s.io/hostname': name, 'k3s.io/internal-ip': '10.99.0.60' }
		copy.metadata.labels = { 'kubernetes.io/hostname': name }
		copy.spec = {
			...copy.spec,
			podCIDR: '10.42.9.0/24',
			podCIDRs: ['10.42.9.0/24'],
			providerID: `k3s://${name}`,
			...more,
		}
		return [...items, copy]
	})
	// Flannel leads to its pods.
	node.change('commands/ip-route.json', text =>
		JSON.stringify([
			...(JSON.parse(text) as unknown[]),
			{ dst: '10.42.9.0/24', gateway: '10.42.9.0', dev: 'flannel.1', flags: ['onlink'] },
		]),
	)
}

export const cluster: readonly Oddity[] = [
	{
		name: 'a job that is done, and its pod',
		change: node => {
			addPod(node, 'migrate-7x2k', node.host, {
				phase: 'Succeeded',
				conditions: [{ type: 'Ready', status: 'False', reason: 'PodCompleted' }],
				...container(node, { ready: false, state: ended(node, 4000, 0, 'Completed') }),
			})
			node.add('jobs', {
				metadata: { namespace: 'shop', name: 'migrate', creationTimestamp: node.ago(5000) },
				spec: { completions: 1 },
				status: { succeeded: 1, conditions: [{ type: 'Complete', status: 'True' }] },
			})
		},
	},
	{
		name: 'a job that failed weeks ago',
		change: node =>
			addPod(
				node,
				'report-29001',
				node.host,
				{
					phase: 'Failed',
					...container(node, { ready: false, state: ended(node, 1_900_000, 1, 'Error') }),
				},
				{},
				{ ownerReferences: [{ kind: 'Job', name: 'report-29001' }] },
			),
	},
	{
		name: 'a pod that was evicted last month',
		change: node =>
			addPod(
				node,
				'api-old',
				node.host,
				{
					phase: 'Failed',
					reason: 'Evicted',
					message: 'The node was low on resource: ephemeral-storage.',
					startTime: node.ago(2_600_000),
					containerStatuses: [],
				},
				{},
				{ creationTimestamp: node.ago(2_700_000) },
			),
	},
	{
		name: 'a pod of another node that crashes',
		on: members,
		change: node => {
			addPod(node, 'cart-1', 'h3', {
				phase: 'Running',
				conditions: [{ type: 'Ready', status: 'False' }],
				...container(node, {
					ready: false,
					restartCount: 40,
					state: waiting('CrashLoopBackOff', 'back-off 5m0s'),
					lastState: ended(node, 90, 1, 'Error'),
				}),
			})
			node.add(
				'events',
				eventOf(node, podOfShop('cart-1'), 'BackOff', 'Back-off restarting failed container main', 40, 200),
			)
		},
	},
	{
		name: 'a pod of another node without its image',
		on: members,
		change: node =>
			addPod(node, 'cart-2', 'h1', {
				phase: 'Pending',
				...container(node, {
					ready: false,
					state: waiting('ImagePullBackOff', 'Back-off pulling image "shop/cart:9"'),
				}),
			}),
	},
	{
		name: 'another node that is cordoned',
		on: ['healthy-server', 'ha-healthy'],
		change: node =>
			otherNode(node, 'edge-9', {
				unschedulable: true,
				taints: [{ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }],
			}),
	},
	{
		name: 'another node for special work',
		on: ['healthy-server', 'ha-healthy'],
		change: node =>
			otherNode(node, 'gpu-1', {
				taints: [{ key: 'nvidia.com/gpu', value: 'yes', effect: 'NoExecute' }],
			}),
	},
	{
		name: 'a taint that only advises',
		change: node =>
			node.items('nodes', items =>
				items.map(item => ({
					...item,
					spec: { ...item.spec, taints: [{ key: 'spot', value: 'true', effect: 'PreferNoSchedule' }] },
				})),
			),
	},
	{
		name: 'restarts of long ago',
		change: node =>
			addPod(
				node,
				'api-7',
				node.host,
				container(node, { restartCount: 31, lastState: ended(node, 400_000, 2, 'Error') }),
			),
	},
	{
		name: 'a container that was killed at its limit, last week',
		change: node =>
			addPod(
				node,
				'api-8',
				node.host,
				container(node, { restartCount: 1, lastState: ended(node, 600_000, 137, 'OOMKilled') }),
			),
	},
	{
		name: 'warnings about pods that are gone',
		change: node =>
			node.add(
				'events',
				eventOf(
					node,
					podOfShop('web-old'),
					'FailedScheduling',
					'0/1 nodes are available: 1 Insufficient cpu.',
					3000,
					4,
				),
				eventOf(node, podOfShop('web-old'), 'BackOff', 'Back-off restarting failed container', 2800, 9),
				eventOf(
					node,
					podOfShop('web-old'),
					'FailedMount',
					'MountVolume.SetUp failed for volume "conf" : configmap "x" not found',
					3100,
					3,
				),
			),
	},
	{
		name: 'a pod that was not ready for a moment',
		change: node =>
			node.add(
				'events',
				eventOf(
					node,
					podOfShop('api-7'),
					'Unhealthy',
					'Readiness probe failed: HTTP probe failed with statuscode: 503',
					1300,
					2,
				),
			),
	},
	{
		name: 'an image that came at the second try',
		change: node => {
			addPod(node, 'late-1', node.host)
			node.add(
				'events',
				eventOf(
					node,
					podOfShop('late-1'),
					'Failed',
					'Failed to pull image "shop/late:1": failed to resolve reference: dial tcp 3.9.1.1:443: i/o timeout',
					1900,
					1,
				),
				eventOf(
					node,
					podOfShop('late-1'),
					'Pulled',
					'Successfully pulled image "shop/late:1" in 4s',
					1880,
					1,
					'Normal',
				),
			)
		},
	},
	{
		name: 'a claim that waits for its first pod',
		change: node => {
			node.add('persistentvolumeclaims', {
				metadata: { namespace: 'shop', name: 'spare', creationTimestamp: node.ago(90_000) },
				spec: {
					storageClassName: 'local-path',
					accessModes: ['ReadWriteOnce'],
					resources: { requests: { storage: '1Gi' } },
				},
				status: { phase: 'Pending' },
			})
			node.add(
				'events',
				eventOf(
					node,
					{ kind: 'PersistentVolumeClaim', namespace: 'shop', name: 'spare' },
					'WaitForFirstConsumer',
					'waiting for first consumer to be created before binding',
					10,
					5000,
					'Normal',
				),
			)
		},
	},
	{
		name: 'a volume that is kept after its claim',
		change: node =>
			node.add('persistentvolumes', {
				metadata: { name: 'pvc-old', creationTimestamp: node.ago(900_000) },
				spec: {
					storageClassName: 'local-path',
					persistentVolumeReclaimPolicy: 'Retain',
					claimRef: { namespace: 'shop', name: 'gone' },
					hostPath: { path: '/srv/x' },
				},
				status: { phase: 'Released' },
			}),
	},
	{
		name: 'a deployment that is scaled to nothing',
		change: node =>
			node.add('deployments', {
				metadata: { namespace: 'shop', name: 'spare', creationTimestamp: node.ago(90_000) },
				spec: { replicas: 0, template: { spec: { containers: [{ image: 'shop/spare:1' }] } } },
				status: {},
			}),
	},
	{
		name: 'a webhook that may fail, and is gone',
		change: node =>
			node.add('validatingwebhookconfigurations', {
				metadata: { name: 'advice', creationTimestamp: node.ago(90_000) },
				webhooks: [
					{
						name: 'advice.corp.example',
						failurePolicy: 'Ignore',
						clientConfig: { service: { namespace: 'gone', name: 'advice' } },
						rules: [{ resources: ['pods'] }],
					},
				],
			}),
	},
	{
		name: 'a webhook outside of the cluster',
		change: node =>
			node.add('mutatingwebhookconfigurations', {
				metadata: { name: 'outside', creationTimestamp: node.ago(90_000) },
				webhooks: [
					{
						name: 'tag.corp.example',
						failurePolicy: 'Fail',
						clientConfig: { url: 'https://hooks.corp.example/tag' },
						rules: [{ resources: ['configmaps'] }],
					},
				],
			}),
	},
	{
		name: 'a policy for an application',
		change: node =>
			node.add('networkpolicies', {
				metadata: { namespace: 'shop', name: 'only-web', creationTimestamp: node.ago(90_000) },
				spec: { podSelector: { matchLabels: { app: 'db' } }, policyTypes: ['Ingress'], ingress: [{}] },
			}),
	},
	{
		name: 'services without pods of their own',
		change: node =>
			node.add(
				'services',
				{
					metadata: { namespace: 'shop', name: 'outside', creationTimestamp: node.ago(90_000) },
					spec: { type: 'ExternalName', externalName: 'db.corp.example' },
					status: {},
				},
				{
					metadata: { namespace: 'shop', name: 'headless', creationTimestamp: node.ago(90_000) },
					spec: { type: 'ClusterIP', clusterIP: 'None', selector: { app: 'none' }, ports: [{ port: 80 }] },
					status: {},
				},
			),
	},
	{
		name: 'a namespace that is just being deleted',
		change: node =>
			node.add('namespaces', {
				metadata: { name: 'preview-12', creationTimestamp: node.ago(9000), deletionTimestamp: node.ago(4) },
				spec: { finalizers: ['kubernetes'] },
				status: { phase: 'Terminating' },
			}),
	},
	{
		name: 'a pod that is just being deleted',
		change: node =>
			addPod(
				node,
				'web-9',
				node.host,
				{},
				{},
				{ deletionTimestamp: node.ago(-20), deletionGracePeriodSeconds: 30 },
			),
	},
	{
		name: 'a pod that begins just now',
		change: node =>
			addPod(
				node,
				'web-10',
				node.host,
				{
					phase: 'Pending',
					conditions: [{ type: 'Ready', status: 'False' }],
					...container(node, { ready: false, state: waiting('ContainerCreating', '') }),
				},
				{},
				{ creationTimestamp: node.ago(4) },
			),
	},
	{
		name: 'helm jobs that are done',
		change: node => {
			addPod(
				node,
				'helm-install-grafana-abc',
				node.host,
				{
					phase: 'Succeeded',
					...container(node, {
						ready: false,
						restartCount: 1,
						state: ended(node, 80_000, 0, 'Completed'),
						lastState: ended(node, 80_100, 1, 'Error'),
					}),
				},
				{},
				{ namespace: 'kube-system', labels: { 'helmcharts.helm.cattle.io/chart': 'grafana' } },
			)
			node.add('helmcharts', {
				metadata: { namespace: 'kube-system', name: 'grafana', creationTimestamp: node.ago(90_000) },
				spec: { chart: 'grafana' },
				status: { jobName: 'helm-install-grafana', conditions: [{ type: 'Failed', status: 'False' }] },
			})
		},
	},
	{
		name: 'many kinds of objects',
		change: node =>
			node.add(
				'customresourcedefinitions',
				...['certificates.cert-manager.io', 'ingressroutes.traefik.io', 'volumes.longhorn.io'].map(name => ({
					metadata: { name, creationTimestamp: node.ago(90_000) },
					spec: {},
					status: {},
				})),
			),
	},
	{
		name: 'a request for a certificate that nobody has answered',
		change: node =>
			node.add('certificatesigningrequests', {
				metadata: { name: 'csr-x1', creationTimestamp: node.ago(90_000) },
				spec: { signerName: 'corp.example/signer' },
				status: {},
			}),
	},
	{
		name: 'warnings of many kinds, an hour ago',
		change: node =>
			node.add(
				'events',
				eventOf(
					node,
					{ kind: 'Node', name: node.host },
					'NodeNotReady',
					`Node ${node.host} status is now: NodeNotReady`,
					3500,
				),
				eventOf(
					node,
					{ kind: 'Node', name: node.host },
					'Rebooted',
					`Node ${node.host} has been rebooted, boot id: 77aa`,
					3500,
				),
				eventOf(
					node,
					{ kind: 'Node', name: node.host },
					'InvalidDiskCapacity',
					'invalid capacity 0 on image filesystem',
					3500,
				),
				eventOf(
					node,
					{ kind: 'Pod', namespace: 'kube-system', name: 'coredns-x' },
					'FailedCreatePodSandBox',
					'Failed to create pod sandbox: plugin type="flannel" failed (add): open /run/flannel/subnet.env: no such file or directory',
					3480,
					2,
				),
			),
	},
	{
		name: 'a policy of disruption that keeps a drain waiting elsewhere',
		on: members,
		change: node =>
			node.add(
				'events',
				eventOf(
					node,
					{ kind: 'Node', name: 'h3' },
					'NodeNotSchedulable',
					'Node h3 status is now: NodeNotSchedulable',
					200,
					1,
					'Normal',
				),
			),
	},
]
