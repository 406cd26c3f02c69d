/** What healthy nodes say though it sounds bad: the start-up. One oddity a group of words that belong together. */
import { klog, lately, logrus, whileSettling, whileStarting, zap } from '../journal.js'
import type { HealthyNode, Oddity } from '../node.js'

type When = 'starting' | 'settling' | 'lately'

interface Noise {
	name: string
	when: When
	lines: readonly string[]
	on?: readonly HealthyNode[]
}

const info = (text: string, more = '') => logrus('info', text, more)
const warning = (text: string) => logrus('warning', text)
const error = (text: string, more = '') => logrus('error', text, more)
const agents: readonly HealthyNode[] = ['agent-healthy']
const members: readonly HealthyNode[] = ['ha-healthy']
const databases: readonly HealthyNode[] = ['extdb-postgres-healthy']
const tested = 'failed to get etcd status: rpc error: code = Unavailable desc = connection error'
const refused = 'dial unix /run/k3s/containerd/containerd.sock: connect: connection refused'

const starting: readonly Noise[] = [
	{
		name: 'modules that modprobe does not find',
		when: 'starting',
		lines: ['nft-expr-counter', 'nfnetlink-subsys-11', 'nft-chain-2-nat', 'iptable_nat'].map(module =>
			warning(`Failed to load kernel module ${module} with modprobe`),
		),
	},
	{ name: 'modules that are there', when: 'starting', lines: [info('Module overlay was already loaded')] },
	{
		name: 'etcd that is still opening its data',
		when: 'starting',
		on: members,
		lines: Array.from({ length: 8 }, () => info(`Failed to test etcd connection: ${tested}`)),
	},
	{
		name: 'an API server that is asked too early',
		when: 'starting',
		lines: Array.from({ length: 4 }, () =>
			info(
				'Polling for API server readiness: GET /readyz failed: the server is currently unable to handle the request',
			),
		),
	},
	{
		name: 'containerd that is asked too early',
		when: 'starting',
		lines: [info(`Waiting for containerd startup: rpc error: code = Unavailable desc = ${refused}`)],
	},
	{
		name: 'a server that is still starting',
		when: 'starting',
		on: agents,
		lines: [
			info(
				'Waiting to retrieve agent configuration; server is not ready: https://127.0.0.1:6444/v1-k3s/config: 503 Service Unavailable: runtime core not ready',
			),
			info(
				'Waiting to retrieve kube-proxy configuration; server is not ready: https://127.0.0.1:6444/v1-k3s/config: 503 Service Unavailable',
			),
		],
	},
	{
		name: 'clients that poll too early',
		when: 'starting',
		lines: ['502', '503'].map(status =>
			error(`Sending HTTP/1.1 ${status} response to 127.0.0.1:40110: runtime core not ready`),
		),
	},
	{
		name: 'words of etcd on a server with SQLite',
		when: 'starting',
		lines: [info('ETCD server is now running')],
	},
	{
		name: 'a tunnel that is made again',
		when: 'settling',
		on: agents,
		lines: [
			error(
				'Remotedialer proxy error; reconnecting...',
				'error="dial tcp 10.99.0.11:6443: connect: connection refused" url="wss://10.99.0.11:6443/v1-k3s/connect"',
			),
			info('error in remotedialer server [400]: websocket: close 1006 (abnormal closure): unexpected EOF'),
		],
	},
	{
		name: 'tokens of pods from before the stop',
		when: 'lately',
		lines: ['service account token has expired', 'invalid bearer token'].map(why =>
			klog(`"Unable to authenticate the request" err="[invalid bearer token, ${why}]"`),
		),
	},
	{
		name: 'scanners and probes of the TLS port',
		when: 'lately',
		lines: [
			'EOF',
			'remote error: tls: bad certificate',
			'client sent an HTTP request to an HTTPS server',
		].map(why => info(`http: TLS handshake error from 203.0.113.9:51022: ${why}`)),
	},
	{
		name: 'the metrics API before metrics-server is up',
		when: 'settling',
		lines: [
			klog(
				'loading OpenAPI spec for "v1beta1.metrics.k8s.io" failed with: failed to download v1beta1.metrics.k8s.io: ResponseCode: 503, Body: service unavailable',
			),
			klog('Handler for v1beta1.metrics.k8s.io failed'),
			klog(
				"couldn't get resource list for metrics.k8s.io/v1beta1: the server is currently unable to handle the request",
			),
		],
	},
	{
		name: 'discovery that lacks the metrics API',
		when: 'settling',
		lines: [
			klog(
				'garbagecollector.go: failed to discover some groups: map[metrics.k8s.io/v1beta1:stale GroupVersion discovery: metrics.k8s.io/v1beta1]',
			),
			klog('resource_quota_controller.go: failed to discover resources: metrics.k8s.io/v1beta1'),
		],
	},
	{
		name: 'optimistic locks',
		when: 'settling',
		lines: [
			error(
				'Failed to process config: failed to process /var/lib/rancher/k3s/server/manifests/coredns.yaml: Operation cannot be fulfilled on addons.k3s.cattle.io "coredns": the object has been modified; please apply your changes to the latest version',
			),
		],
	},
	{
		name: 'an object that somebody else changed at the same time',
		when: 'lately',
		lines: [
			klog(
				'"Failed to update status" err="Operation cannot be fulfilled on deployments.apps \\"web\\": the object has been modified"',
			),
		],
	},
	{
		name: 'no subnet of flannel yet',
		when: 'starting',
		lines: ['FLANNEL_NETWORK', 'FLANNEL_SUBNET'].map(key =>
			error(`no subnet found for key: ${key} in file: /run/flannel/subnet.env`),
		),
	},
	{
		name: 'a resolver on loopback',
		when: 'starting',
		lines: [
			warning(
				'Host resolv.conf includes loopback, multicast, or link-local nameservers - kubelet will use autogenerated resolv.conf with nameserver 8.8.8.8',
			),
		],
	},
	{
		name: 'a short token',
		when: 'starting',
		on: agents,
		lines: [
			warning(
				"Cluster CA certificate is not trusted by the host CA bundle, but the token does not include a CA hash. Use the full token from the server's node-token file to enable Cluster CA validation.",
			),
		],
	},
	{
		name: 'SELinux on and not used',
		when: 'starting',
		lines: [
			warning(
				'SELinux is enabled on this host, but k3s has not been started with --selinux - containerd SELinux support is disabled',
			),
		],
	},
	{
		name: 'no CPU quotas',
		when: 'starting',
		lines: [warning('Disabling CPU quotas due to missing cpu controller or cpu.cfs_period_us')],
	},
	{
		name: 'no cpuset',
		when: 'starting',
		lines: [
			warning(
				'Failed to find cpuset cgroup, you may need to add "cgroup_enable=cpuset" to your linux cmdline (/boot/cmdline.txt on a Raspberry Pi)',
			),
		],
	},
	{
		name: 'kernel settings of a container host',
		when: 'starting',
		lines: [error('Failed to set sysctl: open /proc/sys/net/netfilter/nf_conntrack_max: permission denied')],
	},
]

const running: readonly Noise[] = [
	{
		name: 'more resolvers than a pod may have',
		when: 'lately',
		lines: [
			klog(
				'"Nameserver limits exceeded" err="Nameserver limits were exceeded, some nameservers have been omitted, the applied nameserver line is: 10.0.0.1 10.0.0.2 10.0.0.3"',
			),
			klog('"DNSConfigForming" err="Nameserver limits were exceeded"'),
		],
	},
	{
		name: 'a node that is not registered yet',
		when: 'starting',
		lines: [
			klog('"Error getting the current node from lister" err="node \\"s1\\" not found"'),
			klog('Error getting node s1: nodes "s1" not found'),
		],
	},
	{
		name: 'the first seconds of the kubelet',
		when: 'starting',
		lines: [
			klog(
				'"Skipping pod synchronization" err="[container runtime status check may not have completed yet, PLEG is not healthy: pleg has yet to be successful]"',
			),
		],
	},
	{
		name: 'no network before flannel',
		when: 'starting',
		lines: [
			klog(
				'"Container runtime network not ready" networkReady="NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized"',
			),
		],
	},
	{
		name: 'no figures of the disks yet',
		when: 'starting',
		lines: [
			klog('"Unable to get rootfs/imageFs stats" err="no stats for rootfs"'),
			klog('"Eviction manager: invalid capacity 0 on image filesystem"'),
			klog(
				'Partial failure issuing cadvisor.ContainerInfoV2: partial failures: ["/kubepods": unable to find data in memory cache]',
			),
		],
	},
	{
		name: 'one slow query',
		when: 'lately',
		lines: [
			info(
				'Slow SQL (started: 2026-11-21 04:55:00 +0000 UTC) (total time: 1.288s): SELECT MAX(rkv.id) AS id FROM kine AS rkv',
			),
			klog('Trace[1187290]: "List" url:/api/v1/pods (21-Nov-2026 04:55:00) (total time: 701ms):', 'I'),
		],
	},
	{
		name: 'one slow request of etcd',
		when: 'lately',
		on: members,
		lines: [zap('warn', 'apply request took too long', { took: '141.2ms', 'expected-duration': '100ms' })],
	},
	{
		name: 'races of kine',
		when: 'lately',
		on: databases,
		lines: [
			info('COMPACT compactRev=1021 targetCompactRev=2021 currentRev=3021'),
			error(
				'error in txn: ERROR: duplicate key value violates unique constraint "kine_name_prev_revision_uindex" (SQLSTATE 23505)',
			),
			error(
				"error in txn insert: Error 1062: Duplicate entry '/registry/events/x' for key 'kine_name_prev_revision_uindex'",
			),
			error('error in txn: UNIQUE constraint failed: kine.name, kine.prev_revision'),
		],
	},
	{
		name: 'fixed warnings of etcd',
		when: 'starting',
		on: members,
		lines: [
			zap('warn', 'simple token is not cryptographically signed'),
			zap('warn', 'serving client traffic insecurely; this is strongly discouraged!', {
				traffic: 'http',
				address: '127.0.0.1:2399',
			}),
		],
	},
	{
		name: 'retries of the etcd client',
		when: 'starting',
		on: members,
		lines: Array.from({ length: 5 }, () =>
			zap('warn', 'retrying of unary invoker failed', {
				error:
					'rpc error: code = DeadlineExceeded desc = latest balancer error: connection error: desc = "transport: Error while dialing: dial tcp 127.0.0.1:2379: connect: connection refused"',
			}),
		),
	},
	{
		name: 'health checks of the load balancer at etcd',
		when: 'lately',
		on: members,
		lines: [
			zap('warn', 'rejected connection on client endpoint', {
				'remote-addr': '127.0.0.1:39810',
				error: 'EOF',
			}),
		],
	},
	{
		name: 'two members that join at once',
		when: 'starting',
		on: members,
		lines: Array.from({ length: 3 }, () =>
			info(
				'Waiting for other members to finish joining etcd cluster: etcdserver: too many learner members in cluster',
			),
		),
	},
	{
		name: 'a small drift of clocks',
		when: 'lately',
		on: members,
		lines: [zap('info', 'prober found high clock drift', { 'clock-drift': '210ms', rtt: '1.1ms' })],
	},
	{
		name: 'a bootstrap key that is there',
		when: 'starting',
		lines: [warning('Bootstrap key already exists')],
	},
	{
		name: 'keys of former tokens',
		when: 'starting',
		lines: [
			warning(
				'found multiple bootstrap keys in storage, attempting to use the one that matches the current token',
			),
		],
	},
	{
		name: 'another server that was away at the start',
		when: 'starting',
		on: members,
		lines: [
			warning(
				'Unable to reconcile with remote datastore: Get "https://10.99.0.11:6443/v1-k3s/server-bootstrap": dial tcp 10.99.0.11:6443: connect: connection refused',
			),
			info('Successfully reconciled with local datastore'),
		],
	},
	{
		name: 'certificates that another server has rotated',
		when: 'starting',
		on: members,
		lines: [
			info('/var/lib/rancher/k3s/server/tls/client-admin.crt will be updated from the datastore.'),
			info('Updating bootstrap data on disk from datastore'),
		],
	},
	{
		name: 'flags that upstream calls old',
		when: 'starting',
		lines: [
			'Flag --pod-infra-container-image has been deprecated, will be removed in a future release',
			'WARNING: all flags other than --config, --write-config-to, and --cleanup are deprecated, please begin using a config file ASAP.',
		],
	},
	{
		name: 'APIs without resources',
		when: 'starting',
		lines: [klog('Skipping API batch/v2alpha1 because it has no resources.', 'W')],
	},
	{
		name: 'a certificate that is asked for anew',
		when: 'starting',
		on: agents,
		lines: [info('Node authorization rejected, retrying without client certificate authentication')],
	},
	{
		name: 'a server that restarts',
		when: 'lately',
		on: agents,
		lines: [
			error(
				'Failed to get apiserver addresses from supervisor: Get "https://127.0.0.1:6444/v1-k3s/apiservers": EOF',
			),
			warning('Failed to validate server token: Get "https://127.0.0.1:6444/cacerts": EOF'),
		],
	},
	{
		name: 'a password that is checked later',
		when: 'starting',
		lines: [info('Password verification deferred for node s1')],
	},
	{
		name: 'a role that is given later',
		when: 'starting',
		lines: [info('Unable to set control-plane role label: nodes "s1" not found')],
	},
	{
		name: 'parts that wait for each other',
		when: 'starting',
		lines: ['control-plane node agent startup', 'untainted node', 'control-plane dns startup'].map(what =>
			info(`Waiting for ${what}`),
		),
	},
	{
		name: 'one lease that was late',
		when: 'lately',
		lines: [
			klog(
				'"Failed to ensure lease exists, will retry" err="Get \\"https://127.0.0.1:6443/apis/coordination.k8s.io/v1/leases\\": EOF" interval="200ms"',
			),
			klog(
				'"Failed to update lease" err="Put \\"https://127.0.0.1:6443/apis/coordination.k8s.io/v1/leases\\": EOF"',
			),
		],
	},
	{
		name: 'a panic that is none',
		when: 'lately',
		lines: [
			klog('"Event occurred" object="shop/web" kind="Pod" type="Warning" reason="BackOff"', 'I'),
			klog(
				'"Observed a panic" panic="&errors.errorString{s:\\"killing connection/stream because serving request timed out and response had been started\\"}"',
			),
			klog('"Observed a panic" panic="net/http: abort Handler"'),
		],
	},
	{
		name: 'events that cannot be written yet',
		when: 'starting',
		lines: [
			klog("Could not construct reference to: '&v1.Node{}' due to: selfLink was empty"),
			klog(
				'"Unable to write event (may retry after sleeping)" err="Post \\"https://127.0.0.1:6443/api/v1/namespaces/default/events\\": dial tcp 127.0.0.1:6443: connect: connection refused"',
			),
		],
	},
	{
		name: 'no policies where no ipset is',
		when: 'starting',
		lines: [warning('Skipping network policy controller start, ipset unavailable: exec: "ipset": not found')],
	},
	{
		name: 'an embedded registry that is not ready at once',
		when: 'starting',
		lines: [
			warning(
				'Failed to wait for distributed registry to become ready, will retry in the background: timeout',
			),
		],
	},
	{
		name: 'a load balancer at its work',
		when: 'lately',
		on: agents,
		lines: [
			info('Server 10.99.0.12:6443@UNCHECKED->RECOVERING from successful health check'),
			info('Server 10.99.0.13:6443@ACTIVE->FAILED from failed dial'),
			info('Server 10.99.0.11:6443@PREFERRED->ACTIVE from successful dial'),
		],
	},
	{
		name: 'a serving certificate that is made later',
		when: 'starting',
		lines: [
			warning(
				'dynamiclistener [::]:6443: no cached certificate available for preload - deferring certificate load until storage initialization or first client request',
			),
		],
	},
	{
		name: 'remains that kine cannot take away',
		when: 'starting',
		lines: [
			warning('failed to remove socket: remove kine.sock: no such file or directory'),
			warning('failed to get listener port'),
		],
	},
	{
		name: 'bookkeeping of snapshots',
		when: 'lately',
		on: members,
		lines: [
			error(
				'Failed to record snapshots for cluster: Operation cannot be fulfilled on configmaps "k3s-etcd-snapshots"',
			),
			error('Failed to save local snapshot metadata: file exists'),
			info('Snapshot ConfigMap is too large, attempting to elide 3 of 30 entries to reduce size'),
		],
	},
	{
		name: 'containers that are gone already',
		when: 'lately',
		lines: [
			klog('"Failed to create existing container" err="task 7aab not found: not found"'),
			klog(
				'"ContainerStatus from runtime service failed" err="rpc error: code = NotFound desc = an error occurred when try to find container \\"7aab\\": not found" containerID="7aab"',
			),
			klog('"RemoveContainer from runtime service failed" err="rpc error: code = NotFound desc = not found"'),
		],
	},
	{
		name: 'directories of pods that are gone',
		when: 'lately',
		lines: [
			klog(
				'"There were many similar errors. Turn up verbosity to see them." err="orphaned pod \\"0c11\\" found, but volume paths are still present on disk" numErrs=2',
			),
		],
	},
	{
		name: 'advice about external addresses',
		when: 'starting',
		lines: [
			warning('Server has flannel-external-ip flag set but this node does not set node-external-ip'),
			warning(
				'Flannel is using external addresses with an insecure backend: vxlan. Please consider using an encrypting flannel backend.',
			),
		],
	},
]

export const noise: readonly Oddity[] = [...starting, ...running].map(({ name, when, lines, on }) => ({
	name: `says: ${name}`,
	...(on && { on }),
	change: node => {
		if (when === 'starting') whileStarting(node, lines)
		else if (when === 'settling') whileSettling(node, lines)
		else lately(node, lines, [900])
	},
}))
