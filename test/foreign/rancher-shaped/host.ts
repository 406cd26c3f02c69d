/** `systeminfo/`, `networking/` and `journald/` of a recorded node, as the collector's commands print them. */
import type { Bundle } from '../../../src/model/bundle.js'
import { human } from './columns.js'

type Files = Map<string, string>
type Json = Record<string, unknown>

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']
const days = ['Sun', 'Mon', 'Tue', 'Wed', 'Thu', 'Fri', 'Sat']
const two = (value: number) => String(value).padStart(2, '0')

/** `Sat Nov 21 05:55:18 UTC 2026` */
export function dateLine(at: Date): string {
	const clock = [at.getUTCHours(), at.getUTCMinutes(), at.getUTCSeconds()].map(two).join(':')
	const day = String(at.getUTCDate()).padStart(2)
	return `${days[at.getUTCDay()]} ${months[at.getUTCMonth()]} ${day} ${clock} UTC ${at.getUTCFullYear()}\n`
}

/** `2026-11-21T04:54:37.080759+0000 s1 …` -> `Nov 21 04:54:37 s1 …`; older than a week is not asked for. */
function shortLine(line: string, since: number): string | undefined {
	const head = /^(\d{4})-(\d\d)-(\d\d)T(\d\d:\d\d:\d\d)\.\d+\+0000 /.exec(line)
	// journald's further lines of a message stand below its first.
	if (!head) return line.replace(/^ {17}(?= )/, '')
	if (Date.parse(`${head[1]}-${head[2]}-${head[3]}T${head[4]}Z`) < since) return undefined
	return `${months[Number(head[2]) - 1]} ${head[3]} ${head[4]} ${line.slice(head[0].length)}`
}

export function journal(text: string, takenAt: number): string {
	const lines = text.split('\n').flatMap(line => shortLine(line, takenAt - 7 * 86_400_000) ?? [])
	const shown = lines.join('\n')
	return shown.trim() === '' ? '-- No entries --\n' : shown
}

function df(text: string): string {
	const rows = text.split('\n').slice(1).filter(Boolean)
	const lines = rows.map(row => {
		const [source = '', , size = '', used = '', free = '', percent = '', ...mount] = row.split(/\s+/)
		const shown = [size, used, free].map(word => human(Number(word)).padStart(5)).join(' ')
		return `${source.padEnd(14)} ${shown} ${percent.padStart(4)} ${mount.join(' ')}`
	})
	return `Filesystem      Size  Used Avail Use% Mounted on\n${lines.join('\n')}\n`
}

function mounts(findmnt: string): string {
	const lines: string[] = []
	const visit = (node: Json) => {
		lines.push(`${node.source} on ${node.target} type ${node.fstype} (${node.options})`)
		for (const child of (node.children as Json[] | undefined) ?? []) visit(child)
	}
	for (const root of (JSON.parse(findmnt) as { filesystems: Json[] }).filesystems) visit(root)
	return `${lines.join('\n')}\n`
}

function free(meminfo: string): string {
	const value = (name: string) =>
		Number(new RegExp(`^${name}: +(\\d+) kB`, 'm').exec(meminfo)?.[1] ?? 0) * 1024
	const row = (...values: number[]) =>
		values.map(each => (each === 0 ? '0B' : human(each, 'i')).padStart(12)).join('')
	const total = value('MemTotal')
	const available = value('MemAvailable')
	return [
		'               total        used        free      shared  buff/cache   available',
		`Mem:    ${row(total, total - available, value('MemFree'), value('Shmem'), value('Cached'), available)}`,
		`Swap:   ${row(value('SwapTotal'), value('SwapTotal') - value('SwapFree'), value('SwapFree'))}`,
		'',
	].join('\n')
}

function ps(text: string, now: Date): string {
	const rows = text.split('\n').slice(1).filter(Boolean)
	const lines = rows.map(row => {
		const words = row.trim().split(/\s+/)
		const [pid = '', , user = '', stat = '', , month = '', day = '', clock = '', , , rss = '', cpu = ''] =
			words
		const args = row.slice(row.indexOf(` ${cpu} `, row.indexOf(rss)) + cpu.length + 2)
		const today = day === String(now.getUTCDate())
		const start = today ? clock.slice(0, 5) : `${month}${day.padStart(2, '0')}`
		return `${user.padEnd(8)} ${pid.padStart(7)}  ${cpu}  0.0      0 ${rss.padStart(6)} ?        ${stat.padEnd(4)} ${start}   0:00 ${args}`
	})
	return `USER         PID %CPU %MEM    VSZ   RSS TTY      STAT START   TIME COMMAND\n${lines.join('\n')}\n`
}

function units(show: string): { units: string; files: string } {
	const blocks = show.split(/\n\n+/).map(block => {
		const at = (key: string) => new RegExp(`^${key}=(.*)$`, 'm').exec(block)?.[1] ?? ''
		return {
			id: at('Id'),
			load: at('LoadState'),
			active: at('ActiveState'),
			sub: at('SubState'),
			state: at('UnitFileState'),
		}
	})
	const rows = blocks
		.filter(({ id, load }) => id !== '' && load !== '')
		.map(({ id, load, active, sub }) => {
			const mark = load === 'not-found' || active === 'failed' ? '●' : ' '
			return `${mark} ${id.padEnd(60)} ${load.padEnd(9)} ${active.padEnd(10)} ${sub.padEnd(9)} ${id}`
		})
	const files = blocks
		.filter(({ state }) => state !== '')
		.map(({ id, state }) => `${id.padEnd(60)} ${state.padEnd(15)} enabled`)
	return {
		units: `  UNIT${' '.repeat(57)}LOAD      ACTIVE     SUB       DESCRIPTION\n${rows.join('\n')}\n\nLOAD   = Reflects whether the unit definition was properly loaded.\n`,
		files: `UNIT FILE${' '.repeat(52)}STATE           PRESET\n${files.join('\n')}\n\n${files.length} unit files listed.\n`,
	}
}

function addresses(json: string): string {
	const lines: string[] = []
	for (const link of JSON.parse(json) as Json[]) {
		if (!link.ifname) continue
		const master = link.master ? ` master ${link.master}` : ''
		const flags = (link.flags as string[]).join(',')
		const name = link.link ? `${link.ifname}@${link.link}` : link.ifname
		lines.push(
			`${link.ifindex}: ${name}: <${flags}> mtu ${link.mtu} qdisc ${link.qdisc}${master} state ${link.operstate} group default`,
			`    link/${link.link_type === 'loopback' ? 'loopback' : 'ether'} ${link.address} brd ${link.broadcast}`,
		)
		for (const info of (link.addr_info as Json[] | undefined) ?? []) {
			if (!info.local) continue
			lines.push(
				`    ${info.family} ${info.local}/${info.prefixlen} scope ${info.scope} ${info.label ?? ''}`.trimEnd(),
				'       valid_lft forever preferred_lft forever',
			)
		}
	}
	return `${lines.join('\n')}\n`
}

function routes(json: string | undefined, withTable: boolean): string {
	if (!json?.trim()) return ''
	const lines = (JSON.parse(json) as Json[]).map(route => {
		const words = [
			route.type && route.type !== 'unicast' ? route.type : '',
			route.dst,
			route.gateway ? `via ${route.gateway}` : '',
			route.dev ? `dev ${route.dev}` : '',
			withTable && route.table ? `table ${route.table}` : '',
			route.protocol ? `proto ${route.protocol}` : '',
			route.scope ? `scope ${route.scope}` : '',
			route.prefsrc ? `src ${route.prefsrc}` : '',
			route.metric === undefined ? '' : `metric ${route.metric}`,
			...((route.flags as string[] | undefined) ?? []),
			route.pref ? `pref ${route.pref}` : '',
		]
		return words.filter(Boolean).join(' ')
	})
	return `${lines.join('\n')}\n`
}

const ssHead = 'Netid State     Recv-Q Send-Q Local Address:Port  Peer Address:Port Process'

function sockets(listening: string, established: string): string {
	const open = established
		.split('\n')
		.filter(Boolean)
		.map(line => `tcp ESTAB ${line}`)
	return `RTNETLINK answers: Invalid argument\n${ssHead}\n${[...listening.split('\n').filter(Boolean), ...open].join('\n')}\n`
}

export function addHost(into: Files, { files }: Bundle, takenAt: number): void {
	const at = new Date(takenAt)
	const put = (name: string, own: string, change: (text: string) => string = text => text) => {
		const text = files.get(own)
		if (text !== undefined) into.set(name, change(text))
	}
	into.set('systeminfo/date', dateLine(at))
	put('systeminfo/hostname', 'commands/hostname.txt')
	put('systeminfo/uname', 'commands/uname.txt')
	put('systeminfo/osrelease', 'files/etc/os-release')
	put('systeminfo/etchosts', 'files/etc/hosts')
	put('systeminfo/etcresolvconf', 'files/etc/resolv.conf')
	put('systeminfo/dfh', 'commands/df.txt', df)
	put('systeminfo/dfi', 'commands/df-inodes.txt')
	put('systeminfo/mount', 'commands/findmnt.json', mounts)
	put('systeminfo/freeh', 'files/proc/meminfo', free)
	put('systeminfo/ps', 'commands/ps.txt', text => ps(text, at))
	put('systeminfo/sysctla', 'commands/sysctl.txt')
	put('systeminfo/uptime', 'files/proc/loadavg', text => {
		const up = Number.parseFloat(files.get('files/proc/uptime') ?? '60')
		const shown =
			up < 3600
				? `${Math.floor(up / 60)} min`
				: `${Math.floor(up / 3600)}:${two(Math.floor((up % 3600) / 60))}`
		return ` 05:55:18 up  ${shown},  0 user,  load average: ${text.split(' ').slice(0, 3).join(', ')}\n`
	})
	into.set(
		'systeminfo/lsmod',
		'libkmod: ERROR ../libkmod/libkmod-module.c:1725 kmod_module_new_from_loaded: could not open /proc/modules: No such file or directory\nError: could not get list of modules: No such file or directory\n',
	)
	into.set('systeminfo/dmesg', '')
	const listed = units(files.get('commands/systemctl-show.txt') ?? '')
	into.set('systeminfo/systemd-units', listed.units)
	into.set('systeminfo/systemd-unit-files', listed.files)
	const missing = '/root/collect.sh: line 500: iptables-save: command not found\n'
	into.set('networking/iptablessave', files.get('commands/iptables-save.txt') ?? missing)
	into.set(
		'networking/ip6tablessave',
		files.get('commands/ip6tables-save.txt') ?? missing.replace('iptables', 'ip6tables'),
	)
	put('networking/nft_ruleset', 'commands/nft-ruleset.txt')
	put('networking/ipaddrshow', 'commands/ip-addr.json', addresses)
	put('networking/iproute', 'commands/ip-route.json', text => routes(text, true))
	put('networking/ipv6route', 'commands/ip-6-route.json', text => routes(text, false))
	put('networking/iprule', 'commands/ip-rule.json', text =>
		(JSON.parse(text) as Json[])
			.map(
				({ priority, src, srclen, table }) =>
					`${priority}:\tfrom ${src}${srclen ? `/${srclen}` : ''} lookup ${table}\n`,
			)
			.join(''),
	)
	put('networking/ipneighbour', 'commands/ip-neigh.json', text =>
		(JSON.parse(text) as Json[])
			.map(
				({ dst, dev, lladdr, state }) =>
					`${dst} dev ${dev} ${lladdr ? `lladdr ${lladdr} ` : ''}${(state as string[]).join(' ')} \n`,
			)
			.join(''),
	)
	const isSix = (line: string) => /^\w+\s+\S+\s+\d+\s+\d+\s+(\[|\*)/.test(line)
	const all = sockets(
		files.get('commands/ss-listening.txt') ?? '',
		files.get('commands/ss-established.txt') ?? '',
	).split('\n')
	const head = all.slice(0, 2)
	into.set('networking/ss4apn', [...head, ...all.slice(2).filter(line => !isSix(line))].join('\n'))
	into.set('networking/ss6apn', [...head, ...all.slice(2).filter(isSix)].join('\n'))
	const own = files.get('journal/k3s.log')
	if (own !== undefined) into.set('journald/k3s', journal(own, takenAt))
}
