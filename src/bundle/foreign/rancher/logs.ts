/** The journal, the system's log files and the logs of containers. */
import type { NodeFacts } from '../../../model/bundle.js'
import { type speakers, spokenBy } from '../answers/spoken.js'
import { type Draft, placed } from '../draft.js'
import { byKey, described, isoOf, sections } from '../kubectl/describe.js'
import { readTable } from '../table.js'

/** rsyslog hosts keep the journal's lines in files as well: an agent's are nowhere else in the tarball. */
function addFromSyslog(
	into: Draft,
	own: string,
	who: keyof typeof speakers,
	names: readonly string[],
): boolean {
	for (const name of names) {
		const from = into.take(name)
		if (!from) continue
		const lines = spokenBy(placed(from), who)
		if (lines.length === 0) continue
		into.lines(own, lines)
		return true
	}
	return false
}

const noEntries = /^-- (?:No entries|Journal begins|Logs begin)[^\n]*\n?$/

export function addJournals(into: Draft, { unit, role }: NodeFacts): void {
	const own = `journal/${unit.replace(/\.service$/, '')}.log`
	const name = unit.replace(/\.service$/, '')
	const files = [
		`journald/${name}`,
		...(role === 'agent' ? ['journald/k3s-agent', 'journald/k3s'] : ['journald/k3s']),
	]
	const told = files.find(file => {
		const text = into.take(file)?.text ?? ''
		return text.trim() !== '' && !noEntries.test(text)
	})
	if (told !== undefined) into.raw(own, told)
	else if (
		!addFromSyslog(into, own, 'k3s', ['systemlogs/syslog', 'systemlogs/messages', 'systemlogs/daemon.log'])
	) {
		const empty = files.find(file => into.take(file) !== undefined)
		if (empty === undefined) {
			into.lacks(
				own,
				role === 'agent'
					? "Not in this bundle: Rancher's logs-collector takes the journal of k3s.service only, and none of an agent's."
					: 'Not in this bundle: the collector found no unit k3s.service whose journal it could take.',
			)
		} else
			into.lacks(
				own,
				'The journal of the unit has no entries of the last days that the collector asked for.',
				'failed',
			)
	}
	if (!into.files.get('commands/dmesg.txt')?.trim())
		addFromSyslog(into, 'journal/kernel.log', 'kernel', [
			'systemlogs/kern.log',
			'systemlogs/syslog',
			'systemlogs/messages',
		])
	for (const other of ['docker', 'containerd', 'kubelet', 'rancher-system-agent']) {
		into.raw(`journal/${other}.log`, `journald/${other}`)
	}
}

interface KnownPod {
	namespace: string
	name: string
	containers: readonly string[]
	restarts: number
	/** ISO: when the present containers began, and when those before them ended. */
	began?: string | undefined
	ended?: string | undefined
}

/** Pods by `<namespace>-<name>`, the name of a flattened log. */
function knownPods(into: Draft, folder: string): ReadonlyMap<string, KnownPod> {
	const known = new Map<string, KnownPod>()
	const add = (pod: KnownPod) => {
		const before = known.get(`${pod.namespace}-${pod.name}`)
		if (!before || pod.containers.length > 0) known.set(`${pod.namespace}-${pod.name}`, pod)
	}
	const pods = into.take(`${folder}/kubectl/pods`)
	for (const { cells } of pods ? (readTable(placed(pods))?.rows ?? []) : []) {
		const restarts = Number(/^\d+/.exec(cells.get('RESTARTS') ?? '')?.[0] ?? 0)
		add({ namespace: cells.get('NAMESPACE') ?? '', name: cells.get('NAME') ?? '', containers: [], restarts })
	}
	for (const file of into.below(`${folder}/kubectl/poddescribe`)) {
		const from = into.take(file)
		for (const block of from ? described(placed(from)) : []) {
			const top = byKey(block)
			const containers = sections(top.get('Containers')?.inner ?? [])
			const restarts = containers.map(({ inner }) => Number(byKey(inner).get('Restart Count')?.value ?? 0))
			const time = (state: string, key: string) =>
				containers
					.map(({ inner }) => isoOf(byKey(byKey(inner).get(state)?.inner ?? []).get(key)?.value))
					.find(found => found !== undefined)
			add({
				namespace: top.get('Namespace')?.value ?? '',
				name: top.get('Name')?.value ?? '',
				containers: containers.map(({ key }) => key),
				restarts: Math.max(0, ...restarts),
				began: time('State', 'Started'),
				ended: time('Last State', 'Finished') ?? time('State', 'Finished'),
			})
		}
	}
	return known
}

/** Namespaces that the collector asks for, longest first: the name of a log does not say where they end. */
const namespaces = [
	'kube-system',
	'kube-public',
	'cattle-system',
	'cattle-alerting',
	'cattle-logging-system',
	'cattle-logging',
	'cattle-pipeline',
	'cattle-provisioning-capi-system',
	'cattle-resources-system',
	'cattle-fleet-local-system',
	'cattle-fleet-system',
	'cattle-monitoring-system',
	'cattle-prometheus',
	'cattle-global-data',
	'cattle-ui-plugin-system',
	'ingress-nginx',
	'istio-system',
	'longhorn-system',
	'fleet-system',
	'fleet-default',
	'rancher-operator-system',
	'tigera-operator',
	'calico-system',
	'suse-observability',
].sort((a, b) => b.length - a.length)

function podOfLog(name: string, known: ReadonlyMap<string, KnownPod>): KnownPod | undefined {
	const found = known.get(name)
	if (found) return found
	const namespace = namespaces.find(each => name.startsWith(`${each}-`))
	return namespace
		? { namespace, name: name.slice(namespace.length + 1), containers: [], restarts: 0 }
		: undefined
}

/** A container that began so lately has said everything lately. Milliseconds. */
const lately = 30 * 60_000

/**
 * kubectl printed the lines without their times. Those of a young container are as good as new; of any other nothing
 * is known but that they are younger than its beginning, so that is taken: what may be old is not called new.
 */
function timeOf(pod: KnownPod, previous: boolean, takenAt: number): string | undefined {
	const began = Date.parse(pod.began ?? '')
	if (previous) return pod.ended ?? pod.began
	if (Number.isNaN(began)) return pod.ended
	return new Date(takenAt - began < lately ? takenAt : began).toISOString()
}

const ownTime = /^\d{4}-\d\d-\d\dT\S+ (?:stdout|stderr) [PF]/

export function addPodLogs(into: Draft, folder: string, takenAt: number): void {
	const known = knownPods(into, folder)
	for (const file of into.below(`${folder}/podlogs`)) {
		const rest = file.slice(`${folder}/podlogs/`.length)
		if (rest.includes('/')) {
			// CRI files with their path, or the whole path from the root.
			const path = /(?:^|\/)([^/_]+_[^/_]+_[^/_]+\/[^/]+\/\d+\.log)$/.exec(rest)?.[1]
			if (path) into.raw(`files/var/log/pods/${path}`, file)
			continue
		}
		const previous = rest.endsWith('-previous')
		const pod = podOfLog(previous ? rest.slice(0, -'-previous'.length) : rest, known)
		const from = into.take(file)
		if (
			!pod ||
			!from ||
			from.text.trim() === '' ||
			/^(?:Error from server|error:|unable to retrieve)/i.test(from.text)
		)
			continue
		const container = pod.containers.length === 1 ? pod.containers[0] : 'all-containers'
		const instance = previous ? Math.max(0, pod.restarts - 1) : Math.max(pod.restarts, 1)
		const own = `files/var/log/pods/${pod.namespace}_${pod.name}_of-${pod.name}/${container}/${instance}.log`
		const time = timeOf(pod, previous, takenAt)
		if (time === undefined) into.raw(own, file)
		else
			into.lines(
				own,
				placed(from).map(line => ({
					...line,
					text: ownTime.test(line.text) ? line.text : `${time} stdout F ${line.text}`,
				})),
			)
	}
}
