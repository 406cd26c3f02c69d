/** Disks, memory and limits. */
import type { Filesystem } from '../../../model/evidence/index.js'
import { filesystemOf } from '../../../model/lookup.js'
import { shortenStart } from '../../columns.js'
import { bar, bytes } from '../../format.js'
import { cell, number, span, type Tone } from '../../line.js'
import { factRow, type Section, tableRow } from './section.js'

const passing = /^(tmpfs|devtmpfs|squashfs|overlay|proc|sysfs|efivarfs|ramfs|nsfs)$/

/** Kubelet evicts below 15 % (image file system) and 10 % (nodefs) free; k3s sets 5 %. */
function fullness(share: number): Tone | undefined {
	if (share >= 0.95) return 'bad'
	return share >= 0.85 ? 'warn' : undefined
}

export const disks: Section = {
	id: 'disks',
	title: 'Disks',
	summary: ({ disks, node }) => {
		const data = disks && filesystemOf(disks, node.dataDir)
		if (!disks || !data) return undefined
		const tone = fullness(data.usedPercent / 100)
		const says = `${node.dataDir} on ${data.mount}: ${data.usedPercent} % of ${bytes(data.size)} used`
		return { says, ...(tone && { tone }) }
	},
	rows: ({ disks, node }) => {
		const all = disks?.filesystems ?? []
		const data = disks && filesystemOf(disks, node.dataDir)
		const real = all.filter(filesystem => filesystem === data || !passing.test(filesystem.type))
		const rest = all.filter(filesystem => !real.includes(filesystem))
		return [
			...real.map(filesystem => diskRow(filesystem, filesystem === data ? "k3s's data" : '', undefined)),
			...rest.map(filesystem => diskRow(filesystem, '', 'In memory, and other passing ones')),
		]
	},
}

function diskRow(filesystem: Filesystem, note: string, group: string | undefined) {
	const { mount, source, type, size, used, available, usedPercent, inodes, quote } = filesystem
	const tone = fullness(usedPercent / 100)
	const inodeShare = inodes && inodes.total > 0 ? inodes.used / inodes.total : undefined
	return tableRow(
		`${mount} ${source}`,
		`${mount} ${source} ${type} ${note}`,
		width => {
			const name = Math.max(14, Math.min(40, width - 52))
			return {
				left: [
					cell(shortenStart(mount, name), name),
					span(' '),
					span(bar(usedPercent / 100, 10), tone ?? 'good'),
					number(`${usedPercent} %`, 6, tone),
					number(bytes(used), 9),
					span(` of ${bytes(size)}, ${bytes(available)} free`),
					...(inodeShare === undefined
						? []
						: [span(`, inodes ${Math.round(inodeShare * 100)} %`, fullness(inodeShare) ?? 'faint')]),
					span(`  ${type} ${source} ${note}`, 'faint'),
				],
			}
		},
		{
			...(group !== undefined && { group }),
			target: { kind: 'file', file: quote.file, ...(quote.line !== undefined && { line: quote.line }) },
		},
	)
}

export const memory: Section = {
	id: 'memory',
	title: 'Memory',
	summary: ({ memory }) => {
		if (!memory) return undefined
		const share = memory.total > 0 ? 1 - memory.available / memory.total : 0
		const tone = fullness(share)
		const swap = memory.swaps.length > 0 ? `swap ${bytes(memory.swapTotal)}` : 'no swap'
		return {
			says: `${bytes(memory.available)} of ${bytes(memory.total)} available, ${swap}`,
			...(tone && { tone }),
		}
	},
	rows: ({ memory, processes }) => {
		if (!memory) return []
		const { total, available, swapTotal, swapFree, swaps, pressure, load, cpus } = memory
		const share = total > 0 ? 1 - available / total : 0
		const some = Object.entries(pressure)
		const big = [...(processes ?? [])].sort((a, b) => b.rss - a.rss).slice(0, 12)
		return [
			factRow('memory', `${bar(share, 20)} ${bytes(total - available)} of ${bytes(total)} in use`),
			factRow(
				'swap',
				swapTotal > 0 ? `${bytes(swapTotal - swapFree)} of ${bytes(swapTotal)} in use` : 'none',
			),
			...swaps.map(({ name, size, used }) => factRow(name, `${bytes(used)} of ${bytes(size)} in use`)),
			...(load ? [factRow('load', `${load.join(' ')}${cpus ? ` on ${cpus} CPUs` : ''}`)] : []),
			...some.map(([what, { some10, some300, full300 }]) =>
				factRow(`${what} pressure`, `${some10} % of 10 s, ${some300} % of 5 min (all waited: ${full300} %)`),
			),
			...big.map(({ pid, rss, cpuPercent, args }) =>
				tableRow(
					`process ${pid}`,
					args,
					() => ({
						left: [number(bytes(rss), 9), number(`${cpuPercent} %`, 8, 'faint'), span(`  ${args}`)],
					}),
					{ group: 'Largest processes: memory, CPU, command' },
				),
			),
		]
	},
}

const watched =
	/^(fs\.(file-max|file-nr|inotify\.|nr_open)|kernel\.(pid_max|threads-max|panic|keyring|keys\.)|net\.(ipv[46]\.(ip_forward|conf\.all\.forwarding)|netfilter\.nf_conntrack|bridge\.)|vm\.(overcommit_memory|panic_on_oom|max_map_count|swappiness))/

export const limits: Section = {
	id: 'limits',
	title: 'Limits',
	summary: ({ units, kernel }) => {
		if (!kernel && !units?.own) return undefined
		const nofile = units?.own?.limitNofile
		const version = kernel?.cgroup.version
		const parts = [
			nofile === undefined ? '' : `${nofile} open files for k3s`,
			version ? `cgroup v${version}` : '',
			kernel?.selinux ? `SELinux ${kernel.selinux.toLowerCase()}` : '',
		].filter(Boolean)
		return { says: parts.join(', ') || 'known' }
	},
	rows: ({ units, kernel }) => {
		const nofile = units?.own?.limitNofile
		const controllers = [...(kernel?.cgroup.controllers ?? [])]
		const off = controllers.filter(([, on]) => !on).map(([name]) => name)
		return [
			...(nofile === undefined ? [] : [factRow('LimitNOFILE of k3s', String(nofile))]),
			...(kernel?.cgroup.version ? [factRow('cgroup', `version ${kernel.cgroup.version}`)] : []),
			...(controllers.length > 0
				? [
						factRow(
							'controllers',
							controllers
								.filter(([, on]) => on)
								.map(([name]) => name)
								.join(' '),
						),
					]
				: []),
			...(off.length > 0 ? [factRow('controllers off', off.join(' '), { tone: 'warn' as const })] : []),
			...(kernel?.selinux ? [factRow('SELinux', kernel.selinux)] : []),
			...[...(kernel?.sysctl ?? [])]
				.filter(([name]) => watched.test(name))
				.sort(([a], [b]) => (a < b ? -1 : 1))
				.map(([name, value]) => factRow(name, value, { group: 'Kernel settings' })),
		]
	},
}
