/** What may be odd about a host without troubling k3s: disks, memory, clock, kernel, processes. */
import { kernelSays } from '../../scenes/journal.js'
import type { HealthyFiles, Oddity } from '../node.js'
import { process } from './parts.js'

/** A file system that k3s has nothing to do with. */
interface Wish {
	mount: string
	source?: string
	type?: string
	/** Percent. */
	used?: number
	options?: string
	/** Percent. */
	inodesUsed?: number
}

function mounted(
	node: HealthyFiles,
	{ mount, source = '/dev/vdb', type = 'ext4', used = 40, options = 'rw,relatime', inodesUsed = 5 }: Wish,
): void {
	const size = 107_374_182_400
	const full = Math.floor((size * used) / 100)
	node.append(
		'commands/df.txt',
		`${source}       ${type}        ${size} ${full} ${size - full}  ${used}% ${mount}\n`,
	)
	const inodes = 6_553_600
	const taken = Math.floor((inodes * inodesUsed) / 100)
	node.append(
		'commands/df-inodes.txt',
		`${source}       ${inodes} ${taken} ${inodes - taken}   ${inodesUsed}% ${mount}\n`,
	)
	node.change('commands/findmnt.json', text => {
		const tree = JSON.parse(text) as { filesystems: unknown[] }
		tree.filesystems.push({ target: mount, source, fstype: type, options })
		return JSON.stringify(tree)
	})
}

function meminfo(node: HealthyFiles, values: Record<string, number>): void {
	for (const [key, kilobytes] of Object.entries(values))
		node.change('files/proc/meminfo', text =>
			text.replace(new RegExp(`^${key}:.*$`, 'm'), `${key}: ${kilobytes} kB`),
		)
}

function swaps(node: HealthyFiles, name: string, type: string): void {
	const header = 'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n'
	node.put(
		'files/proc/swaps',
		`${header}${name}                               ${type}\t4194300\t\t102400\t\t-2\n`,
	)
	node.put('commands/swapon.txt', `${name} ${type} 4294963200 104857600 -2\n`)
	meminfo(node, { SwapTotal: 4_194_300, SwapFree: 4_091_900 })
}

export const host: readonly Oddity[] = [
	{
		name: 'check-config has more to complain about',
		change: node =>
			node.change('commands/k3s-check-config.txt', text =>
				text.replace(
					'- Network Drivers:',
					'- links: aux/ip6tables should link to iptables-detect.sh (fail)\n- swap: should be disabled\n- routes: default CIDRs 10.42.0.0/16 or 10.43.0.0/16 already routed\n- Network Drivers:',
				),
			),
	},
	{ name: 'check-config could not run', change: node => node.remove('commands/k3s-check-config.txt') },
	{ name: 'a full disk for backups', change: node => mounted(node, { mount: '/mnt/backup', used: 100 }) },
	{
		name: 'a disk of small files without free inodes',
		change: node => mounted(node, { mount: '/srv/mail', inodesUsed: 100 }),
	},
	{
		name: 'snaps: read-only and full by nature',
		change: node =>
			mounted(node, {
				mount: '/snap/core22/1033',
				source: '/dev/loop3',
				type: 'squashfs',
				used: 100,
				options: 'ro,nodev,relatime',
				inodesUsed: 100,
			}),
	},
	{
		name: 'a CD in the drive',
		change: node =>
			mounted(node, {
				mount: '/media/cdrom',
				source: '/dev/sr0',
				type: 'iso9660',
				used: 100,
				options: 'ro,relatime',
			}),
	},
	{ name: 'a full /boot', change: node => mounted(node, { mount: '/boot', source: '/dev/vda2', used: 97 }) },
	{
		name: 'a read-only share of media',
		change: node =>
			mounted(node, { mount: '/mnt/media', source: 'nas:/media', type: 'nfs4', options: 'ro,vers=4.2' }),
	},
	{
		name: 'a full directory of a logged-in user in memory',
		change: node => mounted(node, { mount: '/run/user/1000', source: 'tmpfs', type: 'tmpfs', used: 100 }),
	},
	{
		name: 'noexec where nothing of k3s is executed',
		change: node => {
			mounted(node, { mount: '/home', source: '/dev/vdc', options: 'rw,nosuid,nodev,noexec,relatime' })
			mounted(node, { mount: '/var/tmp', source: 'tmpfs', type: 'tmpfs', options: 'rw,nosuid,nodev,noexec' })
		},
	},
	{
		name: 'an encrypted home on ZFS',
		change: node =>
			mounted(node, { mount: '/tank/home', source: 'tank/home', type: 'zfs', options: 'rw,xattr,posixacl' }),
	},
	{
		name: 'the root disk at four fifths',
		change: node =>
			node.change('commands/df.txt', text =>
				text.replace(/^(\/dev\/vda +\S+ +\d+) +\d+ +\d+ +\d+% \/$/m, '$1 218000000000 42000000000 84% /'),
			),
	},
	{ name: 'a swap file', change: node => swaps(node, '/swapfile', 'file') },
	{ name: 'a swap partition', on: ['agent-healthy'], change: node => swaps(node, '/dev/vda3', 'partition') },
	{ name: 'swap in compressed memory', change: node => swaps(node, '/dev/zram0', 'partition') },
	{
		name: 'two thirds of the memory in use',
		change: node => meminfo(node, { MemAvailable: 8_100_000, MemFree: 900_000 }),
	},
	{
		name: 'a busy processor for a moment',
		change: node => {
			node.put('files/proc/loadavg', '7.91 4.02 2.20 9/911 52301\n')
			node.put(
				'files/proc/pressure/cpu',
				'some avg10=38.20 avg60=14.11 avg300=6.02 total=98242045\nfull avg10=0.00 avg60=0.00 avg300=0.00 total=0\n',
			)
		},
	},
	{
		name: 'a disk that is busy with a backup for a moment',
		change: node =>
			node.put(
				'files/proc/pressure/io',
				'some avg10=31.90 avg60=9.10 avg300=2.11 total=88242045\nfull avg10=22.10 avg60=7.00 avg300=1.70 total=4420\n',
			),
	},
	{
		name: 'no time synchronisation, and a good clock',
		change: node =>
			node.put(
				'commands/timedatectl.txt',
				'Timezone=Etc/UTC\nLocalRTC=no\nCanNTP=yes\nNTP=no\nNTPSynchronized=no\n',
			),
	},
	{
		name: 'a clock that runs 40 ms ahead',
		change: node =>
			node.answer(
				'commands/chronyc-tracking.txt',
				['chronyc', '-n', 'tracking'],
				'Reference ID    : C0A80101 (192.168.1.1)\nStratum         : 3\nSystem time     : 0.040112345 seconds fast of NTP time\nLast offset     : +0.000410022 seconds\nLeap status     : Normal\n',
			),
	},
	{
		name: 'local time, with its zone',
		change: node => {
			node.put(
				'commands/timedatectl.txt',
				'Timezone=Asia/Kolkata\nLocalRTC=yes\nCanNTP=yes\nNTP=yes\nNTPSynchronized=yes\n',
			)
			const local = new Date(node.now + 19_800_000).toISOString().slice(0, 19)
			node.put('commands/date.txt', `${local},120000000+05:30\n`)
		},
	},
	{
		name: 'a host that has run for two years',
		change: node => node.put('files/proc/uptime', '63072000.11 240021000.80\n'),
	},
	{
		name: 'SELinux that only watches',
		change: node => node.answer('commands/getenforce.txt', ['getenforce'], 'Permissive\n'),
	},
	{
		name: 'AppArmor with profiles of its own',
		change: node =>
			node.answer(
				'commands/apparmor-status.json',
				['apparmor_status', '--json'],
				'{"version":"2","profiles":{"cri-containerd.apparmor.d":"enforce","/usr/sbin/tcpdump":"enforce","/usr/sbin/cups-browsed":"complain"},"processes":{}}',
			),
	},
	{
		name: 'the host name on 127.0.1.1, as Debian writes it',
		change: node => {
			node.change('files/etc/hosts', text => `${text}127.0.1.1 ${node.host}.corp.example ${node.host}\n`)
			node.append('files/etc/hosts', '::1 ip6-localhost ip6-loopback\nff02::1 ip6-allnodes\n')
		},
	},
	{
		name: 'a comment and a spare line in fstab',
		change: node =>
			node.append(
				'files/etc/fstab',
				'# /dev/sdz1 /old ext4 defaults 0 2\n/swapfile none swap sw 0 0\nnas:/media /mnt/media nfs ro,nofail 0 0\n',
			),
	},
	{
		name: 'the kernel killed a program of the host for its memory, yesterday',
		change: node =>
			kernelSays(
				node,
				90_000,
				'Out of memory: Killed process 4120 (mysqld) total-vm:2204112kB, anon-rss:1500000kB, file-rss:0kB, shmem-rss:0kB, UID:112 pgtables:4100kB oom_score_adj:0',
			),
	},
	{
		name: 'the kernel killed in a container of Docker, at its limit',
		change: node => {
			kernelSays(
				node,
				1200,
				'oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=docker-77aa,mems_allowed=0,oom_memcg=/system.slice/docker-77aa.scope,task_memcg=/system.slice/docker-77aa.scope,task=ruby,pid=7781,uid=1000',
			)
			kernelSays(
				node,
				1200,
				'Memory cgroup out of memory: Killed process 7781 (ruby) total-vm:900000kB, anon-rss:512000kB, file-rss:0kB',
			)
		},
	},
	{
		name: 'errors of a USB stick',
		change: node => {
			kernelSays(node, 4000, 'usb 1-1: USB disconnect, device number 5')
			kernelSays(node, 4000, 'Buffer I/O error on dev sdq1, logical block 0, async page read')
			kernelSays(node, 3990, 'FAT-fs (sdq1): unable to read boot sector')
		},
	},
	{
		name: 'chatter of the kernel',
		change: node => {
			kernelSays(node, 900, 'cni0: port 4(veth0a11bc) entered blocking state')
			kernelSays(node, 900, 'IPv6: ADDRCONF(NETDEV_CHANGE): veth0a11bc: link becomes ready')
			kernelSays(
				node,
				700,
				'perf: interrupt took too long (2510 > 2500), lowering kernel.perf_event_max_sample_rate to 79500',
			)
			kernelSays(
				node,
				600,
				'[UFW BLOCK] IN=eth0 OUT= SRC=198.51.100.7 DST=10.99.0.11 PROTO=TCP SPT=40112 DPT=23 SYN',
			)
			kernelSays(node, 500, 'TCP: request_sock_TCP: Possible SYN flooding on port 8080. Sending cookies.')
		},
	},
	{
		name: 'programs beside k3s',
		change: node => {
			process(node, 2201, 'postgres', '/usr/lib/postgresql/15/bin/postgres -D /var/lib/postgresql/15/main')
			process(node, 2202, 'root', '/usr/bin/dockerd -H fd:// --containerd=/run/containerd/containerd.sock')
			process(node, 2203, 'root', '/usr/bin/containerd')
			process(node, 2204, 'nobody', '/usr/local/bin/node_exporter')
			process(node, 2205, 'root', 'tail -f /var/log/k3s.log')
		},
	},
	{
		name: 'a zombie and a program that uses one processor',
		change: node => {
			process(node, 2210, 'root', '[sh] <defunct>')
			process(node, 2211, 'build', '/usr/bin/cc1 -quiet main.c')
		},
	},
	{
		name: 'larger limits than needed',
		change: node =>
			node.change(
				'commands/sysctl.txt',
				text =>
					`${text}fs.inotify.max_user_instances = 8192\nfs.inotify.max_user_watches = 1048576\nkernel.pid_max = 4194304\nvm.swappiness = 10\n`,
			),
	},
	{
		name: 'strict reverse path filter and other hardening',
		change: node =>
			node.change(
				'commands/sysctl.txt',
				text =>
					`${text}net.ipv4.conf.all.rp_filter = 2\nkernel.dmesg_restrict = 1\nnet.ipv4.conf.all.accept_redirects = 0\nvm.overcommit_memory = 1\n`,
			),
	},
]
