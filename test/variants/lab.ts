/** Things that somebody did to a node in an afternoon: deleted, truncated, changed, switched off. */
import type { HealthyFiles } from '../healthy/node.js'
import { agentWaits, keepsSaying, klog, recorded, serverEnds, serverShutsDown } from './bases.js'
import type { Variant } from './case.js'

/** The application waits for its container, and the kubelet says why. */
async function waits(message: string, more: (node: HealthyFiles) => void = () => {}): Promise<HealthyFiles> {
	const node = await recorded('healthy-server', 45)
	let name = ''
	node.items('pods', items =>
		items.map(item => {
			if (item.metadata.namespace !== 'shop') return item
			name = String(item.metadata.name)
			return {
				...item,
				metadata: { ...item.metadata, creationTimestamp: node.ago(900) },
				status: {
					phase: 'Pending',
					conditions: [{ type: 'Ready', status: 'False' }],
					containerStatuses: [
						{
							name: 'web',
							image: 'docker.io/library/shop:1.2.0',
							ready: false,
							restartCount: 0,
							state: { waiting: { reason: 'ContainerCreating' } },
						},
					],
				},
			}
		}),
	)
	node.items('events', items => [
		...items,
		{
			metadata: { name: 'w.1', namespace: 'shop' },
			involvedObject: { kind: 'Pod', namespace: 'shop', name },
			type: 'Warning',
			reason: 'FailedCreatePodSandBox',
			message: `Failed to create pod sandbox: rpc error: code = Unknown desc = ${message}`,
			count: 17,
			firstTimestamp: node.ago(880),
			lastTimestamp: node.ago(12),
		},
	])
	more(node)
	return node
}

const task =
	'failed to start sandbox "7a": failed to create containerd task: failed to create shim task: OCI runtime create failed: unable to retrieve OCI runtime error (open /run/k3s/containerd/io.containerd.runtime.v2.task/k8s.io/7a/log.json: no such file or directory): '

export const lab: readonly Variant[] = [
	{
		name: 'runc may not be executed',
		cause: 'runtime-binary-missing',
		make: () =>
			waits(`${task}fork/exec /var/lib/rancher/k3s/data/current/bin/runc: permission denied`, node =>
				node.change('commands/files.tsv', text => text.replace(/^f\t\d+(\t.*\/bin\/runc\t)/m, 'f\t644$1')),
			),
	},
	{
		name: 'runc is for another processor',
		cause: 'runtime-binary-missing',
		make: () => waits(`${task}fork/exec /var/lib/rancher/k3s/data/current/bin/runc: exec format error`),
	},
	{
		name: 'the pause image was deleted and there is no registry',
		cause: 'airgap-images-missing',
		make: () =>
			waits(
				'failed to start sandbox "7a": failed to get sandbox image "rancher/mirrored-pause:3.6": failed to pull image "rancher/mirrored-pause:3.6": failed to pull and unpack image "docker.io/rancher/mirrored-pause:3.6": failed to resolve reference "docker.io/rancher/mirrored-pause:3.6": failed to do request: Head "https://registry-1.docker.io/v2/rancher/mirrored-pause/manifests/3.6": dial tcp: lookup registry-1.docker.io on 10.99.0.1:53: no such host',
			),
	},
	{
		name: 'a plugin of the pod network was deleted',
		cause: 'cni-not-ready',
		make: () =>
			waits(
				'failed to setup network for sandbox "7a": plugin type="flannel" failed (add): failed to delegate add: failed to find plugin "bridge" in path [/var/lib/rancher/k3s/data/cni]',
			),
	},
	{
		name: 'all addresses of the node are given away',
		cause: 'cidr-conflict',
		make: () =>
			waits(
				'failed to setup network for sandbox "7a": plugin type="flannel" failed (add): failed to delegate add: failed to allocate for range 0: no IP addresses available in range set: 10.42.0.1-10.42.0.254',
			),
	},
	{
		name: 'the configuration of local-path is no JSON',
		cause: 'local-path-failed',
		make: async () => {
			const node = await recorded('healthy-server', 45)
			let name = ''
			node.items('pods', items =>
				items.map(item => {
					if (!String(item.metadata.name).startsWith('local-path')) return item
					name = String(item.metadata.name)
					return {
						...item,
						status: {
							phase: 'Running',
							conditions: [{ type: 'Ready', status: 'False' }],
							containerStatuses: [
								{
									name: 'local-path-provisioner',
									image: 'rancher/local-path-provisioner:v0.0.36',
									ready: false,
									restartCount: 7,
									state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 5m0s' } },
									lastState: {
										terminated: {
											exitCode: 1,
											reason: 'Error',
											startedAt: node.ago(60),
											finishedAt: node.ago(58),
										},
									},
								},
							],
						},
					}
				}),
			)
			const file = node
				.names()
				.filter(one => one.includes(name))
				.sort()
				.at(-1)
			node.append(
				file ?? '',
				`${node.ago(59)} stderr F time="${node.ago(59)}" level=fatal msg="Error starting daemon: invalid character '}' looking for beginning of object key string"\n`,
			)
			return node
		},
	},
	...[
		'panic: invalid page type: 0: 10',
		'panic: freepages: failed to get all reachable pages (page 412: multiple references)',
		'panic: assertion failed: Page expected to be: 5, but self identifies as 0',
	].map(
		(word): Variant => ({
			name: `the database of etcd is damaged (${word.slice(7, 30)})`,
			cause: 'etcd-corrupt',
			make: () =>
				serverEnds(
					[word, 'goroutine 1 [running]:', 'go.etcd.io/bbolt.(*DB).loadFreelist.func1()'],
					'cluster-init: true\n',
				),
		}),
	),
	{
		name: 'localhost is the name of an agent',
		cause: 'hostname-invalid',
		also: ['node-password-rejected', 'hostname-duplicate', 'hostname-changed'],
		make: async () => {
			const node = await agentWaits(
				"info Waiting to retrieve agent configuration; server is not ready: Node password rejected, duplicate hostname or contents of '/etc/rancher/node/password' may not match server node-passwd entry, try enabling a unique node name with the --with-node-id flag",
			)
			node.put('commands/hostname.txt', 'localhost\n')
			node.put('files/etc/hostname', 'localhost\n')
			return node
		},
	},
	{
		name: 'the interface of flannel is the loopback',
		cause: 'flannel-iface-wrong',
		make: () =>
			serverShutsDown(
				'flannel exited: failed to find the interface: failed to find IPv4 address for interface lo',
				{
					config: 'flannel-iface: lo\n',
				},
			),
	},
	{
		name: 'a snapshotter that this file system cannot carry',
		cause: 'filesystem-unsupported',
		also: ['config-bad-value'],
		make: () =>
			serverShutsDown(
				'failed to start container runtime: "zfs" snapshotter cannot be enabled for "/var/lib/rancher/k3s/agent/containerd": must be a zfs filesystem',
				{
					config: 'snapshotter: zfs\n',
				},
			),
	},
	{
		name: 'an aggregated API whose pods are not ready',
		cause: 'apiservice-unavailable',
		make: async () => {
			const node = await recorded('healthy-server', 45)
			node.items('apiservices', items => [
				...items,
				{
					metadata: { name: 'v1.custom.example', creationTimestamp: node.ago(9000) },
					spec: { group: 'custom.example', version: 'v1', service: { namespace: 'custom', name: 'api' } },
					status: {
						conditions: [
							{
								type: 'Available',
								status: 'False',
								reason: 'MissingEndpoints',
								message: 'endpoints for service/api in "custom" have no addresses with port name ""',
								lastTransitionTime: node.ago(4000),
							},
						],
					},
				},
			])
			return node
		},
	},
	{
		name: 'a taint that throws everything off the node',
		cause: 'node-tainted',
		make: async () => {
			const node = await recorded('healthy-server', 45)
			node.items('nodes', items =>
				items.map(item => ({
					...item,
					spec: {
						...item.spec,
						taints: [{ key: 'maintenance', value: 'yes', effect: 'NoExecute', timeAdded: node.ago(900) }],
					},
				})),
			)
			const message =
				'0/1 nodes are available: 1 node(s) had untolerated taint(s). preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.'
			node.items('pods', items =>
				items.map(item => ({
					...item,
					metadata: { ...item.metadata, creationTimestamp: node.ago(880) },
					spec: { ...item.spec, nodeName: undefined },
					status: {
						phase: 'Pending',
						conditions: [
							{
								type: 'PodScheduled',
								status: 'False',
								reason: 'Unschedulable',
								message,
								lastTransitionTime: node.ago(870),
							},
						],
					},
				})),
			)
			node.items('deployments', items =>
				items.map(item => ({
					...item,
					status: { ...item.status, readyReplicas: 0, unavailableReplicas: 1 },
				})),
			)
			return node
		},
	},
	{
		name: 'the cloud controller was switched off and none came',
		cause: 'cloud-provider-uninitialized',
		make: async () => {
			const node = await recorded('healthy-server', 45)
			node.append('files/etc/rancher/k3s/config.yaml', 'disable-cloud-controller: true\n')
			node.items('nodes', items =>
				items.map(item => ({
					...item,
					spec: {
						...item.spec,
						taints: [
							{ key: 'node.cloudprovider.kubernetes.io/uninitialized', value: 'true', effect: 'NoSchedule' },
						],
					},
				})),
			)
			return node
		},
	},
	{
		name: 'the rights of the admin were taken away',
		cause: 'rbac-denied',
		make: async () => {
			const node = await recorded('healthy-server', 45)
			keepsSaying(node, [
				klog(
					'"Failed to watch" err="failed to list *v1.Node: nodes is forbidden: User \\"system:k3s-controller\\" cannot list resource \\"nodes\\" in API group \\"\\" at the cluster scope" logger="UnhandledError" reflector="k8s.io/client-go" type="*v1.Node"',
					'reflector.go:200',
				),
			])
			return node
		},
	},
]
