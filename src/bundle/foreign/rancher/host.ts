/** `systeminfo/` and `networking/`. */
import { addFree, addUptime } from '../answers/memory.js'
import { addMounts } from '../answers/mounts.js'
import { addNeighbours, addNetstat, addRules, addSockets } from '../answers/network.js'
import { addPs } from '../answers/processes.js'
import { complaintIn } from '../complaint.js'
import { type Draft, placed } from '../draft.js'
import type { Times } from './times.js'

/** Answers that the sources read as they are. */
const asTheyAre: readonly (readonly [own: string, ...names: string[]])[] = [
	['commands/hostname.txt', 'systeminfo/hostname'],
	['commands/uname.txt', 'systeminfo/uname'],
	['commands/df.txt', 'systeminfo/dfh'],
	['commands/df-inodes.txt', 'systeminfo/dfi'],
	['commands/sysctl.txt', 'systeminfo/sysctla'],
	['commands/dmesg.txt', 'systeminfo/dmesg'],
	['commands/getenforce.txt', 'systeminfo/rhel-getenforce'],
	['commands/ufw-status.txt', 'systeminfo/ubuntu-ufw'],
	['files/etc/hosts', 'systeminfo/etchosts'],
	['files/etc/resolv.conf', 'systeminfo/etcresolvconf'],
	['files/run/systemd/resolve/resolv.conf', 'systeminfo/systemd-resolved'],
	['files/etc/os-release', 'systeminfo/osrelease'],
	['files/proc/cpuinfo', 'systeminfo/cpuinfo'],
	['commands/nft-ruleset.txt', 'networking/nft_ruleset'],
	['commands/ip-addr.txt', 'networking/ipaddrshow'],
	['commands/ip-route.txt', 'networking/iproute'],
	['commands/ip-6-route.txt', 'networking/ipv6route'],
]

function addModules(into: Draft): void {
	const from = into.take('systeminfo/lsmod')
	if (!from || complaintIn(from.text) !== undefined || /could not (?:open|get)/.test(from.text)) return
	into.lines(
		'files/proc/modules',
		placed(from).filter(({ text }) => /^\w[\w-]*\s+\d+\s+\d+/.test(text)),
	)
}

function addFilters(into: Draft): void {
	for (const [own, name] of [
		['commands/iptables-save.txt', 'networking/iptablessave'],
		['commands/ip6tables-save.txt', 'networking/ip6tablessave'],
	] as const) {
		const from = into.take(name)
		if (!from) continue
		const words = complaintIn(from.text)
		if (words === undefined) into.raw(own, name)
		else into.failed(own, name, words)
		// 127 is how a shell says that there is no such program.
		if (words !== undefined && /not found/.test(words) && own.includes('/iptables'))
			into.failed('commands/iptables-version.txt', name, words, 127)
	}
}

/** Members and health of the embedded etcd, where it answered. */
function addEtcd(into: Draft): void {
	into.raw('commands/etcd-members.json', 'etcd/memberlist.json')
	for (const name of into.below('etcd')) {
		const leader = /^etcd_server_has_leader (\d)/m.exec(into.take(name)?.text ?? '')?.[1]
		if (leader === undefined) continue
		const health = { health: leader === '1' ? 'true' : 'false', reason: leader === '1' ? '' : 'NO LEADER' }
		into.made('commands/etcd-health.json', JSON.stringify(health), name)
		return
	}
}

export function addHost(into: Draft, { hostAt, offset }: Times): void {
	for (const [own, ...names] of asTheyAre) {
		const name = names.find(each => into.take(each) !== undefined)
		const from = name === undefined ? undefined : into.take(name)
		if (!name || !from) continue
		const words = complaintIn(from.text)
		if (words === undefined) into.raw(own, name)
		else into.failed(own, name, words)
	}
	addFree(into, into.take('systeminfo/freeh') ?? into.take('systeminfo/memory'), 'free -h')
	if (!into.files.has('files/proc/meminfo')) addFree(into, into.take('systeminfo/freem'), 'free -m')
	addUptime(into, into.take('systeminfo/uptime'))
	addMounts(into, into.take('systeminfo/mount'))
	addPs(into, into.take('systeminfo/ps'), hostAt + offset * 60_000)
	addModules(into)
	addFilters(into)
	addRules(into, into.take('networking/iprule'))
	addNeighbours(into, into.take('networking/ipneighbour'))
	// With connections where both families were asked; the listeners alone otherwise.
	const both = ['networking/ss4apn', 'networking/ss6apn'].map(into.take)
	const listening = ['networking/sstunlp4', 'networking/sstunlp6'].map(into.take)
	addSockets(into, both.some(Boolean) ? both : listening)
	if (!into.files.has('commands/ss-listening.txt')) addSockets(into, listening)
	if (!into.files.has('commands/ss-listening.txt')) addSockets(into, [into.take('networking/ssanp')])
	addNetstat(into, into.take('networking/netstat'))
	addEtcd(into)
	for (const name of into.below('networking/cni')) {
		into.raw(`files/etc/cni/net.d/${name.slice('networking/cni/'.length)}`, name)
	}
}
