/** Incidents of the host: control groups, kernel, disks, memory, clock, names, addresses. */
import { apiScene, ends, keepsSaying, scene, waits } from '../messages/scene.js'
import { ago, event, node, pod } from '../rules/cluster-text.js'
import { begins, restarting, type Said } from '../rules/unit.js'
import { type Cases, says } from './case.js'
import { config, df, error, fatal, findmnt, info, kernel, klog, shutdown, uname, zap } from './raw.js'

const memory =
	'failed to find memory cgroup, you may need to add "cgroup_memory=1 cgroup_enable=memory" to your linux cmdline (/boot/cmdline.txt on a Raspberry Pi)'
const cgroups = (enabled: number) =>
	`#subsys_name\thierarchy\tnum_cgroups\tenabled\ncpuset\t0\t80\t1\ncpu\t0\t80\t1\nmemory\t0\t80\t${enabled}\npids\t0\t80\t1\n`

const route = (rows: unknown[]) => ({
	'commands/ip-route.json': JSON.stringify(rows),
	'commands/ip-6-route.json': '[]',
})

const slow = (took: string, count = 40) =>
	keepsSaying(
		'server',
		[
			zap('warn', 'apply request took too long', {
				took,
				'expected-duration': '100ms',
				prefix: 'read-only range ',
				request: 'key:"/registry/leases/kube-system/k3s"',
			}),
		],
		{},
		count,
	)

export const host: Cases = {
	'k3d-853': says(() =>
		ends('server', [fatal('failed to find memory cgroup (v2)')], { version: 'v1.21.5+k3s2' }),
	),
	'k3d-385': says(() =>
		ends('server', [error(memory), fatal(memory)], {
			version: 'v1.18.9+k3s1',
			more: {
				'files/boot/cmdline.txt':
					'console=serial0,115200 root=PARTUUID=77aa-02 rootwait\ncgroup_enable=cpuset cgroup_memory=1 cgroup_enable=memory\n',
				'files/proc/cgroups': cgroups(0),
			},
		}),
	),
	'k3s-9524': says(() =>
		ends('server', [error(memory), fatal(memory)], {
			version: 'v1.29.1+k3s2',
			more: {
				'files/proc/cmdline':
					'reboot=w coherent_pool=1M cgroup_disable=memory console=tty1 cgroup_memory=1 cgroup_enable=memory\n',
				'files/proc/cgroups': cgroups(0),
			},
		}),
	),
	'nvidia-openshell-360': says(() =>
		ends(
			'server',
			[
				shutdown(
					'kubelet exited: failed to validate kubelet configuration, error: kubelet is configured to not run on a host using cgroup v1. cgroup v1 support is unsupported and will be removed in a future release',
				),
			],
			{ version: 'v1.35.2+k3s1', status: '0/SUCCESS' },
		),
	),
	'k3os-260': says(() =>
		keepsSaying('server', [
			klog(
				'"Failed to update lease" err="Put \\"https://127.0.0.1:6443/apis/coordination.k8s.io/v1/leases\\": x509: certificate has expired or is not yet valid: current time 2026-11-21T04:05:10Z is before 2026-11-22T03:10:00Z"',
			),
		]),
	),
	'k3os-381': says(() =>
		ends('server', [fatal("server time isn't set properly: 1970-01-01 00:00:28.118 +0000 UTC")], {
			version: 'v1.17.2+k3s1',
			more: { 'commands/date.txt': '1970-01-01T00:01:10,000000000+00:00\n' },
		}),
	),
	'etcd-6955': says(() =>
		keepsSaying(
			'server',
			[
				zap(
					'warn',
					'leader failed to send out heartbeat on time; took too long, leader is overloaded likely from slow disk',
					{ 'exceeded-duration': '219.118ms' },
				),
			],
			{},
			60,
		),
	),
	'k3s-2938': says(() => slow('350.7ms', 80)),
	'k3s-14479': says(() =>
		keepsSaying(
			'server',
			[
				zap('warn', 'slow fdatasync', { took: '1.371s', 'expected-duration': '1s' }),
				zap('warn', 'apply request took too long', { took: '3.412s', 'expected-duration': '100ms' }),
			],
			{ version: 'v1.36.2+k3s1' },
		),
	),
	'k3s-9204': says(() =>
		keepsSaying(
			'server',
			[
				zap('warn', 'waiting for ReadIndex response took too long, retrying', { 'retry-timeout': '500ms' }),
				zap('warn', 'apply request took too long', { took: '1.9s', 'expected-duration': '100ms' }),
			],
			{ version: 'v1.28.4+k3s2' },
		),
	),
	'k3s-2372': says(() =>
		ends(
			'server',
			[
				fatal(
					'starting kubernetes: preparing server: start cluster and https: raft_init(): io: create /var/lib/rancher/k3s/server/db/state.dqlite/tmp: cannot allocate 4096 bytes',
				),
			],
			{
				version: 'v1.18.15+k3s1',
				more: df(['/dev/mapper/rl-root', 'xfs', '/', 36], ['/dev/mapper/rl-var', 'xfs', '/var', 100]),
			},
		),
	),
	'foundation-1055': says(() => {
		const self = node({ taints: [{ key: 'node.kubernetes.io/disk-pressure', effect: 'NoSchedule' }] })
		const status = self.status as { conditions: unknown[] }
		status.conditions.push({
			type: 'DiskPressure',
			status: 'True',
			reason: 'KubeletHasDiskPressure',
			message: 'kubelet has disk pressure',
			lastTransitionTime: ago(400),
		})
		const homeless = pod({
			on: '',
			created: ago(300),
			unschedulable:
				'0/1 nodes are available: 1 node(s) had untolerated taint {node.kubernetes.io/disk-pressure: }.',
		})
		return apiScene('server', {
			nodes: [self],
			pods: [homeless],
			events: [
				event({
					kind: 'Node',
					namespace: 'default',
					name: 'node-1',
					reason: 'FreeDiskSpaceFailed',
					message:
						'Failed to garbage collect required amount of images. Attempted to free 8210771968 bytes, but only found 0 bytes eligible to free.',
				}),
			],
		})
	}),
	'k3s-888': says(() =>
		keepsSaying(
			'server',
			[
				klog('invalid capacity 0 on image filesystem', 'W'),
				klog('eviction manager: attempting to reclaim ephemeral-storage', 'W'),
				klog('eviction manager: must evict pod(s) to reclaim ephemeral-storage', 'I'),
			],
			{ version: 'v0.8.1', more: df(['/dev/vdb', 'ext4', '/', 97]) },
		),
	),
	'kubernetes-101655': says(() =>
		apiScene(
			'agent',
			{ pods: [pod({ deleted: ago(900), created: ago(90_000) })] },
			{
				...findmnt(
					['/', '/dev/sda1', 'ext4', 'rw,relatime'],
					['/var/lib', '/dev/sdb1', 'ext4', 'ro,relatime'],
				),
				...kernel(
					[1200, 'blk_update_request: I/O error, dev sdb, sector 48120'],
					[1199, 'EXT4-fs error (device sdb1): ext4_journal_check_start:83: Detected aborted journal'],
					[1199, 'EXT4-fs (sdb1): Remounting filesystem read-only'],
				),
			},
		),
	),
	'npd-274': says(() =>
		apiScene('agent', {
			pods: [pod({ phase: 'Failed', created: ago(200), containers: [] })],
			events: [
				event({
					reason: 'UnexpectedAdmissionError',
					message:
						'Update plugin resources failed due to failed to write checkpoint file "kubelet_internal_checkpoint": open /var/lib/kubelet/device-plugins/.812: read-only file system, which is unexpected.',
				}),
			],
		}),
	),
	'k3s-10020': says(() =>
		keepsSaying(
			'server',
			[
				klog('"Failed to create watcher" err="inotify_init: too many open files"'),
				error('unable to create fsnotify watcher: too many open files'),
			],
			{
				version: 'v1.29.1+k3s2',
				more: {
					'commands/sysctl.txt': 'fs.inotify.max_user_instances = 128\nfs.inotify.max_user_watches = 65536\n',
				},
			},
		),
	),
	'k3s-6708': says(() =>
		keepsSaying('server', [klog('failed to mount: signal: segmentation fault (core dumped)')], {
			version: 'v1.25.6+k3s1',
			more: {
				...uname('Linux arm-1 5.11.0-64k.el7.aarch64 #1 SMP aarch64 aarch64 aarch64 GNU/Linux'),
				...kernel(
					[500, 'coreutils[9120]: segfault (11) at 0x30, in coreutils[400000+10000]'],
					[
						300,
						'iptables[9170]: unhandled exception: SEGV at /var/lib/rancher/k3s/data/77/bin/aux/xtables-legacy-multi',
					],
				),
			},
		}),
	),
	'k3d-607': says(() =>
		ends(
			'server',
			[
				info('Running kube-proxy --cluster-cidr=10.42.0.0/16'),
				klog('open /proc/sys/net/netfilter/nf_conntrack_max: permission denied', 'F', 'server.go:495'),
			],
			{ version: 'v1.20.6+k3s1', status: '255/EXCEPTION' },
		),
	),
	'k3s-2776': says(() =>
		scene(
			'server',
			'modules',
			restarting,
			[
				[0, 'systemd', 'Starting %u - Lightweight Kubernetes...'],
				[
					0,
					'modprobe[611]',
					"modprobe: ERROR: could not open moddep file '/lib/modules/4.19.0/modules.dep.bin'",
				],
				[
					0,
					'modprobe[611]',
					'modprobe: FATAL: Module br_netfilter not found in directory /lib/modules/4.19.0',
				],
				[0, 'modprobe[613]', 'modprobe: FATAL: Module overlay not found in directory /lib/modules/4.19.0'],
				[1, 'k3s', begins('v1.20.0+k3s2')],
				[
					2,
					'k3s',
					klog(
						'Failed to start ContainerManager: system validation failed - Following Cgroup subsystem not mounted: [memory]',
						'F',
					),
				],
				[2, 'systemd', '%u: Main process exited, code=exited, status=255/EXCEPTION'],
				[2, 'systemd', "%u: Failed with result 'exit-code'."],
			] as Said[],
			uname('Linux h2891.stratoserver.net 4.19.0 #1 SMP Wed Jul 15 12:00:00 MSK 2020 x86_64 GNU/Linux'),
		),
	),
	'k3s-364': says(() =>
		ends(
			'server',
			[
				'panic: open /proc/sys/net/netfilter/nf_conntrack_max: no such file or directory',
				'goroutine 118 [running]:',
				'k8s.io/kubernetes/cmd/kube-proxy/app.(*ProxyServer).Run(0xc0009)',
			],
			{ version: 'v0.4.0', status: '255/n/a' },
		),
	),
	'k3s-1144': says(() =>
		ends(
			'server',
			[fatal('apiserver exited: no default routes found in "/proc/net/route" or "/proc/net/ipv6_route"')],
			{ version: 'v1.0.0', more: route([{ dst: '192.168.7.0/24', dev: 'eth0', flags: [] }]) },
		),
	),
	'k3s-7865': says(() =>
		ends('server', [fatal('unable to select an IP from default routes.')], {
			more: route([
				{ dst: 'default', dev: 'dummy0', gateway: '169.254.1.254', flags: [] },
				{ dst: '192.168.88.0/24', dev: 'ens33', flags: [] },
			]),
		}),
	),
	'k3s-1042': says(() =>
		keepsSaying(
			'agent',
			[klog('"Unable to read directory" err="open /var/log/pods: too many open files in system"')],
			{
				more: { 'commands/sysctl.txt': 'fs.file-nr = 2618240\t0\t2618240\nfs.file-max = 2618240\n' },
			},
		),
	),
	'kubernetes-79466': says(() =>
		keepsSaying('agent', [
			klog(
				'failed to collect filesystem stats - rootDiskErr: could not stat "/var/lib/docker/overlay2/7f": du command failed: fork/exec /usr/bin/du: resource temporarily unavailable',
				'E',
				'handler.go:1',
			),
		]),
	),
	'aksflexnode-67': says(() =>
		ends(
			'agent',
			[
				shutdown(
					'kubelet exited: failed to run Kubelet: running with swap on is not supported, please disable swap or set --fail-swap-on flag to false. /proc/swaps contained: [Filename Type Size Used Priority /swapfile file 4194300 0 -2]',
				),
			],
			{
				more: {
					...config('kubelet-arg:\n  - fail-swap-on=true\n'),
					'files/proc/swaps':
						'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n/swapfile                               file\t\t4194300\t\t0\t\t-2\n',
				},
			},
		),
	),
	'nixpkgs-50443': says(() =>
		ends(
			'server',
			[
				klog(
					'failed to run Kubelet: Running with swap on is not supported, please disable swap! or set --fail-swap-on flag to false. /proc/swaps contained: [Filename\t\t\t\tType\t\tSize\tUsed\tPriority /dev/dm-1 partition 8388604 0 -2]',
					'F',
					'server.go:262',
				),
			],
			{ status: '255/EXCEPTION' },
		),
	),
	'k3os-159': says(() =>
		apiScene('server', {
			nodes: [
				{
					...node({
						name: 'k3os-11902',
						ready: false,
						reason: 'NodeStatusUnknown',
						message: 'Kubelet stopped posting node status.',
						since: ago(4000),
					}),
				},
				node(),
			],
		}),
	),
	'k3s-4803': says(() =>
		ends(
			'server',
			[
				fatal(
					'starting kubernetes: preparing server: start managed database: joining etcd cluster: duplicate node name found, please use a unique name for this node',
				),
			],
			{ version: 'v1.23.1+k3s1' },
		),
	),
	'k3s-10794': says(() =>
		keepsSaying('agent', [
			klog(
				'"Unable to register node with API server" err="Node \\"pi_kitchen\\" is invalid: metadata.name: Invalid value: \\"pi_kitchen\\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, \'-\' or \'.\'" node="pi_kitchen"',
			),
			klog('"Error getting node" err="node \\"pi_kitchen\\" not found"'),
		]),
	),
	'rke2-7978': says(() =>
		waits(
			'server',
			[
				klog(
					'"Unable to register node with API server" err="Node \\"az_master_1\\" is invalid: metadata.name: Invalid value: \\"az_master_1\\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters" node="az_master_1"',
				),
			],
			{ more: config('node-name: az_master_1\n') },
		),
	),
	'k3d-262': says(() =>
		waits(
			'server',
			[
				info(
					'Failed to test data store connection: this server is a not a member of the etcd cluster. Found [k3d-dev-server-0-9a11=https://172.20.0.3:2380], expect: k3d-dev-server-0-9a11=https://172.20.0.5:2380',
				),
				zap('warn', 'prober detected unhealthy status', {
					'remote-peer-id': '77',
					error: 'dial tcp 172.20.0.4:2380: connect: connection refused',
				}),
			],
			{ version: 'v1.20.5+k3s1' },
		),
	),
	'k3k-54': says(() =>
		waits('server', [
			info(
				'Failed to test data store connection: this server is a not a member of the etcd cluster. Found [s-0-11=https://10.42.1.7:2380 s-1-22=https://10.42.2.9:2380 s-2-33=https://10.42.3.4:2380], expect: s-0-11=https://10.42.1.31:2380',
			),
			info('Waiting for API server to become available'),
		]),
	),
	'k3s-4296': says(() =>
		ends(
			'server',
			[
				fatal(
					'starting kubernetes: preparing server: start managed database: this server is a not a member of the etcd cluster. Found [focal-8f=https://10.0.0.100:2380], expect: focal-8f=https://10.0.0.101:2380',
				),
			],
			{ version: 'v1.21.5+k3s2' },
		),
	),
	'flannel-2039': says(() =>
		apiScene('server', {
			nodes: [
				node({
					ready: false,
					reason: 'KubeletNotReady',
					message:
						'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized',
					since: ago(500),
					taints: [{ key: 'node.kubernetes.io/not-ready', effect: 'NoSchedule' }],
				}),
			],
		}),
	),
}
