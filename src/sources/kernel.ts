/** The kernel and the system around it: version, settings, cgroups, modules, confinement. */
import { type Bundle, fileOf } from '../model/bundle.js'
import type { KernelEvidence } from '../model/evidence/index.js'
import { findmnt, findmntFile } from './disks/mounts.js'
import { cgroupOf } from './kernel/cgroup.js'
import { firstLine, linesOf, wordsOf } from './lines.js'
import { type Ask, source } from './source.js'

const uname = 'commands/uname.txt'
const settings = 'commands/sysctl.txt'
const enforce = 'commands/getenforce.txt'
const bootId = '/proc/sys/kernel/random/boot_id'

/** What k3s, its kubelet and kube-proxy need or set, and the limits that they run into. */
const asked = [
	'net.ipv4.ip_forward',
	'net.ipv6.conf.all.forwarding',
	'net.ipv6.conf.all.disable_ipv6',
	'net.bridge.bridge-nf-call-iptables',
	'net.bridge.bridge-nf-call-ip6tables',
	'net.ipv4.conf.all.rp_filter',
	'net.ipv4.conf.all.forwarding',
	'net.netfilter.nf_conntrack_max',
	'net.netfilter.nf_conntrack_count',
	'fs.inotify.max_user_watches',
	'fs.inotify.max_user_instances',
	'fs.file-max',
	'fs.file-nr',
	'kernel.pid_max',
	'kernel.threads-max',
	'kernel.panic',
	'kernel.panic_on_oops',
	'kernel.keys.root_maxbytes',
	'kernel.keys.root_maxkeys',
	'vm.overcommit_memory',
	'vm.panic_on_oom',
	'vm.max_map_count',
	'user.max_user_namespaces',
]

const machine =
	/^(?:x86_64|amd64|i[3-6]86|aarch64|arm64|armv\w{1,8}|ppc64(?:le)?|s390x|riscv64|mips\w{0,8}|loongarch64)$/

/** `Linux host 6.1.0-18-amd64 #1 SMP … x86_64 GNU/Linux`: the version in the middle has any number of words. */
function unameOf(text: string | undefined): { release: string; arch: string } | undefined {
	const words = wordsOf(firstLine(text) ?? '')
	const release = words[2]
	if (words.length < 4 || release === undefined) return undefined
	return { release, arch: words.findLast(word => machine.test(word)) ?? '' }
}

function sysctlOf(text: string | undefined): ReadonlyMap<string, string> {
	const values = new Map<string, string>()
	for (const line of linesOf(text)) {
		const found = /^([a-z][\w./-]{0,200}) ?= ?(.*)$/.exec(line.text)
		if (found?.[1] !== undefined) values.set(found[1], found[2] ?? '')
	}
	return values
}

function osOf(text: string | undefined): KernelEvidence['os'] {
	const values = new Map<string, string>()
	for (const line of linesOf(text)) {
		const found = /^([A-Z][A-Z0-9_]{0,40})=(["']?)(.*?)\2$/.exec(line.text)
		if (found?.[1] !== undefined && found[3]) values.set(found[1], found[3])
	}
	const id = values.get('ID')
	const pretty = values.get('PRETTY_NAME')
	const version = values.get('VERSION_ID')
	return { ...(id && { id }), ...(pretty && { pretty }), ...(version && { version }) }
}

/** `undefined`, too, for an empty list: a kernel without modules, or one that a container does not show. */
function modulesOf(text: string | undefined): ReadonlySet<string> | undefined {
	const names = new Set<string>()
	for (const line of linesOf(text)) names.add(wordsOf(line.text)[0] ?? '')
	return names.size > 0 ? names : undefined
}

function selinuxOf(text: string | undefined): string | undefined {
	const mode = firstLine(text)
	return mode && /^(?:Enforcing|Permissive|Disabled)$/.test(mode) ? mode : undefined
}

function parse(bundle: Bundle): KernelEvidence | undefined {
	const file = (path: string) => bundle.files.get(fileOf(path))
	const system = unameOf(bundle.files.get(uname))
	const sysctl = sysctlOf(bundle.files.get(settings))
	const cgroup = cgroupOf(bundle)
	const os = osOf(file('/etc/os-release') ?? file('/usr/lib/os-release'))
	if (!system && sysctl.size === 0 && cgroup.controllers.size === 0 && os.id === undefined) return undefined
	const cmdline = firstLine(file('/proc/cmdline'))
	const modules = modulesOf(file('/proc/modules'))
	const boot = firstLine(file(bootId))
	const uptime = Number.parseFloat(firstLine(file('/proc/uptime')) ?? '')
	const selinux = selinuxOf(bundle.files.get(enforce))
	return {
		release: system?.release ?? '',
		arch: system?.arch ?? '',
		sysctl,
		cgroup,
		...(cmdline !== undefined && { cmdline }),
		...(modules && { modules }),
		...(boot !== undefined && { bootId: boot }),
		...(uptime >= 0 && Number.isFinite(uptime) && { uptimeSeconds: uptime }),
		...(selinux && { selinux }),
		os,
	}
}

async function collect(ask: Ask): Promise<void> {
	const settingsFiles = async () => {
		const names = (await ask.names('/etc/sysctl.d')).slice(0, 50)
		await Promise.all(names.map(name => ask.file(`/etc/sysctl.d/${name}`, { maxBytes: 65_536 })))
	}
	// A kubelet drop-in decides what the kubelet thinks of cgroup v1, of swap and of a filling disk.
	const dropIns = async () => {
		const dir = `${ask.node.dataDir}/agent/etc/kubelet.conf.d`
		const names = (await ask.names(dir)).filter(name => /^[\w.-]+\.conf$/.test(name)).slice(0, 20)
		await Promise.all(names.map(name => ask.file(`${dir}/${name}`, { maxBytes: 65_536 })))
	}
	await Promise.all([
		ask.run(uname, ['uname', '-a']),
		ask.run(settings, ['sysctl', '-e', ...asked]),
		ask.run(enforce, ['getenforce']),
		ask.run('commands/apparmor-status.json', ['aa-status', '--json']),
		ask.run(findmntFile, findmnt),
		...[
			'/etc/os-release',
			'/proc/cgroups',
			'/proc/self/cgroup',
			'/sys/fs/cgroup/cgroup.controllers',
			'/proc/cmdline',
			'/proc/modules',
			'/proc/uptime',
			bootId,
			// The Raspberry Pi's kernel command line.
			'/boot/firmware/cmdline.txt',
			'/boot/cmdline.txt',
		].map(path => ask.file(path)),
		settingsFiles(),
		dropIns(),
	])
}

export const kernel = source({
	name: 'kernel',
	title: 'kernel and cgroups',
	wants: () => [
		{ file: uname, askFor: 'uname -a' },
		{ file: settings, askFor: 'sysctl -a' },
		{ file: fileOf('/proc/cgroups'), askFor: 'cat /proc/cgroups', optional: true },
		{ file: fileOf('/etc/os-release'), askFor: 'cat /etc/os-release' },
		{ file: fileOf('/proc/uptime'), askFor: 'cat /proc/uptime', optional: true },
		{ file: fileOf('/proc/modules'), askFor: 'cat /proc/modules', optional: true },
		{ file: fileOf('/proc/cmdline'), askFor: 'cat /proc/cmdline', optional: true },
		{ file: enforce, askFor: 'getenforce', optional: true },
	],
	collect,
	parse,
})
