/** Incidents of SQLite, etcd and databases elsewhere. */
import { apiScene, ends, keepsSaying, scene, waits } from '../messages/scene.js'
import { ago, node } from '../rules/cluster-text.js'
import { begins, listed, listingEntry, restarting, type Said } from '../rules/unit.js'
import { type Cases, says, untold } from './case.js'
import { config, error, fatal, info, klog, warning, zap } from './raw.js'

const kine = 'starting kubernetes: preparing server: creating storage endpoint: building kine: '
const postgres = (more = '') =>
	config(`datastore-endpoint: "postgres://k3s:<redacted>@pg.lan:5432/k3s${more}"\n`)
const mysql = (more = '') =>
	config(`datastore-endpoint: "mysql://k3s:<redacted>@tcp(my.lan:3306)/k3s${more}"\n`)

export const datastore: Cases = {
	'k3s-2859': says(() =>
		ends(
			'server',
			[
				'I1121 04:00:02.0     700 trace.go:116] Trace[1183]: "GuaranteedUpdate etcd3" type:*coordination.Lease (total time: 9812ms):',
				info(
					'Slow SQL (started: 2026-11-21 04:00:02 +0000 UTC) (total time: 8.811s): SELECT kv.name FROM kine AS kv',
				),
				klog(
					'error retrieving resource lock kube-system/cloud-controller-manager: context deadline exceeded',
					'E',
					'leaderelection.go:325',
				),
				fatal('leaderelection lost for cloud-controller-manager'),
			],
			{ version: 'v1.19.5+k3s2', more: mysql() },
		),
	),
	'k3s-12478': says(() => ({
		...ends(
			'server',
			[
				info('Migrating content from sqlite to etcd'),
				info(
					'Configuring sqlite3 database connection pooling: maxIdleConns=2, maxOpenConns=0, connMaxLifetime=0s',
				),
				info('Kine available at unix://kine.sock'),
				fatal(
					'Error: preparing server: failed to start cluster: start managed database: failed to migrate content from sqlite to etcd: etcdserver: request is too large',
				),
			],
			{
				version: 'v1.32.5+k3s1',
				more: {
					...config('cluster-init: true\n'),
					'commands/files.tsv':
						listed('/var/lib/rancher/k3s/server/db/state.db', { size: 90_177_536 }) +
						listed('/var/lib/rancher/k3s/server/db/etcd', { type: 'd' }),
				},
			},
		),
		entries: [listingEntry],
	})),
	'cluster-template-159': says(() =>
		ends(
			'server',
			[
				zap('fatal', 'invalid downgrade; server version is lower than determined cluster version', {
					'current-server-version': '3.4.13',
					'determined-cluster-version': '3.5',
				}),
			],
			{ version: 'v1.21.5+k3s2' },
		),
	),
	'k3s-7851': says(() =>
		ends(
			'server',
			[
				'panic: runtime error: slice bounds out of range [:8] with capacity 5',
				'goroutine 127 [running]:',
				'encoding/binary.bigEndian.Uint64(...)',
				'go.etcd.io/etcd/server/v3/mvcc.bytesToRev(...)',
				'go.etcd.io/etcd/server/v3/mvcc.restoreChunk(0xc0013, 0xc0018)',
			],
			{ version: 'v1.27.3+k3s1', status: '2/INVALIDARGUMENT' },
		),
	),
	'k3s-9701': says(() =>
		ends(
			'server',
			[
				fatal(
					'starting kubernetes: preparing server: failed to reconcile with temporary etcd: wal: max entry size limit exceeded, recBytes: 8192, fileSize(64000000) - offset(51207368) - padBytes(4) = entryLimit(12792628)',
				),
			],
			{ version: 'v1.26.3+k3s1' },
		),
	),
	'k3s-13498': says(() =>
		ends(
			'server',
			[
				zap('warn', 'server error', { error: 'the member has been permanently removed from the cluster' }),
				zap('warn', 'data-dir used by this member must be removed'),
				fatal('etcd exited: the member has been permanently removed from the cluster'),
			],
			{ version: 'v1.33.7+k3s1' },
		),
	),
	'k3s-10215': says(() =>
		ends('server', [
			zap('warn', 'retrying of unary invoker failed', {
				logger: 'etcd-client',
				target: 'etcd-endpoints://0xc0/10.11.0.4:2379',
				error:
					'rpc error: code = DeadlineExceeded desc = latest balancer error: last connection error: connection error: desc = "transport: Error while dialing: dial tcp 10.11.0.4:2379: connect: connection refused"',
			}),
			fatal(
				'starting kubernetes: preparing server: start managed database: etcd cluster join failed: context deadline exceeded',
			),
		]),
	),
	'k3s-8446': says(() =>
		ends(
			'server',
			[
				info('Adding member b-4d0f=https://10.12.0.5:2380 to etcd cluster [a-77=https://10.12.0.4:2380]'),
				zap('warn', 'failed to get cluster response', {
					address: 'https://10.12.0.4:2380/members',
					error: 'Get "https://10.12.0.4:2380/members": EOF',
				}),
				fatal(
					'ETCD join failed: cannot fetch cluster info from peer urls: could not retrieve cluster information from the given URLs',
				),
			],
			{ version: 'v1.27.6+k3s1' },
		),
	),
	'k3s-3651': says(() =>
		waits(
			'server',
			[
				zap('warn', 'prober detected unhealthy status', {
					'remote-peer-id': 'a1',
					error: 'dial tcp 10.13.0.5:2380: connect: no route to host',
				}),
				zap('warn', 'prober detected unhealthy status', {
					'remote-peer-id': 'b2',
					error: 'dial tcp 10.13.0.6:2380: connect: no route to host',
				}),
				info('Failed to test data store connection: context deadline exceeded'),
			],
			{ version: 'v1.20.7+k3s1' },
		),
	),
	'k3s-7148': says(() => {
		const done =
			'Managed etcd cluster membership has been reset, restart without --cluster-reset flag now. Backup and delete /var/lib/rancher/k3s/server/db on each peer etcd server and rejoin the nodes'
		const said: Said[] = [
			[0, 'systemd', 'Starting %u - Lightweight Kubernetes...'],
			[1, 'k3s', begins('v1.26.3+k3s1')],
			[8, 'k3s', info(done)],
			[8, 'systemd', '%u: Main process exited, code=exited, status=0/SUCCESS'],
			[8, 'systemd', "%u: Failed with result 'protocol'."],
			[14, 'systemd', 'Starting %u - Lightweight Kubernetes...'],
			[15, 'k3s', begins('v1.26.3+k3s1')],
			[
				16,
				'k3s',
				fatal(
					'starting kubernetes: preparing server: start managed database: Managed etcd cluster membership was previously reset, please remove the cluster-reset flag and start k3s normally. If you need to perform another cluster reset, you must first manually delete the /var/lib/rancher/k3s/server/db/reset-flag file',
				),
			],
			[16, 'systemd', '%u: Main process exited, code=exited, status=1/FAILURE'],
			[16, 'systemd', "%u: Failed with result 'exit-code'."],
		]
		return scene('server', 'reset', restarting, said)
	}),
	'k3s-12945': says(() =>
		keepsSaying(
			'server',
			[
				warning(
					'Ignoring S3 configuration from secret: existing configuration from CLI or config file takes precedence',
				),
				info('Attempting to create new S3 client with endpoint s3.amazonaws.com and bucket '),
				error(
					'Error retrieving S3 snapshots for reconciliation: failed to initialize S3 client: s3 bucket name was not set',
				),
			],
			{ version: 'v1.32.8+k3s1' },
			3,
		),
	),
	'k3k-815': says(() =>
		keepsSaying('server', [
			zap('warn', 'failed to apply request', { error: 'etcdserver: mvcc: database space exceeded' }),
			klog('"Failed to update lease" err="etcdserver: mvcc: database space exceeded"'),
		]),
	),
	'k3s-1093': says(() =>
		ends('server', [fatal(`${kine}x509: certificate signed by unknown authority`)], {
			version: 'v1.0.0',
			more: mysql('?tls=skip-verify'),
		}),
	),
	'k3s-549': says(() =>
		ends(
			'server',
			[
				'F1121 04:00:05.114410     700 storage_decorator.go:57] Unable to create storage backend: config (&{ /registry [http://127.0.0.1:2379]}), err (x509: certificate signed by unknown authority)',
			],
			{ version: 'v0.6.0', status: '255/n/a', more: postgres('?sslmode=verify-full') },
		),
	),
	'k3s-1153': says(() =>
		ends('server', [fatal(`${kine}Error 1071: Specified key was too long; max key length is 767 bytes`)], {
			version: 'v1.0.0',
			more: mysql(),
		}),
	),
	'k3s-1939': untold('what k3s said was shown only as a picture'),
	'k3s-1639': says(() =>
		ends(
			'server',
			[
				fatal(
					'starting kubernetes: preparing server: start cluster and https: raft_start(): io: load closed segment 0000000000004097-0000000000004608: found 401 entries (expected 512)',
				),
			],
			{ version: 'v1.17.2+k3s1' },
		),
	),
	'k3s-9787': says(() =>
		ends(
			'server',
			[
				fatal(
					'starting kubernetes: preparing server: creating storage endpoint: building kine: database disk image is malformed',
				),
			],
			{ version: 'v1.27.8+k3s2' },
		),
	),
	'k3s-11269': says(() =>
		keepsSaying(
			'server',
			[error('Compact failed: failed to compact to revision 991822: database is locked')],
			{ version: 'v1.31.2+k3s1' },
			6,
		),
	),
	'k3s-12898': says(() =>
		keepsSaying(
			'server',
			[
				info(
					'Slow SQL (started: 2026-11-21 04:05:00 +0000 UTC) (total time: 8.812s): DELETE FROM kine AS kv WHERE kv.id IN ( SELECT kp.prev_revision AS id FROM kine AS kp )',
				),
				error(
					'Compact failed: failed to commit transaction: sql: transaction has already been committed or rolled back',
				),
			],
			{ version: 'v1.30.9+k3s1' },
			2,
		),
	),
	'k3s-1067': says(() =>
		keepsSaying(
			'server',
			[
				error(
					'Failed to process config: failed to process /var/lib/rancher/k3s/server/manifests/coredns.yaml: failed to create kube-system/kube-dns /v1, Kind=Service for kube-system/coredns: Service "kube-dns" is invalid: spec.clusterIP: Invalid value: "10.43.0.10": provided IP is already allocated',
				),
				klog(
					'v1beta1.metrics.k8s.io failed with: failing or missing response from https://10.43.88.1:443/apis/metrics.k8s.io/v1beta1: bad status: 401',
					'E',
					'available_controller.go:416',
				),
			],
			{ version: 'v1.0.0' },
		),
	),
	'k3s-1485': says(() =>
		apiScene('server', {
			nodes: [
				node({
					unschedulable: true,
					taints: [{ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }],
				}),
				node({
					name: 'master-2',
					ready: false,
					reason: 'NodeStatusUnknown',
					message: 'Kubelet stopped posting node status.',
					since: ago(1500),
				}),
			],
			pods: [
				{
					metadata: {
						namespace: 'system-upgrade',
						name: 'apply-server-plan-on-node-1-with-7aa-x1',
						uid: 'u1',
						creationTimestamp: ago(1900),
						labels: {
							'upgrade.cattle.io/controller': 'system-upgrade-controller',
							'upgrade.cattle.io/plan': 'server-plan',
							'upgrade.cattle.io/node': 'node-1',
						},
					},
					spec: {
						nodeName: 'node-1',
						containers: [{ name: 'upgrade', image: 'rancher/k3s-upgrade:v1.17.4-k3s1' }],
						initContainers: [{ name: 'drain', image: 'rancher/kubectl:v1.17.0' }],
					},
					status: {
						phase: 'Pending',
						conditions: [],
						initContainerStatuses: [
							{
								name: 'drain',
								image: 'x',
								ready: false,
								restartCount: 0,
								state: { running: { startedAt: ago(1890) } },
							},
						],
						containerStatuses: [
							{
								name: 'upgrade',
								image: 'x',
								ready: false,
								restartCount: 0,
								state: { waiting: { reason: 'PodInitializing' } },
							},
						],
					},
				},
			],
		}),
	),
	'k3s-14283': says(() => shutdownless()),
}

/** The job of the CRD chart is done with the wrong revision; that of the chart itself fails for what is missing. */
function shutdownless() {
	const name = 'helm-install-traefik-4r2xx'
	return apiScene(
		'server',
		{
			nodes: [node(), node({ name: 'node-2' })],
			pods: [
				{
					metadata: {
						namespace: 'kube-system',
						name,
						uid: `uid-${name}`,
						creationTimestamp: ago(900),
						labels: { 'helmcharts.helm.cattle.io/chart': 'traefik' },
					},
					spec: { nodeName: 'node-1', containers: [{ name: 'helm', image: 'rancher/klipper-helm:v0.11.1' }] },
					status: {
						phase: 'Running',
						conditions: [],
						containerStatuses: [
							{
								name: 'helm',
								image: 'x',
								ready: false,
								restartCount: 6,
								state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off 5m0s' } },
								lastState: {
									terminated: { exitCode: 1, reason: 'Error', startedAt: ago(50), finishedAt: ago(45) },
								},
							},
						],
					},
				},
			],
			helmcharts: [
				{
					metadata: { namespace: 'kube-system', name: 'traefik', creationTimestamp: ago(90_000) },
					spec: {},
					status: { jobName: 'helm-install-traefik' },
				},
			],
		},
		{
			[`files/var/log/pods/kube-system_${name}_uid-${name}/helm/6.log`]: `${ago(46)} stderr F Error: UPGRADE FAILED: unable to build kubernetes objects from current release manifest: resource mapping not found for name: "traefik-dashboard" namespace: "kube-system" from "": no matches for kind "IngressRoute" in version "traefik.io/v1alpha1"\n`,
		},
	)
}
