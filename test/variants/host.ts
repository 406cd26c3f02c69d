/** The host: disks, memory, kernel, services, the runtime. */
import { full, mounted } from '../scenes/disks.js'
import { memoryCgroupOff, notRestarted, swap } from '../scenes/faults.js'
import { keepsSaying, kernelSays, klog } from '../scenes/journal.js'
import { server } from '../scenes/recorded.js'
import { killed, serverEnds, serverShutsDown } from '../scenes/start.js'
import type { Variant } from './case.js'

export const host: readonly Variant[] = [
	{
		name: 'swap is on and the kubelet was told to refuse it',
		cause: 'swap-on',
		make: async () => {
			const node = await serverShutsDown(
				'kubelet exited: failed to run Kubelet: running with swap on is not supported, please disable swap or set --fail-swap-on flag to false. /proc/swaps contained: [Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority /swap.img file 4194300 0 -2]',
				{ config: 'kubelet-arg:\n  - fail-swap-on=true\n' },
			)
			swap(node)
			return node
		},
	},
	{
		name: 'no space on a disk of its own for the data',
		cause: 'disk-full',
		make: async () => {
			const node = await serverEnds([
				'fatal Error: extracting data: write /srv/k3s/data/.tmp/bin/containerd: no space left on device',
			])
			full(node, '/var/lib/rancher')
			node.change('journal/k3s.log', text => text.replaceAll('/srv/k3s', '/var/lib/rancher/k3s'))
			return node
		},
	},
	{
		name: 'too few inotify instances',
		cause: 'inotify-limit',
		make: async () => {
			const node = await serverShutsDown(
				'kubelet exited: failed to run Kubelet: unable to create config watcher: inotify_init: too many open files',
			)
			node.change('commands/sysctl.txt', text =>
				text.replace(/^fs\.inotify\.max_user_instances.*$/m, 'fs.inotify.max_user_instances = 128'),
			)
			return node
		},
	},
	{
		name: 'the OOM killer took k3s',
		cause: 'memory-pressure',
		also: ['service-killed'],
		make: async () => {
			const node = await serverEnds([])
			killed(node, 'oom-kill')
			kernelSays(
				node,
				4,
				'oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=k3s.service,mems_allowed=0,global_oom,task_memcg=/system.slice/k3s.service,task=k3s-server,pid=1394,uid=0',
			)
			kernelSays(
				node,
				4,
				'Out of memory: Killed process 1394 (k3s-server) total-vm:1890000kB, anon-rss:700000kB, file-rss:0kB',
			)
			return node
		},
	},
	{
		name: 'somebody killed k3s with SIGKILL',
		cause: 'service-killed',
		make: async () => {
			const node = await serverEnds([])
			killed(node, 'signal')
			node.change('commands/systemctl-show.txt', text =>
				text.replace('ExecMainCode=1', 'ExecMainCode=2').replace('ExecMainStatus=1', 'ExecMainStatus=9'),
			)
			return node
		},
	},
	{
		name: 'the data directory belongs to another user and may not be entered',
		cause: 'data-dir-problem',
		make: () =>
			serverEnds(
				[
					'fatal Error: failed to evacuate root cgroup: mkdir /var/lib/rancher/k3s/server: permission denied',
				].map(line =>
					line.replace('failed to evacuate root cgroup: ', 'can not mkdir /var/lib/rancher/k3s/server: '),
				),
			),
	},
	{
		name: 'containerd lost its metadata',
		cause: 'containerd-state-corrupt',
		make: async () => {
			const node = await serverShutsDown('containerd exited: exit status 1')
			node.put(
				'files/var/lib/rancher/k3s/agent/containerd/containerd.log',
				'time="2026-11-21T05:05:41.900000000Z" level=info msg="starting containerd" version=v2.3.2-k3s1\ncontainerd: failed to load plugin io.containerd.metadata.v1.bolt: open /var/lib/rancher/k3s/agent/containerd/io.containerd.metadata.v1.bolt/meta.db: invalid database\n',
			)
			return node
		},
	},
	{
		name: 'a containerd template of the wrong version',
		cause: 'containerd-config-invalid',
		make: async () => {
			const node = await serverShutsDown('containerd exited: exit status 1')
			node.put(
				'files/var/lib/rancher/k3s/agent/containerd/containerd.log',
				'containerd: failed to load TOML from /var/lib/rancher/k3s/agent/etc/containerd/config.toml: (12, 2): no value can start with [\n',
			)
			node.put(
				'files/var/lib/rancher/k3s/agent/etc/containerd/config-v3.toml.tmpl',
				'version = 3\n[plugins\n',
			)
			return node
		},
	},
	{
		name: 'Docker is to be used and is not running',
		cause: 'docker-backend-problem',
		make: async () => {
			const node = await serverShutsDown(
				'cri-dockerd exited: failed to get docker runtime info: Cannot connect to the Docker daemon at unix:///var/run/docker.sock. Is the docker daemon running?',
				{ config: 'docker: true\n' },
			)
			return node
		},
	},
	{
		name: 'a second Kubernetes on the host',
		cause: 'server-and-agent-both',
		also: ['port-in-use'],
		make: async () => {
			const node = await serverEnds([
				'fatal Error: failed to listen on 6443: listen tcp :6443: bind: address already in use',
			])
			node.change(
				'commands/ss-listening.txt',
				text =>
					`${text}tcp LISTEN 0 4096 *:6443 *:* users:(("kube-apiserver",pid=2201,fd=3))\ntcp LISTEN 0 4096 *:10250 *:* users:(("kubelet",pid=2100,fd=22))\n`,
			)
			node.change(
				'commands/ps.txt',
				text =>
					`${text} 2201       1 root     Ssl  Sat Nov 21 03:00:00 2026  7000 312000  2.1 kube-apiserver --advertise-address=10.99.0.11\n 2100       1 root     Ssl  Sat Nov 21 03:00:00 2026  7000 99000  1.1 /snap/microk8s/7000/kubelet --config=/var/snap/kubelet\n`,
			)
			return node
		},
	},
	{
		name: 'the control group of memory is off on a Raspberry Pi',
		cause: 'cgroup-memory-missing',
		make: async () => {
			const node = await memoryCgroupOff()
			node.put(
				'files/proc/cmdline',
				'console=serial0,115200 root=PARTUUID=77aa-02 rootwait cgroup_disable=memory\n',
			)
			return node
		},
	},
	{
		name: 'many processes, no more forks',
		cause: 'pid-pressure',
		make: server(node => {
			keepsSaying(node, [
				klog(
					'"Failed to create sandbox" err="fork/exec /var/lib/rancher/k3s/data/current/bin/containerd-shim-runc-v2: resource temporarily unavailable"',
				),
			])
		}),
	},
	{
		name: 'the upgrade was not restarted',
		cause: 'upgrade-incomplete',
		make: server(notRestarted),
	},
	{
		name: 'noexec on the data directory',
		cause: 'binary-noexec',
		make: async () => {
			const node = await serverEnds(['fatal Error: exec: "k3s-server": executable file not found in $PATH'])
			mounted(node, '/var/lib/rancher', { options: 'rw,nosuid,nodev,noexec,relatime' })
			return node
		},
	},
	{
		name: 'the data directory is on a network share',
		cause: 'filesystem-unsupported',
		also: ['containerd-failed', 'sqlite-slow'],
		make: async () => {
			const node = await serverShutsDown(
				'failed to start container runtime: "overlayfs" snapshotter cannot be enabled for "/var/lib/rancher/k3s/agent/containerd", try using "fuse-overlayfs" or "native": failed to mount overlay: invalid argument',
			)
			mounted(node, '/var/lib/rancher', {
				source: 'filer:/k3s',
				fstype: 'nfs4',
				options: 'rw,relatime,vers=4.2',
			})
			return node
		},
	},
]
