/** Pods, images, volumes, add-ons of a server that itself runs well. */
import { keepsSaying } from '../scenes/journal.js'
import { deadWebhook, loadBalancer } from '../scenes/objects.js'
import { application, findsNoNode, inShop, unavailable, unscheduled, waiting, warns } from '../scenes/pods.js'
import { type Fault, server } from '../scenes/recorded.js'
import type { Variant } from './case.js'

interface Waiting {
	reason: string
	message: string
	image?: string
	restarts?: number
}

/** The application does not run; `undefined`: its container runs, and is not ready. */
const shop = (
	waits: Waiting | undefined,
	events: { reason: string; message: string; count?: number }[],
	more: Fault = () => {},
) =>
	server(node => {
		const status = waits
			? { ...waiting(waits.reason, waits.message), restartCount: waits.restarts ?? 0 }
			: { state: { running: { startedAt: node.ago(800) } } }
		const pod = application(node, status, {
			phase: waits ? 'Pending' : 'Running',
			age: 900,
			image: waits?.image ?? 'docker.io/library/shop:1.2.0',
		})
		for (const { reason, message, count } of events) warns(node, pod, reason, message, { count })
		unavailable(node, inShop)
		more(node)
	})

const pull = (image: string, why: string, more?: Fault) =>
	shop(
		{ reason: 'ImagePullBackOff', message: `Back-off pulling image "${image}": ErrImagePull: ${why}`, image },
		[{ reason: 'Failed', message: `Failed to pull image "${image}": ${why}` }],
		more,
	)

const resolving = (image: string, why: string) =>
	`failed to pull and unpack image "${image}": failed to resolve reference "${image}": ${why}`

export const workload: readonly Variant[] = [
	{
		name: 'a private registry without credentials',
		cause: 'registry-auth-failed',
		make: pull(
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
		make: pull(
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
		make: pull(
			'harbor.lan/shop/web:8',
			resolving('harbor.lan/shop/web:8', 'harbor.lan/shop/web:8: not found'),
		),
	},
	{
		name: 'a registry that is down',
		cause: 'registry-unreachable',
		make: pull(
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
		make: pull(
			'docker.io/library/nginx:1',
			resolving(
				'docker.io/library/nginx:1',
				'failed to do request: Head "https://registry-1.docker.io/v2/library/nginx/manifests/1": proxyconnect tcp: dial tcp 10.99.0.77:3128: connect: connection refused',
			),
			node =>
				node.put(
					'files/etc/systemd/system/k3s.service.env',
					'HTTPS_PROXY=http://10.99.0.77:3128\nNO_PROXY=10.0.0.0/8,127.0.0.0/8\n',
				),
		),
	},
	{
		name: 'a secret that does not exist',
		cause: 'pod-config-missing',
		make: shop({ reason: 'CreateContainerConfigError', message: 'secret "web-db" not found' }, [
			{ reason: 'Failed', message: 'Error: secret "web-db" not found' },
		]),
	},
	{
		name: 'a key that the ConfigMap does not have',
		cause: 'pod-config-missing',
		make: shop(
			{ reason: 'CreateContainerConfigError', message: "couldn't find key mode in ConfigMap shop/web" },
			[{ reason: 'Failed', message: "Error: couldn't find key mode in ConfigMap shop/web" }],
		),
	},
	{
		name: 'a readiness probe on the wrong port',
		cause: 'pod-probe-failing',
		make: shop(undefined, [
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
		make: shop({ reason: 'ContainerCreating', message: '' }, [
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
		make: shop({ reason: 'ContainerCreating', message: '' }, [
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
		make: shop(
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
		make: shop({ reason: 'x', message: '' }, [], node => {
			const message =
				'0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.'
			findsNoNode(node, message, 800)
		}),
	},
	{
		name: 'a claim that wants to be written by many',
		cause: 'pvc-pending',
		make: server(node => {
			node.add('persistentvolumeclaims', {
				metadata: { namespace: 'shop', name: 'media', uid: 'u-1', creationTimestamp: node.ago(900) },
				spec: {
					storageClassName: 'local-path',
					accessModes: ['ReadWriteMany'],
					resources: { requests: { storage: '1Gi' } },
				},
				status: { phase: 'Pending' },
			})
			const message =
				'failed to provision volume with StorageClass "local-path": NodePath only supports ReadWriteOnce and ReadWriteOncePod (1.22+) access modes'
			const claim = { kind: 'PersistentVolumeClaim', namespace: 'shop', name: 'media' }
			warns(node, claim, 'ProvisioningFailed', message, { count: 9, last: 20 })
		}),
	},
	{
		name: 'an admission webhook whose pods are gone',
		cause: 'webhook-blocks',
		make: server(node =>
			deadWebhook(node, {
				kind: 'mutating',
				name: 'vault-injector',
				hook: 'vault.hashicorp.com',
				service: { namespace: 'vault', name: 'injector' },
				path: 'mutate',
			}),
		),
	},
	{
		name: 'a port of the host that a load balancer wants and another has',
		cause: 'servicelb-port-conflict',
		make: server(node => {
			const message =
				"0/1 nodes are available: 1 node(s) didn't have free ports for the requested pod ports. preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod."
			loadBalancer(node, 900)
			node.add('pods', {
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
				status: unscheduled(node, message, 880),
			})
		}),
	},
	{
		name: 'a manifest with a field that does not exist',
		cause: 'manifest-deploy-failed',
		make: server(node => {
			node.put(
				'files/var/lib/rancher/k3s/server/manifests/shop.yaml',
				'apiVersion: v1\nkind: Service\nmetadata: {name: shop}\nspec: {ports: many}\n',
			)
			keepsSaying(node, [
				'error Failed to process config: failed to process /var/lib/rancher/k3s/server/manifests/shop.yaml: failed to create shop/shop /v1, Kind=Service for  kube-system/shop: Service in version "v1" cannot be handled as a Service: json: cannot unmarshal string into Go struct field ServiceSpec.spec.ports of type []v1.ServicePort',
			])
		}),
	},
]
