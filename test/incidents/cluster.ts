/** Incidents of nodes, workloads, storage and add-ons. */
import { apiScene, keepsSaying } from '../messages/scene.js'
import { ago, died, event, node, pod } from '../rules/cluster-text.js'
import { unitShow } from '../rules/unit.js'
import { type Cases, says, untold } from './case.js'
import { config, kernel, klog, often, podLog } from './raw.js'

const uninitialized = {
	key: 'node.cloudprovider.kubernetes.io/uninitialized',
	value: 'true',
	effect: 'NoSchedule',
}

const pending = (name: string, message: string, namespace = 'kube-system') =>
	pod({ namespace, name, on: '', created: ago(900), unschedulable: message })

const untolerated =
	'0/1 nodes are available: 1 node(s) had untolerated taint {node.cloudprovider.kubernetes.io/uninitialized: true}.'

const loop = {
	restarts: 8,
	ready: false,
	state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 5m0s' } },
	last: died(1, 40),
}

const apiService = (name: string, service: string, reason: string, message: string) => ({
	metadata: { name, creationTimestamp: ago(90_000) },
	spec: { service: { namespace: 'monitoring', name: service } },
	status: {
		conditions: [{ type: 'Available', status: 'False', reason, message, lastTransitionTime: ago(3000) }],
	},
})

const noPorts = "0/1 nodes are available: 1 node(s) didn't have free ports for the requested pod ports."

const balancer = (name: string, port: number, address?: string) => ({
	metadata: { namespace: 'shop', name, creationTimestamp: ago(900) },
	spec: { type: 'LoadBalancer', ports: [{ port, protocol: 'TCP' }] },
	status: { loadBalancer: address ? { ingress: [{ ip: address }] } : {} },
})

/** A provisioner that ends with these words. */
const provisioner = (words: string, namespace = 'kube-system') => {
	const name = 'local-path-provisioner-7c6-x2'
	return apiScene(
		'server',
		{
			pods: [
				pod({
					namespace,
					name,
					created: ago(9000),
					labels: { app: 'local-path-provisioner' },
					containers: [{ ...loop, name: 'local-path-provisioner' }],
				}),
			],
		},
		podLog(namespace, name, 'local-path-provisioner', [[41, words]], 8),
	)
}

const cordoned = node({
	unschedulable: true,
	taints: [{ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }],
})

export const cluster: Cases = {
	'k3s-7427': says(() => {
		const made = keepsSaying('server', [
			klog(
				"couldn't get resource list for custom.metrics.k8s.io/v1beta1: the server is currently unable to handle the request",
				'E',
				'memcache.go:255',
			),
		])
		const list = {
			apiVersion: 'v1',
			kind: 'List',
			items: [
				apiService(
					'v1beta1.custom.metrics.k8s.io',
					'prometheus-adapter',
					'ServiceNotFound',
					'service/prometheus-adapter in "monitoring" is not present',
				),
			],
		}
		return { ...made, files: { ...made.files, 'api/apiservices.json': JSON.stringify(list) } }
	}),
	'k3s-1807': says(() =>
		apiScene(
			'server',
			{ nodes: [node({ taints: [uninitialized] })], pods: [pending('helm-install-aws-ccm-x', untolerated)] },
			{
				'commands/systemctl-show.txt': unitShow({}, [
					'/usr/local/bin/k3s server --disable-cloud-controller --kubelet-arg=cloud-provider=external',
				]),
			},
		),
	),
	'rke2-10346': says(() =>
		apiScene(
			'server',
			{
				nodes: [node({ taints: [uninitialized] })],
				pods: [pending('coredns-x', untolerated), pending('metrics-server-x', untolerated)],
			},
			config('disable-cloud-controller: true\nkubelet-arg:\n  - cloud-provider=ovirt\n'),
		),
	),
	'hcloud-377': says(() => {
		const name = 'helm-install-traefik-zz'
		return apiScene(
			'server',
			{
				pods: [
					pod({
						namespace: 'kube-system',
						name,
						created: ago(900),
						labels: { 'helmcharts.helm.cattle.io/chart': 'traefik' },
						containers: [{ ...loop, name: 'helm' }],
					}),
				],
				helmcharts: [
					{
						metadata: { namespace: 'kube-system', name: 'traefik', creationTimestamp: ago(900) },
						spec: { failurePolicy: 'abort' },
						status: { jobName: 'helm-install-traefik' },
					},
				],
			},
			podLog(
				'kube-system',
				name,
				'helm',
				[[42, "Release status is 'failed' and failure policy is 'abort'; waiting for operator intervention"]],
				8,
			),
		)
	}),
	'k3s-4727': says(() =>
		provisioner(
			'time="2026-11-21T04:00:00Z" level=fatal msg="Error starting daemon: invalid empty flag helper-pod-file and it also does not exist at ConfigMap kube-system/local-path-config with err: configmaps \\"local-path-config\\" is forbidden: User \\"system:serviceaccount:kube-system:local-path-provisioner-service-account\\" cannot get resource \\"configmaps\\" in API group \\"\\" in the namespace \\"kube-system\\": RBAC: clusterrole.rbac.authorization.k8s.io \\"local-path-provisioner-role\\" not found"',
		),
	),
	'lpp-330': says(() =>
		provisioner(
			'time="2026-11-21T04:00:00Z" level=fatal msg="Error starting daemon: configmaps \\"local-path-config\\" is forbidden: User \\"system:serviceaccount:local-path-storage:default\\" cannot get resource \\"configmaps\\" in API group \\"\\""',
			'local-path-storage',
		),
	),
	'k3s-5133': says(() =>
		apiScene('server', {
			apiservices: [
				{
					...apiService(
						'v1beta1.metrics.k8s.io',
						'metrics-server',
						'MissingEndpoints',
						'endpoints for service/metrics-server in "kube-system" have no addresses',
					),
					spec: { service: { namespace: 'kube-system', name: 'metrics-server' } },
				},
			],
			namespaces: [
				{
					metadata: { name: 'old', creationTimestamp: ago(9000), deletionTimestamp: ago(800) },
					spec: { finalizers: ['kubernetes'] },
					status: {
						phase: 'Terminating',
						conditions: [
							{
								type: 'NamespaceDeletionDiscoveryFailure',
								status: 'True',
								reason: 'DiscoveryFailed',
								message:
									'Discovery failed for some groups, 1 failing: unable to retrieve the complete list of server APIs: metrics.k8s.io/v1beta1: the server is currently unable to handle the request',
								lastTransitionTime: ago(790),
							},
						],
					},
				},
			],
		}),
	),
	'capi-13530': says(() => apiScene('server', { nodes: [cordoned] })),
	'kubespray-1344': says(() => apiScene('server', { nodes: [cordoned, node({ name: 'node-2' })] })),
	'k3s-7033': says(() =>
		apiScene('server', {
			nodes: [node({ taints: [{ key: 'CriticalAddonsOnly', value: 'true', effect: 'NoExecute' }] })],
			pods: ['coredns-x', 'helm-install-traefik-x', 'local-path-provisioner-x', 'metrics-server-x'].map(
				name =>
					pending(
						name,
						"0/1 nodes are available: 1 node(s) had taint {CriticalAddonsOnly: true}, that the pod didn't tolerate.",
					),
			),
		}),
	),
	'contour-3548': says(() =>
		apiScene('server', {
			pods: [
				pod({ created: ago(500), containers: [{ state: { waiting: { reason: 'ContainerCreating' } } }] }),
			],
			events: [
				event({
					reason: 'FailedMount',
					count: 12,
					message: 'MountVolume.SetUp failed for volume "contourcert" : secret "contourcert" not found',
				}),
			],
		}),
	),
	'k3s-5131': says(() =>
		apiScene('server', {
			pods: [
				pod({
					namespace: 'kube-system',
					name: 'traefik-97-x',
					created: ago(900),
					labels: { 'app.kubernetes.io/name': 'traefik' },
					phase: 'Running',
					containers: [
						{
							name: 'traefik',
							ready: false,
							restarts: 4,
							state: { running: { startedAt: ago(50) } },
							last: died(137, 55),
						},
					],
				}),
			],
			events: [
				event({
					namespace: 'kube-system',
					name: 'traefik-97-x',
					reason: 'Unhealthy',
					count: 30,
					message:
						'Liveness probe failed: Get "http://10.42.0.9:9000/ping": context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
				}),
			],
		}),
	),
	'zookeeper-11188': says(() =>
		apiScene('server', {
			pods: [
				pending(
					'zookeeper-2',
					'0/1 nodes are available: 1 Insufficient cpu. preemption: 0/1 nodes are available: 1 No preemption victims found for incoming pod.',
					'kafka',
				),
			],
		}),
	),
	'k3s-14250': says(
		() =>
			apiScene(
				'server',
				{
					pods: [
						pod({
							namespace: 'kube-system',
							name: 'metrics-server-1-x',
							created: ago(900),
							labels: { 'k8s-app': 'metrics-server' },
							containers: [{ ...loop, name: 'metrics-server' }],
						}),
					],
				},
				podLog(
					'kube-system',
					'metrics-server-1-x',
					'metrics-server',
					[
						[
							41,
							'panic: failed to create listener: failed to listen on 0.0.0.0:10250: listen tcp 0.0.0.0:10250: bind: address already in use',
						],
					],
					8,
				),
			),
		['metrics-server-down'],
	),
	'higress-267': says(() => {
		const message =
			'failed to provision volume with StorageClass "local-path": Only support ReadWriteOnce access mode'
		return apiScene('server', {
			persistentvolumeclaims: [
				{
					metadata: { namespace: 'shop', name: 'api-1', creationTimestamp: ago(900) },
					spec: { storageClassName: 'local-path', accessModes: ['ReadWriteMany'] },
					status: { phase: 'Pending' },
				},
			],
			storageclasses: [
				{
					metadata: {
						name: 'local-path',
						annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' },
					},
					provisioner: 'rancher.io/local-path',
					volumeBindingMode: 'WaitForFirstConsumer',
				},
			],
			pods: [
				pending(
					'api-1',
					'0/1 nodes are available: pod has unbound immediate PersistentVolumeClaims.',
					'shop',
				),
			],
			events: [event({ kind: 'PersistentVolumeClaim', reason: 'ProvisioningFailed', count: 9, message })],
		})
	}),
	'k3s-6314': says(() =>
		keepsSaying(
			'server',
			[
				klog(
					'"Unhandled Error" err="failed to list *v1beta1.CronJob: the server could not find the requested resource (get cronjobs.batch)"',
					'E',
					'reflector.go:138',
				),
				klog(
					'failed to watch *v1beta1.PodDisruptionBudget: failed to list *v1beta1.PodDisruptionBudget: the server could not find the requested resource',
					'E',
					'reflector.go:138',
				),
			],
			{ version: 'v1.25.2+k3s1' },
		),
	),
	'k3s-1995': says(() =>
		apiScene(
			'server',
			{
				pods: [
					pod({
						namespace: 'kube-system',
						name: 'coredns-1',
						created: ago(900),
						labels: { 'k8s-app': 'kube-dns' },
						containers: [{ ...loop, name: 'coredns' }],
					}),
				],
			},
			{
				'commands/getenforce.txt': 'Enforcing\n',
				...kernel([
					60,
					'audit: type=1400 audit(1763697595.1:77): avc:  denied  { read } for  pid=4110 comm="coredns" name="resolv.conf" dev="sda1" ino=33 scontext=system_u:system_r:container_t:s0:c1,c2 tcontext=system_u:object_r:var_lib_t:s0 tclass=file permissive=0',
				]),
			},
		),
	),
	'loculus-4203': says(() =>
		apiScene('server', {
			pods: [pending('svclb-traefik-1a-x', noPorts)],
			services: [balancer('traefik', 443)],
		}),
	),
	'udacity-nd064-2': says(() =>
		apiScene('server', {
			pods: [pending('svclb-backend-77-x', noPorts)],
			services: [balancer('backend', 80), balancer('traefik', 80, '10.0.0.1')],
		}),
	),
	'k3s-12586': untold(
		'a matcher of the old syntax stands in an IngressRoute, and the refusal in the log of Traefik: the thread shows neither words nor object',
	),
	'k3s-4967': says(() =>
		apiScene(
			'server',
			{
				pods: [
					pod({
						namespace: 'kube-system',
						name: 'traefik-758c-x',
						created: ago(9000),
						labels: { app: 'traefik' },
						phase: 'Running',
						containers: [{ name: 'traefik', image: 'rancher/library-traefik:1.7.19' }],
					}),
				],
			},
			{
				...podLog(
					'kube-system',
					'traefik-758c-x',
					'traefik',
					often(
						'E1121 04:05:00.000000       1 reflector.go:205] github.com/containous/traefik/vendor/k8s.io/client-go/informers/factory.go:86: Failed to list *v1beta1.Ingress: the server could not find the requested resource (get ingresses.extensions)',
					),
				),
			},
		),
	),
	'k3s-6803': says(() =>
		apiScene(
			'server',
			{
				pods: [
					pod({
						namespace: 'longhorn-system',
						name: 'longhorn-manager-x',
						created: ago(900),
						containers: [{ ...loop, name: 'longhorn-manager' }],
					}),
				],
			},
			podLog(
				'longhorn-system',
				'longhorn-manager-x',
				'longhorn-manager',
				[
					[
						41,
						'time="2026-11-21T04:09:00Z" level=fatal msg="Error starting manager: Failed environment check, please make sure you have iscsiadm/open-iscsi installed on the host: failed to execute: nsenter [--mount=/host/proc/1/ns/mnt --net=/host/proc/1/ns/net iscsiadm --version], output , stderr nsenter: can\'t execute \'iscsiadm\': No such file or directory"',
					],
				],
				8,
			),
		),
	),
	'longhorn-2319': says(() =>
		apiScene('server', {
			pods: [
				pod({ created: ago(900), containers: [{ state: { waiting: { reason: 'ContainerCreating' } } }] }),
			],
			events: [
				event({
					reason: 'FailedAttachVolume',
					count: 7,
					message:
						'AttachVolume.Attach failed for volume "pvc-17" : rpc error: code = DeadlineExceeded desc = volume pvc-17 failed to attach to node node-1: cannot open /etc/iscsi/initiatorname.iscsi: no such file or directory',
				}),
			],
		}),
	),
	'gopaddle-74': says(() =>
		apiScene('server', {
			events: [
				event({
					kind: 'Job',
					name: 'backup-1',
					reason: 'FailedCreate',
					count: 14,
					message:
						'Error creating: Internal error occurred: failed calling webhook "gopaddle.configurator.svc": Post "https://configurator.gopaddle.svc:443/mutate?timeout=30s": no endpoints available for service "configurator"',
				}),
			],
			mutatingwebhookconfigurations: [
				{
					metadata: { name: 'configurator', creationTimestamp: ago(90_000) },
					webhooks: [
						{
							name: 'gopaddle.configurator.svc',
							failurePolicy: 'Fail',
							clientConfig: { service: { namespace: 'gopaddle', name: 'configurator' } },
							rules: [{ resources: ['pods'] }],
						},
					],
				},
			],
			services: [
				{
					metadata: { namespace: 'gopaddle', name: 'configurator', creationTimestamp: ago(90_000) },
					spec: { type: 'ClusterIP', selector: { app: 'c' }, ports: [{ port: 443 }] },
					status: {},
				},
			],
		}),
	),
}
