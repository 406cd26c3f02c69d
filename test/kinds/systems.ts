/** Operating systems, service managers and containers in which k3s runs. */
import type { Init } from '../../src/model/bundle.js'
import type { HealthyFiles } from '../healthy/node.js'

export interface System {
	name: string
	init?: Init
	root?: boolean
	on?: string
	change: (node: HealthyFiles) => void
	/** Causes that are not looked for on such a node. */
	off?: readonly string[]
}

const release = (id: string, pretty: string, version: string) => (node: HealthyFiles) =>
	node.put('files/etc/os-release', `ID=${id}\nPRETTY_NAME="${pretty}"\nVERSION_ID="${version}"\n`)

const kernel = (text: string) => (node: HealthyFiles) =>
	node.put('commands/uname.txt', `Linux ${node.host} ${text}\n`)

/** No systemd: its answers are missing, and k3s's log is a bare file. */
function withoutSystemd(node: HealthyFiles): void {
	for (const name of node.names())
		if (/^commands\/(?:systemctl|journalctl|timedatectl)|^files\/etc\/systemd/.test(name)) node.remove(name)
	node.change('commands/files.tsv', text => text.replaceAll(/^.*\/etc\/systemd\/.*\n/gm, ''))
	const file = node.names().find(name => /^journal\/k3s/.test(name)) ?? ''
	node.change(file, text =>
		text
			.split('\n')
			.filter(line => / k3s\[\d+\]: /.test(line))
			.map(line => line.replace(/^\S+ \S+ k3s\[\d+\]: /, ''))
			.join('\n')
			.concat('\n'),
	)
}

export const systems: readonly System[] = [
	{
		name: 'Debian 12',
		change: release('debian', 'Debian GNU/Linux 12 (bookworm)', '12'),
	},
	{
		name: 'RHEL 9 with SELinux enforcing and firewalld',
		change: node => {
			release('rhel', 'Red Hat Enterprise Linux 9.4 (Plow)', '9.4')(node)
			kernel('5.14.0-427.13.1.el9_4.x86_64 #1 SMP x86_64 x86_64 x86_64 GNU/Linux')(node)
			node.answer('commands/getenforce.txt', ['getenforce'], 'Enforcing\n')
			node.answer(
				'commands/firewall-cmd.txt',
				['firewall-cmd', '--list-all-zones'],
				'public (active)\n  target: default\n  interfaces: eth0\n  sources: \n  services: ssh\n  ports: 6443/tcp 8472/udp 10250/tcp\n  rich rules: \n\ntrusted (active)\n  target: ACCEPT\n  interfaces: \n  sources: 10.42.0.0/16 10.43.0.0/16\n  ports: \n',
			)
			node.put('commands/ufw-status.txt', '')
			node.change('commands/systemctl-show.txt', text =>
				text.replace(
					/(Id=firewalld\.service\n)LoadState=not-found\nActiveState=inactive\nSubState=dead/,
					'$1LoadState=loaded\nActiveState=active\nSubState=running',
				),
			)
		},
	},
	{
		name: 'SLES 15 on btrfs',
		change: node => {
			release('sles', 'SUSE Linux Enterprise Server 15 SP6', '15.6')(node)
			node.change('commands/df.txt', text => text.replace('/dev/vda       ext4 ', '/dev/vda       btrfs'))
			node.change('commands/findmnt.json', text => text.replace('"ext4"', '"btrfs"'))
		},
	},
	{
		name: 'Alpine with OpenRC',
		init: 'openrc',
		off: ['unit-file-invalid', 'service-start-timeout'],
		change: node => {
			withoutSystemd(node)
			release('alpine', 'Alpine Linux v3.22', '3.22.1')(node)
			node.answer('commands/rc-service-status.txt', ['rc-service', 'k3s', 'status'], ' * status: started\n')
		},
	},
	{
		name: 'a k3d node, read from inside',
		init: 'none',
		off: ['unit-file-invalid', 'service-start-timeout'],
		change: node => {
			withoutSystemd(node)
			release('k3s', 'K3s v1.36.2+k3s1', 'v1.36.2+k3s1')(node)
			for (const name of [
				'commands/iptables-version.txt',
				'commands/ufw-status.txt',
				'commands/nft-ruleset.txt',
			])
				node.remove(name)
			node.change('commands/ps.txt', text => text.replaceAll('/usr/local/bin/k3s', '/bin/k3s'))
		},
	},
	{
		name: 'Raspberry Pi OS with zram, 32 bit userland',
		change: node => {
			release('raspbian', 'Raspbian GNU/Linux 12 (bookworm)', '12')(node)
			kernel('6.6.51+rpt-rpi-v7 #1 SMP Raspbian 1:6.6.51-1+rpt3 armv7l GNU/Linux')(node)
			node.put(
				'files/proc/swaps',
				'Filename\t\t\t\tType\t\tSize\t\tUsed\t\tPriority\n/dev/zram0                              partition\t471852\t\t0\t\t100\n',
			)
			node.put(
				'files/boot/firmware/cmdline.txt',
				'console=serial0,115200 root=PARTUUID=1-02 rootwait cgroup_memory=1 cgroup_enable=memory\n',
			)
			node.changeAll(text => text.replaceAll('"amd64"', '"arm"'))
		},
	},
	{
		name: 'several k3s units, the others stopped',
		change: node => {
			node.change('commands/systemctl-show.txt', text => {
				const own = text.split('\n\n')[0] ?? ''
				return `${text}\n${own
					.replace('Id=k3s.service', 'Id=k3s-lab.service')
					.replace('ActiveState=active', 'ActiveState=inactive')
					.replace('SubState=running', 'SubState=dead')
					.replace(/MainPID=\d+/, 'MainPID=0')
					.replace('UnitFileState=enabled', 'UnitFileState=disabled')}\n`
			})
		},
	},
	{
		name: 'the data directory elsewhere',
		change: node => {
			node.changeAll(text => text.replaceAll('/var/lib/rancher/k3s', '/srv/k3s'))
			node.dataDir = '/srv/k3s'
			node.append('files/etc/rancher/k3s/config.yaml', 'data-dir: /srv/k3s\n')
		},
	},
	{
		name: 'rootless',
		root: false,
		change: node => {
			node.changeAll(text => text.replaceAll('/var/lib/rancher/k3s', '/home/kube/.rancher/k3s'))
			node.dataDir = '/home/kube/.rancher/k3s'
			node.change('commands/systemctl-show.txt', text =>
				text.replace(
					'/usr/local/bin/k3s server',
					'/usr/local/bin/k3s server --rootless --snapshotter=fuse-overlayfs',
				),
			)
		},
	},
	{
		name: 'looked at without root',
		root: false,
		change: node => {
			for (const name of node.names())
				if (/iptables-save|nft-ruleset|server\/tls|etc\/rancher\/k3s\/config|crictl\//.test(name))
					node.remove(name)
		},
	},
]
