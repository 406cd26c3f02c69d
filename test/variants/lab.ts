/** Things that somebody did to a node in an afternoon: deleted, truncated, changed, switched off. */
import { keepsSaying, klog } from '../scenes/journal.js'
import { tainted } from '../scenes/nodes.js'
import { missingEndpoints } from '../scenes/objects.js'
import {
	application,
	changePod,
	container,
	crashing,
	notReady,
	podSays,
	unavailable,
	unscheduled,
	waiting,
	warns,
} from '../scenes/pods.js'
import { type Fault, server } from '../scenes/recorded.js'
import { agentWaits, serverEnds, serverShutsDown } from '../scenes/start.js'
import type { Variant } from './case.js'

/** The application waits for its container, and the kubelet says why. */
const waits = (message: string, more: Fault = () => {}) =>
	server(node => {
		const pod = application(node, waiting('ContainerCreating'), { age: 900 })
		const why = `Failed to create pod sandbox: rpc error: code = Unknown desc = ${message}`
		warns(node, pod, 'FailedCreatePodSandBox', why, { count: 17, last: 12 })
		more(node)
	})

const task =
	'failed to start sandbox "7a": failed to create containerd task: failed to create shim task: OCI runtime create failed: unable to retrieve OCI runtime error (open /run/k3s/containerd/io.containerd.runtime.v2.task/k8s.io/7a/log.json: no such file or directory): '

export const lab: readonly Variant[] = [
	{
		name: 'runc may not be executed',
		cause: 'runtime-binary-missing',
		make: waits(`${task}fork/exec /var/lib/rancher/k3s/data/current/bin/runc: permission denied`, node =>
			node.change('commands/files.tsv', text => text.replace(/^f\t\d+(\t.*\/bin\/runc\t)/m, 'f\t644$1')),
		),
	},
	{
		name: 'runc is for another processor',
		cause: 'runtime-binary-missing',
		make: waits(`${task}fork/exec /var/lib/rancher/k3s/data/current/bin/runc: exec format error`),
	},
	{
		name: 'the pause image was deleted and there is no registry',
		cause: 'airgap-images-missing',
		make: waits(
			'failed to start sandbox "7a": failed to get sandbox image "rancher/mirrored-pause:3.6": failed to pull image "rancher/mirrored-pause:3.6": failed to pull and unpack image "docker.io/rancher/mirrored-pause:3.6": failed to resolve reference "docker.io/rancher/mirrored-pause:3.6": failed to do request: Head "https://registry-1.docker.io/v2/rancher/mirrored-pause/manifests/3.6": dial tcp: lookup registry-1.docker.io on 10.99.0.1:53: no such host',
		),
	},
	{
		name: 'a plugin of the pod network was deleted',
		cause: 'cni-not-ready',
		make: waits(
			'failed to setup network for sandbox "7a": plugin type="flannel" failed (add): failed to delegate add: failed to find plugin "bridge" in path [/var/lib/rancher/k3s/data/cni]',
		),
	},
	{
		name: 'all addresses of the node are given away',
		cause: 'cidr-conflict',
		make: waits(
			'failed to setup network for sandbox "7a": plugin type="flannel" failed (add): failed to delegate add: failed to allocate for range 0: no IP addresses available in range set: 10.42.0.1-10.42.0.254',
		),
	},
	{
		name: 'the configuration of local-path is no JSON',
		cause: 'local-path-failed',
		make: server(node => {
			const again = crashing(node, 'back-off 5m0s', { restarts: 7, ran: [60, 58] })
			changePod(
				node,
				() => ({
					status: {
						phase: 'Running',
						conditions: notReady,
						containerStatuses: [
							container('local-path-provisioner', 'rancher/local-path-provisioner:v0.0.36', again),
						],
					},
				}),
				({ metadata }) => String(metadata.name).startsWith('local-path'),
			)
			podSays(
				node,
				'kube-system_local-path-provisioner',
				`time="${node.ago(59)}" level=fatal msg="Error starting daemon: invalid character '}' looking for beginning of object key string"`,
				[59],
			)
		}),
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
		make: server(node =>
			node.add('apiservices', {
				metadata: { name: 'v1.custom.example', creationTimestamp: node.ago(9000) },
				spec: { group: 'custom.example', version: 'v1', service: { namespace: 'custom', name: 'api' } },
				status: missingEndpoints(node, 'api in "custom"', '', 4000),
			}),
		),
	},
	{
		name: 'a taint that throws everything off the node',
		cause: 'node-tainted',
		make: server(node => {
			tainted(node, { key: 'maintenance', value: 'yes', effect: 'NoExecute', timeAdded: node.ago(900) })
			const message =
				'0/1 nodes are available: 1 node(s) had untolerated taint(s). preemption: 0/1 nodes are available: 1 Preemption is not helpful for scheduling.'
			node.update('pods', pod => ({
				...pod,
				metadata: { ...pod.metadata, creationTimestamp: node.ago(880) },
				spec: { ...pod.spec, nodeName: undefined },
				status: unscheduled(node, message, 870),
			}))
			unavailable(node)
		}),
	},
	{
		name: 'the cloud controller was switched off and none came',
		cause: 'cloud-provider-uninitialized',
		make: server(node => {
			node.append('files/etc/rancher/k3s/config.yaml', 'disable-cloud-controller: true\n')
			const key = 'node.cloudprovider.kubernetes.io/uninitialized'
			tainted(node, { key, value: 'true', effect: 'NoSchedule' })
		}),
	},
	{
		name: 'the rights of the admin were taken away',
		cause: 'rbac-denied',
		make: server(node => {
			keepsSaying(node, [
				klog(
					'"Failed to watch" err="failed to list *v1.Node: nodes is forbidden: User \\"system:k3s-controller\\" cannot list resource \\"nodes\\" in API group \\"\\" at the cluster scope" logger="UnhandledError" reflector="k8s.io/client-go" type="*v1.Node"',
					'reflector.go:200',
				),
			])
		}),
	},
]
