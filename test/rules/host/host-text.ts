/** Raw answers of a host's own commands and files for tests of rules. */

const mega = 1_000_000

interface Space {
	mount: string
	/** Megabytes. */
	size?: number
	used?: number
	free?: number
	type?: string
	source?: string
	inodes?: [total: number, free: number]
}

/** `df` in bytes with types, and `df` of inodes. */
export function disks(...rows: Space[]): Record<string, string> {
	const space = rows.map(({ mount, size = 100_000, free = 50_000, used = size - free, ...row }) => {
		const percent = used + free > 0 ? Math.ceil((100 * used) / (used + free)) : 0
		return `${row.source ?? '/dev/sda1'} ${row.type ?? 'ext4'} ${size * mega} ${used * mega} ${free * mega} ${percent}% ${mount}`
	})
	const inodes = rows.map(
		({ mount, source = '/dev/sda1', inodes: [total, free] = [6_000_000, 5_000_000] }) => {
			const used = total - free
			return `${source} ${total} ${used} ${free} ${total > 0 ? Math.ceil((100 * used) / total) : 0}% ${mount}`
		},
	)
	return {
		'commands/df.txt': `Filesystem Type 1B-blocks Used Avail Use% Mounted on\n${space.join('\n')}\n`,
		'commands/df-inodes.txt': `Filesystem Inodes IUsed IFree IUse% Mounted on\n${inodes.join('\n')}\n`,
	}
}

/** The mount table: `[target, options, type, source]`. */
export function mounts(
	...rows: [target: string, options?: string, type?: string, source?: string][]
): Record<string, string> {
	return {
		'commands/findmnt.json': JSON.stringify({
			filesystems: rows.map(([target, options = 'rw,relatime', fstype = 'ext4', source = '/dev/sda1']) => ({
				target,
				source,
				fstype,
				options,
			})),
		}),
	}
}

interface Link {
	name?: string
	address?: string
	prefix?: number
	kind?: string
	vxlanLocal?: string
}

/** Interfaces with one address each, and a default route through the first, unless `route` is false. */
export function network(links: Link[], { route = true } = {}): Record<string, string> {
	const addresses = links.map(({ name = 'eth0', address = '10.0.0.1', prefix = 24, kind, vxlanLocal }) => ({
		ifname: name,
		flags: ['UP'],
		operstate: 'UP',
		mtu: 1500,
		...(kind && {
			linkinfo: {
				info_kind: kind,
				...(vxlanLocal && { info_data: { id: 1, port: 8472, local: vxlanLocal } }),
			},
		}),
		addr_info: [
			{
				family: address.includes(':') ? 'inet6' : 'inet',
				local: address,
				prefixlen: prefix,
				scope: address.startsWith('169.254') ? 'link' : 'global',
			},
		],
	}))
	const device = links[0]?.name ?? 'eth0'
	const routes = [
		...(route ? [{ dst: 'default', gateway: '10.0.0.254', dev: device, flags: [] }] : []),
		{ dst: '10.0.0.0/24', dev: device, scope: 'link', flags: [] },
	]
	return {
		'commands/ip-addr.json': JSON.stringify(addresses),
		'commands/ip-route.json': JSON.stringify(routes),
		'commands/ip-6-route.json': '[]',
	}
}

export function sysctl(values: Record<string, string | number>): Record<string, string> {
	const usual: Record<string, string | number> = {
		'net.ipv4.ip_forward': 1,
		'net.bridge.bridge-nf-call-iptables': 1,
		'net.netfilter.nf_conntrack_max': 262144,
		'fs.inotify.max_user_instances': 8192,
		'fs.inotify.max_user_watches': 524288,
		'fs.file-nr': '2413 0 9223372036854775807',
		'kernel.pid_max': 4194304,
		'kernel.threads-max': 192730,
		'vm.overcommit_memory': 1,
		'vm.panic_on_oom': 0,
		'kernel.panic': 10,
		'kernel.panic_on_oops': 1,
	}
	const lines = Object.entries({ ...usual, ...values }).map(([name, value]) => `${name} = ${value}`)
	return {
		'commands/sysctl.txt': `${lines.join('\n')}\n`,
		'commands/uname.txt': 'Linux node-1 6.1.0-18-amd64 #1 SMP x86_64 GNU/Linux\n',
	}
}

/** Memory in megabytes, and the pressure files as `[some, full]` of five minutes. */
export function memory(
	{ total = 8000, available = 4000, swapTotal = 0, swapFree = 0 } = {},
	pressure: Partial<Record<'cpu' | 'io' | 'memory', [some: number, full: number]>> = {},
): Record<string, string> {
	const kilo = (megabytes: number) => `${Math.round(megabytes * 1000)} kB`
	const files = Object.entries(pressure).map(([kind, [some, full]]) => [
		`files/proc/pressure/${kind}`,
		`some avg10=${some.toFixed(2)} avg60=${some.toFixed(2)} avg300=${some.toFixed(2)} total=1\nfull avg10=${full.toFixed(2)} avg60=${full.toFixed(2)} avg300=${full.toFixed(2)} total=1\n`,
	])
	return {
		'files/proc/meminfo': `MemTotal: ${kilo(total)}\nMemFree: ${kilo(available / 2)}\nMemAvailable: ${kilo(available)}\nSwapTotal: ${kilo(swapTotal)}\nSwapFree: ${kilo(swapFree)}\n`,
		...Object.fromEntries(files),
	}
}

/** A drop-in of the k3s unit, as `systemctl cat` prints it. */
export function dropIn(line: string, path = '/etc/systemd/system/k3s.service.d/override.conf') {
	return {
		'commands/systemctl-cat.txt': `# /etc/systemd/system/k3s.service\n[Service]\nType=notify\nExecStart=/usr/local/bin/k3s server\n\n# ${path}\n[Service]\n${line}\n`,
	}
}

/** Lines of the kernel's log, at 04:09. */
export function kernelLog(...lines: string[]): Record<string, string> {
	return {
		'journal/kernel.log': `${lines.map(line => `2026-11-21T04:09:00.000000+0000 node-1 kernel: ${line}`).join('\n')}\n`,
	}
}
