import type { Start } from '../../model/evidence/index.js'
import { duration, utcTime } from '../times.js'
import { type Change, changesBetween, type Side } from './compare.js'

/** More starts than this are counted, not listed. */
const most = 12

export function startChanges(a: Side, b: Side): { changes: Change[]; blind?: string } {
	const changes = [...changesBetween(stateOf(a), stateOf(b)), ...containerRestarts(a, b)]
	const booted = bootedBetween(a, b)
	if (booted !== undefined)
		changes.push({ kind: 'fresh', what: 'the host was booted', after: `${utcTime(booted)} UTC` })
	const { journal } = b.evidence
	if (!journal) return { changes, blind: 'B has no journal of k3s.' }
	const since = Date.parse(a.report.takenAt) || 0
	const fresh = journal.starts.filter(({ beganAt }) => beganAt > since)
	const alike = gathered(fresh)
	for (const { starts, says } of alike.slice(-most)) {
		const [first, last] = [starts[0], starts.at(-1)]
		if (!first || !last) continue
		const when = utcTime(first.beganAt)
		const what =
			starts.length === 1
				? `start at ${when} UTC`
				: `${starts.length} starts alike, ${when} to ${utcTime(last.beganAt)} UTC`
		changes.push({ kind: 'fresh', what, after: says })
	}
	if (alike.length > most) changes.push({ kind: 'fresh', what: 'more starts before those' })
	return { changes }
}

/** Containers of pods that are still there and were started again since. */
function containerRestarts(a: Side, b: Side): Change[] {
	const before = restartsOf(a)
	const more = [...restartsOf(b)].flatMap(([name, count]): [name: string, was: number, is: number][] => {
		const was = before.get(name)
		return was !== undefined && count > was ? [[name, was, count]] : []
	})
	const shown = more.toSorted((one, other) => other[2] - other[1] - (one[2] - one[1])).slice(0, most)
	const changes = shown.map(([name, was, is]): Change => {
		return { kind: 'changed', what: `restarts of ${name}`, before: String(was), after: String(is) }
	})
	const left = more.length - shown.length
	return left > 0 ? [...changes, { kind: 'fresh', what: `restarts of ${left} more containers` }] : changes
}

function restartsOf({ evidence }: Side): Map<string, number> {
	return new Map(
		(evidence.cluster?.pods ?? []).flatMap(({ namespace, name, containers }) =>
			containers.map(({ name: container, restarts }): [string, number] => [
				`${namespace}/${name}: ${container}`,
				restarts,
			]),
		),
	)
}

/** Starts that follow each other and came to the same are told once. */
function gathered(starts: readonly Start[]): { says: string; starts: Start[] }[] {
	const groups: { says: string; starts: Start[] }[] = []
	for (const start of starts) {
		const says = outcome(start)
		const last = groups.at(-1)
		if (last?.says === says) last.starts.push(start)
		else groups.push({ says, starts: [start] })
	}
	return groups
}

function stateOf({ report, evidence }: Side): Map<string, string> {
	const given: [string, string | undefined][] = [
		['service', report.service.replaceAll('-', ' ')],
		['restarts by systemd', evidence.service && String(evidence.service.restarts)],
	]
	return new Map(given.flatMap(([name, value]) => (value ? [[name, value]] : [])))
}

function outcome({ version, beganAt, readyAt, furthest, end }: Start): string {
	const got =
		readyAt === undefined ? `got to ${furthest ?? 'nothing'}` : `ready after ${duration(readyAt - beganAt)}`
	const ended = end ? `${end.how}${end.lastWord ? `: ${end.lastWord.text.slice(0, 200)}` : ''}` : 'runs'
	return [version, got, ended].filter(Boolean).join(', ')
}

/** By the uptime that B tells; a difference of seconds is no boot. */
function bootedBetween(a: Side, b: Side): number | undefined {
	const seconds = b.report.node.uptimeSeconds
	if (seconds === undefined || a.report.node.hostname !== b.report.node.hostname) return undefined
	const at = (Date.parse(b.report.takenAt) || 0) - seconds * 1000
	return at > (Date.parse(a.report.takenAt) || 0) + 1000 ? at : undefined
}
