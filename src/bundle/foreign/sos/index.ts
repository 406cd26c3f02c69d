/** sos reports: the host's files under their own paths, and commands under their names. k3s itself it does not know. */
import { addFree, addUptime } from '../answers/memory.js'
import { addMounts } from '../answers/mounts.js'
import { addNetstat, addSockets } from '../answers/network.js'
import { addPs } from '../answers/processes.js'
import { addStatus } from '../answers/status.js'
import { addUnits, endOf, listedUnits, unitFileStates } from '../answers/systemd.js'
import { isoWithOffset, offsetOfLog, readDate } from '../dates.js'
import { apiFiles, type Draft, draft, type Source } from '../draft.js'
import type { Foreign, Layout, Translated } from '../layout.js'
import { logsOf } from '../loose/index.js'
import { isTroublesome } from '../loose/texts.js'
import { nodeOf, ownUnits } from '../rancher/node.js'

/** Files of the host that a source reads, under the same path. */
const hostFiles =
	/^(?:etc\/(?:hosts|hostname|resolv\.conf|os-release|fstab|machine-id|sysctl\.d\/[^/]+|systemd\/system\/k3s[^/]*\.service(?:\.d\/[^/]+|\.env)?|cni\/net\.d\/[^/]+|rancher\/k3s\/[^/]+(?:\/[^/]+)?|default\/k3s[^/]*|sysconfig\/k3s[^/]*)|proc\/(?:meminfo|loadavg|uptime|swaps|cpuinfo|cmdline|cgroups|modules|mounts|pressure\/\w+)|run\/systemd\/resolve\/resolv\.conf|usr\/lib\/os-release|var\/lib\/rancher\/k3s\/.+\.(?:crt|log|toml|yaml|json|conf)|var\/log\/pods\/.+\.log)$/
/** Commands and logs that are looked at. */
const commands =
	/^(?:sos_commands\/(?:logs\/journalctl_|systemd\/systemctl_|networking\/(?:ip_|ss_|netstat|nft|iptables)|firewall_tables\/|firewalld\/|selinux\/(?:getenforce|sestatus)|date\/|kernel\/(?:dmesg|lsmod|uname|sysctl)|host\/|general\/|filesys\/(?:df_|mount|findmnt)|memory\/free|process\/ps_|services\/|chrony\/|ntp\/|containerd\/|k3s\/)[^/]*|var\/log\/(?:messages|syslog|kern\.log|daemon\.log)|(?:hostname|uname|uptime|date|df|mount|free|ps|lsmod|ip_addr|ip_route|netstat|version\.txt))$/

/** The first of `names` that exists; a name that ends with `*` stands for what begins so. */
function pick(into: Draft, ...names: readonly string[]): Source | undefined {
	for (const name of names) {
		if (!name.endsWith('*')) {
			const found = into.take(name)
			if (found?.text.trim()) return found
			continue
		}
		const folder = name.slice(0, name.lastIndexOf('/'))
		const match = into
			.below(folder)
			.sort()
			.find(each => each.startsWith(name.slice(0, -1)) && into.take(each)?.text.trim())
		if (match !== undefined) return into.take(match)
	}
	return undefined
}

const asTheyAre: readonly (readonly [own: string, ...names: string[]])[] = [
	[
		'commands/hostname.txt',
		'hostname',
		'sos_commands/host/hostname',
		'sos_commands/general/hostname',
		'etc/hostname',
	],
	['commands/uname.txt', 'uname', 'sos_commands/kernel/uname_-a'],
	['commands/df.txt', 'df', 'sos_commands/filesys/df_-al*'],
	['commands/df-inodes.txt', 'sos_commands/filesys/df_-ali*'],
	['commands/dmesg.txt', 'sos_commands/kernel/dmesg*'],
	['commands/sysctl.txt', 'sos_commands/kernel/sysctl_-a'],
	['commands/getenforce.txt', 'sos_commands/selinux/getenforce'],
	[
		'commands/ip-addr.txt',
		'ip_addr',
		'sos_commands/networking/ip_-d_address',
		'sos_commands/networking/ip_-o_addr',
	],
	['commands/ip-route.txt', 'sos_commands/networking/ip_route_show_table_all', 'ip_route'],
	[
		'commands/iptables-save.txt',
		'sos_commands/firewall_tables/iptables-save*',
		'sos_commands/networking/iptables-save*',
	],
	['commands/ip6tables-save.txt', 'sos_commands/firewall_tables/ip6tables-save*'],
	[
		'commands/nft-ruleset.txt',
		'sos_commands/firewall_tables/nft_-a_list_ruleset',
		'sos_commands/firewall_tables/nft_list_ruleset',
	],
	[
		'commands/chronyc-tracking.txt',
		'sos_commands/chrony/chronyc_tracking',
		'sos_commands/chrony/chronyc_-n_tracking',
	],
	['files/proc/modules', 'proc/modules', 'lsmod', 'sos_commands/kernel/lsmod'],
]

const logFiles = [
	'sos_commands/logs/journalctl_--no-pager_--boot',
	'sos_commands/logs/journalctl_--no-pager',
	'sos_commands/logs/journalctl_--no-pager_--catalog_--boot',
]

function addJournal(into: Draft, unit: string): void {
	const own = `journal/${unit.replace(/\.service$/, '')}.log`
	// The boot before comes first: it is older.
	const before = into.take('sos_commands/logs/journalctl_--no-pager_--boot_-1')
	const now = pick(into, ...logFiles) ?? pick(into, 'var/log/messages', 'var/log/syslog')
	const parts = [before, now].flatMap(from => (from ? (logsOf(from) ?? []) : []))
	const lines = parts.flatMap(part => part.own)
	if (lines.length > 0) into.lines(own, lines)
	else
		into.lacks(
			own,
			'No line of k3s stands in the journals that the sos report holds (this boot and the one before).',
		)
	const kernel = parts.flatMap(part => part.kernel)
	if (kernel.length > 0) into.lines('journal/kernel.log', kernel)
}

function translate(foreign: Foreign): Translated | undefined {
	const into = draft(foreign.files)
	for (const name of foreign.files.keys()) if (hostFiles.test(name)) into.raw(`files/${name}`, name)
	for (const [own, ...names] of asTheyAre) {
		const from = pick(into, ...names)
		if (from && !into.files.has(own)) into.raw(own, from.file)
	}
	const log = pick(into, ...logFiles)
	const date = pick(into, 'date', 'sos_commands/date/date', 'sos_commands/general/date')
	const said = readDate(date?.text)
	const offset = said?.offset ?? offsetOfLog(log?.text ?? '') ?? 0
	const takenAt = said ? said.local - offset * 60_000 : foreign.modifiedAt || Date.now()
	if (date && said)
		into.lines('commands/date.txt', [{ text: isoWithOffset(takenAt, offset), file: date.file, line: 1 }])
	const units = listedUnits(
		pick(
			into,
			'sos_commands/systemd/systemctl_list-units_--all',
			'sos_commands/systemd/systemctl_list-units',
		),
	)
	const states = unitFileStates(pick(into, 'sos_commands/systemd/systemctl_list-unit-files'))
	const files = [...foreign.files.keys()].flatMap(
		name => /^etc\/systemd\/system\/(k3s[^/]*\.service)$/.exec(name)?.[1] ?? [],
	)
	const node = nodeOf(into, ownUnits(units, [...states.keys(), ...files]), 'k3s', {
		hostname: into.files.get('commands/hostname.txt'),
		journal:
			(log &&
				logsOf(log)
					?.own.map(({ text }) => text)
					.join('\n')) ??
			'',
		unitFile: files[0] && into.take(`etc/systemd/system/${files[0]}`)?.text,
		processes: pick(into, 'ps', 'sos_commands/process/ps_aux*')?.text,
		config: into.files.get('files/etc/rancher/k3s/config.yaml'),
	})
	addJournal(into, node.unit)
	const shown = pick(
		into,
		'sos_commands/systemd/systemctl_show_service_--all',
		'sos_commands/systemd/systemctl_show_--all',
	)
	const status = pick(into, 'sos_commands/systemd/systemctl_status_--all')
	if (shown) into.raw('commands/systemctl-show.txt', shown.file)
	else if (status) addStatus(into, status, isTroublesome)
	if (!into.files.has('commands/systemctl-show.txt'))
		addUnits(
			into,
			units,
			states,
			node.unit,
			endOf(into.files.get(`journal/${node.unit.replace(/\.service$/, '')}.log`), node.unit),
		)
	addFree(
		into,
		into.files.has('files/proc/meminfo') ? undefined : pick(into, 'free', 'sos_commands/memory/free'),
		'free',
	)
	if (!into.files.has('files/proc/loadavg')) addUptime(into, pick(into, 'uptime', 'sos_commands/host/uptime'))
	if (!into.files.has('files/proc/mounts'))
		addMounts(into, pick(into, 'mount', 'sos_commands/filesys/mount_-l'))
	addPs(
		into,
		pick(into, 'ps', 'sos_commands/process/ps_auxwww*', 'sos_commands/process/ps_aux*'),
		takenAt + offset * 60_000,
	)
	addSockets(into, [pick(into, 'sos_commands/networking/ss_*')])
	addNetstat(
		into,
		pick(into, 'netstat', 'sos_commands/networking/netstat_-W_-neopa', 'sos_commands/networking/netstat_*'),
	)
	for (const own of ['crictl/info.json', 'crictl/ps.json', 'crictl/pods.json', 'crictl/images.json'])
		into.lacks(own, 'A sos report asks nothing of the container runtime of k3s.')
	for (const own of apiFiles) into.lacks(own, 'A sos report asks nothing of the Kubernetes API of k3s.')
	for (const own of ['probes/ports.json', 'probes/http.json', 'probes/tls.json'])
		into.lacks(own, 'A sos report connects to no port.')
	into.lacks('commands/files.tsv', "A sos report does not list k3s's directories.")
	return { node, takenAt, draft: into }
}

export const sos: Layout = {
	name: 'the sos report',
	marks: ['sos_commands'],
	wants: name => hostFiles.test(name) || commands.test(name),
	fits: names => [...names].some(name => name.startsWith('sos_commands/')),
	translate,
}
