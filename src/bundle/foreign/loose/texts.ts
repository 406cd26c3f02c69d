/** Texts of other programs: which answer each is, told by how it begins. */
import { addFree, addUptime, type FreeForm } from '../answers/memory.js'
import { addMounts, isMount } from '../answers/mounts.js'
import { addNeighbours, addNetstat, addRules, addSockets } from '../answers/network.js'
import { addPs, isPs } from '../answers/processes.js'
import { addStatus, isStatus } from '../answers/status.js'
import { addUnits, listedUnits, unitFileStates } from '../answers/systemd.js'
import { isoWithOffset, readDate } from '../dates.js'
import type { Draft, Source } from '../draft.js'
import { placed } from '../draft.js'

/** A text as it is, by its own name. */
type AsItIs = readonly [own: string, test: (head: string, name: string) => boolean]

const line = (pattern: RegExp) => (head: string) => pattern.test(head)
const named = (names: RegExp, pattern: RegExp) => (head: string, name: string) =>
	names.test(name) && pattern.test(head)

const asTheyAre: readonly AsItIs[] = [
	[
		'commands/systemctl-show.txt',
		line(/^Id=\S+\.service$(?:.|\n)*^ActiveState=|^ActiveState=\w+$(?:.|\n)*^Id=\S+\.service$/m),
	],
	['commands/df-inodes.txt', line(/^(?:df: .*\n)*Filesystem\s.*\bIUse%/)],
	['commands/df.txt', line(/^(?:df: .*\n)*Filesystem\s.*(?:Use%|Capacity)\s+Mounted on/)],
	['commands/iptables-save.txt', line(/^(?:#[^\n]*\n)*\*(?:filter|nat|mangle|raw)\n:[A-Z]+ (?:ACCEPT|DROP)/)],
	['commands/nft-ruleset.txt', line(/^(?:#[^\n]*\n)*table (?:ip|ip6|inet|bridge|arp) \S+ \{/)],
	['commands/ip-addr.txt', line(/^1: lo: <[A-Z,_]+> mtu \d+/)],
	[
		'commands/ip-route.txt',
		line(
			/^(?:default via \S+ dev|(?:\d{1,3}\.){3}\d{1,3}(?:\/\d+)? dev \S+ (?:proto|scope|metric)|(?:local|broadcast|unicast) [\d.]+ dev )/,
		),
	],
	['commands/k3s-version.txt', line(/^k3s version v\d/)],
	[
		'commands/k3s-check-config.txt',
		line(/^(?:[\s\S]{0,2000}\n)?Verifying binaries in |^Generally Necessary:/m),
	],
	['commands/uname.txt', line(/^Linux \S+ \d+\.\d+[^\n]*(?:GNU\/Linux|x86_64|aarch64|armv\w+)\s*$/)],
	['commands/sysctl.txt', line(/^(?:[a-z]\w*(?:[./][\w:-]+)+ ?= ?[^\n]*\n){3}/)],
	['commands/timedatectl.txt', line(/^(?:Timezone=|LocalRTC=|NTPSynchronized=)/m)],
	['commands/ufw-status.txt', line(/^Status: (?:active|inactive)\b/)],
	[
		'commands/dmesg.txt',
		line(/^\[ *\d+\.\d{6}\] |^\[[A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]\d \d\d:\d\d:\d\d \d{4}\] /),
	],
	['commands/getenforce.txt', line(/^(?:Enforcing|Permissive|Disabled)\s*$/)],
	['api/readyz.txt', line(/^\[[+-]\](?:ping|etcd|log)[^\n]*(?:\n(?:\[|readyz|livez|healthz)|$)/)],
	['files/etc/os-release', line(/^(?:PRETTY_NAME|NAME|ID|VERSION)=.*\n(?:[A-Z_]+=.*\n)*(?:ID|PRETTY_NAME)=/)],
	[
		'files/etc/resolv.conf',
		line(
			/^(?:[#;][^\n]*\n|[ \t]*\n|search [^\n]*\n|options [^\n]*\n|domain [^\n]*\n)*nameserver +[0-9a-f.:]+/i,
		),
	],
	['files/etc/hosts', named(/hosts/i, /^(?:[\d.:a-f]+\s+\S+)/m)],
	['files/proc/meminfo', line(/^MemTotal: +\d+ kB/)],
	['files/proc/mounts', line(/^\S+ \/\S* \S+ (?:rw|ro)[,\w=/.-]* 0 0$/m)],
	['files/proc/cpuinfo', line(/^processor\s*: 0$/m)],
	['files/proc/modules', line(/^(?:Module +Size +Used by|\w+ \d+ \d+ \S+ Live 0x)/)],
	['crictl/version.txt', line(/^Version: +\S+\nRuntimeName: /)],
	['files/etc/rancher/k3s/registries.yaml', named(/registries.*\.ya?ml$/, /^(?:mirrors|configs):/m)],
	['files/etc/rancher/k3s/config.yaml', named(/config.*\.ya?ml$/, /^["']?[a-z][a-z0-9-]+\+?["']?:/m)],
	['commands/hostname.txt', named(/(?:^|\/)hostname(?:\.txt)?$/, /^[A-Za-z0-9][A-Za-z0-9.-]{0,252}\s*$/)],
]

const troublesome =
	/^(?:k3s[\w@.-]*|containerd|docker|firewalld|ufw|nm-cloud-setup|NetworkManager|systemd-timesyncd|chronyd?|ntp|systemd-resolved|multipathd|etcd|kubelet|rke2-\w+)\.service$/

export const isTroublesome = (unit: string) => troublesome.test(unit)

/** `now`: epoch milliseconds; `offset`: minutes that local time is ahead of UTC. */
export interface When {
	now: number
	offset: number
}

/** Which unit file of k3s a text is: `k3s.service`, `k3s-agent.service`. */
function unitFileOf({ file, text }: Source): string | undefined {
	const command = /^ExecStart=\S*k3s["']?[\s\\"']+(server|agent)\b/m.exec(text)?.[1]
	if (command === undefined || !/^\[Service\]/m.test(text)) return undefined
	const name = /(?:^|\/)(k3s[\w@.-]*\.service)$/.exec(file)?.[1]
	return name ?? (command === 'agent' ? 'k3s-agent.service' : 'k3s.service')
}

function takeSystemd(into: Draft, from: Source, own: string): boolean {
	const { text, file } = from
	if (isStatus(text)) {
		if (!into.files.has('commands/systemctl-show.txt')) addStatus(into, from, isTroublesome)
		if (!into.files.has('commands/systemctl-status.txt')) into.raw('commands/systemctl-status.txt', file)
		return true
	}
	if (/^\s*UNIT\s+LOAD\s+ACTIVE\s+SUB/.test(text)) {
		if (!into.files.has('commands/systemctl-show.txt')) addUnits(into, listedUnits(from), new Map(), own, {})
		return true
	}
	if (/^\s*UNIT FILE\s+STATE/.test(text)) return unitFileStates(from).size > 0
	if (/^# \/\S+\.service$/m.test(text.slice(0, 300))) {
		into.raw('commands/systemctl-cat.txt', file)
		return true
	}
	const unit = unitFileOf(from)
	if (unit) into.raw(`files/etc/systemd/system/${unit}`, file)
	return unit !== undefined
}

/** Files a text that is recognised; `false` when it is not. What comes second of a kind is recognised and left out. */
export function takeText(into: Draft, from: Source, own: string, { now, offset }: When): boolean {
	const { file, text } = from
	const head = text.slice(0, 8192)
	const name = file.slice(file.lastIndexOf('/') + 1)
	if (takeSystemd(into, from, own)) return true
	for (const [target, test] of asTheyAre) {
		if (!test(head, name)) continue
		if (!into.files.has(target)) into.raw(target, file)
		return true
	}
	const [first] = placed({ file, text: head })
	if (!first) return false
	if (/^\s+total\s+used\s+free/.test(text)) addFree(into, from, freeForm(text))
	else if (/ load average: /.test(first.text) && / up /.test(first.text)) addUptime(into, from)
	else if (isPs(first.text)) addPs(into, from, now + offset * 60_000)
	else if (isMount(first.text)) addMounts(into, from)
	else if (/^0:\s+from all lookup local/.test(first.text)) addRules(into, from)
	else if (/^[0-9a-f.:]+ dev \S+ (?:lladdr|FAILED|INCOMPLETE)/.test(first.text)) addNeighbours(into, from)
	else if (/^(?:Netid\s+State|tcp\s+(?:LISTEN|ESTAB)|udp\s+UNCONN|RTNETLINK answers)/.test(first.text))
		addSockets(into, [from])
	else if (/^(?:Active Internet connections|tcp6?\s+\d+\s+\d+ )/.test(first.text)) addNetstat(into, from)
	else if (readDate(first.text) && text.trim().split('\n').length === 1) {
		const date = readDate(first.text)
		if (date)
			into.lines('commands/date.txt', [
				{ ...first, text: isoWithOffset(date.local - (date.offset ?? 0) * 60_000, date.offset ?? 0) },
			])
	} else if (/^Certificate:\s|-----BEGIN CERTIFICATE-----/.test(head) && !/PRIVATE KEY/.test(text)) {
		const path =
			/(?:^|\/)((?:server\/tls|agent)\/.+\.crt)$/.exec(file)?.[1] ??
			(/\.crt$/.test(name) ? `agent/${name}` : undefined)
		if (path === undefined) return false
		into.raw(`files/var/lib/rancher/k3s/${path}`, file)
	} else return false
	return true
}

/** Bare numbers are kibibytes, unless a total would then be absurd for what else is said. */
function freeForm(text: string): FreeForm {
	const total = /^Mem: +(\S+)/m.exec(text)?.[1] ?? ''
	if (!/^\d+$/.test(total)) return 'free -h'
	if (total.length >= 10) return 'free -b'
	return total.length <= 6 ? 'free -m' : 'free'
}
