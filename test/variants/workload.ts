/** Pods, images, volumes, add-ons of a server that itself runs well. */
import type { HealthyFiles } from '../healthy/node.js'
import { keepsSaying, klog, recorded } from './bases.js'
import type { Variant } from './case.js'

interface Waiting {
	reason: string
	message: string
	image?: string
	restarts?: number
}

/** The application of the recorded server does not run. */
async function shop(
	waiting: Waiting | undefined,
	events: { reason: string; message: string; count?: number }[],
	more: (node: HealthyFiles) => void = () => {},
) {
	const node = await recorded('healthy-server', 45)
	const image = waiting?.image ?? 'docker.io/library/shop:1.2.0'
	let name = ''
	node.items('pods', items =>
		items.map(item => {
			if (item.metadata.namespace !== 'shop') return item
			name = String(item.metadata.name)
			return {
				...item,
				metadata: { ...item.metadata, creationTimestamp: node.ago(900) },
				spec: { ...item.spec, containers: [{ name: 'web', image }] },
				status: {
					phase: waiting ? 'Pending' : 'Running',
					conditions: [{ type: 'Ready', status: 'False' }],
					containerStatuses: [
						{
							name: 'web',
							image,
							ready: false,
							restartCount: waiting?.restarts ?? 0,
							state: waiting
								? { waiting: { reason: waiting.reason, message: waiting.message } }
								: { running: { startedAt: node.ago(800) } },
						},
					],
				},
			}
		}),
	)
	node.items('events', items => [
		...items,
		...events.map(({ reason, message, count = 12 }, index) => ({
			metadata: { name: `e.${index}`, namespace: 'shop' },
			involvedObject: { kind: 'Pod', namespace: 'shop', name },
			type: 'Warning',
			reason,
			message,
			count,
			firstTimestamp: node.ago(880),
			lastTimestamp: node.ago(15),
		})),
	])
	node.items('deployments', items =>
		items.map(item =>
			item.metadata.namespace === 'shop'
				? { ...item, status: { ...item.status, readyReplicas: 0, unavailableReplicas: 1 } }
				: item,
		),
	)
	more(node)
	return node
}

const pull = (image: string, why: string) =>
	shop(
		{ reason: 'ImagePullBackOff', message: `Back-off pulling image "${image}": ErrImagePull: ${why}`, image },
		[{ reason: 'Failed', message: `Failed to pull image "${image}": ${why}` }],
	)

const resolving = (image: string, why: string) =>
	`failed to pull and unpack image "${image}": failed to resolve reference "${image}": ${why}`

export const workload: readonly Variant[] = [
	{
		name: 'a private registry without credentials',
		cause: 'registry-auth-failed',
		make: () =>
			pull(
				'harbor.lan/shop/web:7',
				resolving(
					'harbor.lan/shop/web:7',
					'unexpected status from HEAD request to https://harbor.lan/v2/shop/web/manifests/7: 401 Unauthorized',
				),
			),
	},
	{
		name: 'a registry with a certificate of its own authority',
		cause: 'registry-tls-failed',
		make: () =>
			pull(
				'harbor.lan/shop/web:7',
				resolving(
					'harbor.lan/shop/web:7',
					'failed to do request: Head "https://harbor.lan/v2/shop/web/manifests/7": tls: failed to verify certificate: x509: certificate signed by unknown authority',
				),
			),
	},
	{
		name: 'a tag that does not exist',
		cause: 'image-not-found',
		make: () =>
			pull('harbor.lan/shop/web:8', resolving('harbor.lan/shop/web:8', 'harbor.lan/shop/web:8: not found')),
	},
	{
		name: 'a registry that is down',
		cause: 'registry-unreachable',
		make: () =>
			pull(
				'harbor.lan/shop/web:7',
				resolving(
					'harbor.lan/shop/web:7',
					'failed to do request: Head "https://harbor.lan/v2/shop/web/manifests/7": dial tcp 10.99.0.40:443: connect: connection refused',
				),
			),
	},
	{
		name: 'a registry behind a proxy that is gone',
		cause: 'proxy-misconfigured',
		also: ['registry-unreachable'],
		make: async () => {
			const node = await pull(
				'docker.io/library/nginx:1',
				resolving(
					'docker.io/library/nginx:1',
					'failed to do request: Head "https://registry-1.docker.io/v2/library/nginx/manifests/1": proxyconnect tcp: dial tcp 10.99.0.77:3128: connect: connection refused',
				),
			)
			node.put(
				'files/etc/systemd/system/k3s.service.env',
				'HTTPS_PROXY=http://10.99.0.77:3128\nNO_PROXY=10.0.0.0/8,127.0.0.0/8\n',
			)
			return node
		},
	},
	{
		name: 'a secret that does not exist',
		cause: 'pod-config-missing',
		make: () =>
			shop({ reason: 'CreateContainerConfigError', message: 'secret "web-db" not found' }, [
				{ reason: 'Failed', message: 'Error: secret "web-db" not found' },
			]),
	},
	{
		name: 'a key that the ConfigMap does not have',
		cause: 'pod-config-missing',
		make: () =>
			shop(
				{ reason: 'CreateContainerConfigError', message: "couldn't find key mode in ConfigMap shop/web" },
				[{ reason: 'Failed', message: "Error: couldn't find key mode in ConfigMap shop/web" }],
			),
	},
	{
		name: 'a readiness probe on the wrong port',
		cause: 'pod-probe-failing',
		make: () =>
			shop(undefined, [
				{
					reason: 'Unhealthy',
					message:
						'Readiness probe failed: Get "http://10.42.0.9:8081/ready": dial tcp 10.42.0.9:8081: connect: connection refused',
					count: 80,
				},
			]),
	},
	{
		name: 'an NFS server that refuses',
		cause: 'volume-mount-failed',
		make: () =>
			shop({ reason: 'ContainerCreating', message: '' }, [
				{
					reason: 'FailedMount',
					message:
						'MountVolume.SetUp failed for volume "data" : mount failed: exit status 32\nMounting command: mount\nMounting arguments: -t nfs filer:/web /var/lib/kubelet/pods/1/volumes/kubernetes.io~nfs/data\nOutput: mount.nfs: access denied by server while mounting filer:/web',
				},
			]),
	},
	{
		name: 'a RuntimeClass without its runtime',
		cause: 'runtime-binary-missing',
		make: () =>
			shop({ reason: 'ContainerCreating', message: '' }, [
				{
					reason: 'FailedCreatePodSandBox',
					message:
						'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to get sandbox runtime: no runtime for "nvidia" is configured',
				},
			]),
	},
	{
		name: 'a seccomp profile that is not on the node',
		cause: 'runtime-create-failed',
		make: () =>
			shop(
				{
					reason: 'CreateContainerError',
					message:
						'failed to create containerd container: cannot load seccomp profile "/var/lib/kubelet/seccomp/web.json": open /var/lib/kubelet/seccomp/web.json: no such file or directory',
				},
				[
					{
						reason: 'Failed',
						message:
							'Error: failed to create containerd container: cannot load seccomp profile "/var/lib/kubelet/seccomp/web.json": open /var/lib/kubelet/seccomp/web.json: no such file or directory',
					},
				],
			),
	},
	{
		name: 'no CPU left for a pod',
		cause: 'pod-unschedulable',
		make: async () => {
			const node = await shop({ reason: 'x', message: '' }, [])
			const message =
				'0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.'
			node.items('pods', items =>
				items.map(item =>
					item.metadata.namespace === 'shop'
						? {
								...item,
								spec: { ...item.spec, nodeName: undefined },
								status: {
									phase: 'Pending',
									conditions: [
										{
											type: 'PodScheduled',
											status: 'False',
											reason: 'Unschedulable',
											message,
											lastTransitionTime: node.ago(800),
										},
									],
								},
							}
						: item,
				),
			)
			return node
		},
	},
	{
		name: 'a claim that wants to be written by many',
		cause: 'pvc-pending',
		make: async () => {
			const node = await recorded('healthy-server', 45)
			node.items('persistentvolumeclaims', items => [
				...items,
				{
					metadata: { namespace: 'shop', name: 'media', uid: 'u-1', creationTimestamp: node.ago(900) },
					spec: {
						storageClassName: 'local-path',
						accessModes: ['ReadWriteMany'],
						resources: { requests: { storage: '1Gi' } },
					},
					status: { phase: 'Pending' },
				},
			])
			node.items('events', items => [
				...items,
				{
					metadata: { namespace: 'shop', name: 'media.1' },
					involvedObject: { kind: 'PersistentVolumeClaim', namespace: 'shop', name: 'media' },
					type: 'Warning',
					reason: 'ProvisioningFailed',
					message:
						'failed to provision volume with StorageClass "local-path": NodePath only supports ReadWriteOnce and ReadWriteOncePod (1.22+) access modes',
					count: 9,
					firstTimestamp: node.ago(880),
					lastTimestamp: node.ago(20),
				},
			])
			return node
		},
	},
	{
		name: 'an admission webhook whose pods are gone',
		cause: 'webhook-blocks',
		make: async () => {
			const node = await recorded('healthy-server', 45)
			node.items('mutatingwebhookconfigurations', items => [
				...items,
				{
					metadata: { name: 'vault-injector', creationTimestamp: node.ago(90_000) },
					webhooks: [
						{
							name: 'vault.hashicorp.com',
							failurePolicy: 'Fail',
							clientConfig: { service: { namespace: 'vault', name: 'injector' } },
							rules: [{ resources: ['pods'] }],
						},
					],
				},
			])
			keepsSaying(node, [
				klog(
					'Failed calling webhook, failing closed vault.hashicorp.com: failed calling webhook \\"vault.hashicorp.com\\": failed to call webhook: Post \\"https://injector.vault.svc:443/mutate?timeout=10s\\": service \\"injector\\" not found',
					'dispatcher.go:221',
				),
			])
			return node
		},
	},
	{
		name: 'a port of the host that a load balancer wants and another has',
		cause: 'servicelb-port-conflict',
		make: async () => {
			const node = await recorded('healthy-server', 45)
			const message =
				"0/1 nodes are available: 1 node(s) didn't have free ports for the requested pod ports. preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod."
			node.items('services', items => [
				...items,
				{
					metadata: { namespace: 'shop', name: 'edge', uid: 'u-2', creationTimestamp: node.ago(900) },
					spec: { type: 'LoadBalancer', clusterIP: '10.43.9.9', ports: [{ port: 443, protocol: 'TCP' }] },
					status: { loadBalancer: {} },
				},
			])
			node.items('pods', items => [
				...items,
				{
					metadata: {
						namespace: 'kube-system',
						name: 'svclb-edge-1b2c3d4e-x9x9x',
						uid: 'u-3',
						creationTimestamp: node.ago(890),
						labels: {},
					},
					spec: {
						containers: [
							{
								name: 'lb-tcp-443',
								image: 'rancher/klipper-lb:v0.4.13',
								ports: [{ hostPort: 443, containerPort: 443 }],
							},
						],
					},
					status: {
						phase: 'Pending',
						conditions: [
							{
								type: 'PodScheduled',
								status: 'False',
								reason: 'Unschedulable',
								message,
								lastTransitionTime: node.ago(880),
							},
						],
					},
				},
			])
			return node
		},
	},
	{
		name: 'a manifest with a field that does not exist',
		cause: 'manifest-deploy-failed',
		make: async () => {
			const node = await recorded('healthy-server', 45)
			node.put(
				'files/var/lib/rancher/k3s/server/manifests/shop.yaml',
				'apiVersion: v1\nkind: Service\nmetadata: {name: shop}\nspec: {ports: many}\n',
			)
			keepsSaying(node, [
				'error Failed to process config: failed to process /var/lib/rancher/k3s/server/manifests/shop.yaml: failed to create shop/shop /v1, Kind=Service for  kube-system/shop: Service in version "v1" cannot be handled as a Service: json: cannot unmarshal string into Go struct field ServiceSpec.spec.ports of type []v1.ServicePort',
			])
			return node
		},
	},
]
