/** What became of the starts of k3s that a log tells of: as the examination saw it, and as the log has gone on since. */
import type { Start } from '../../model/evidence/index.js'
import type { LogRow } from '../../model/log-line.js'
import { counted } from '../format.js'
import type { State } from '../state.js'
import type { LogPlace } from './place.js'
import { span } from './time.js'

/** Milliseconds between a start's own record and its first line in the log: some logs tell whole seconds only. */
const nearStart = 1_000

/** What stands above the first line of a start of k3s. `undefined` for other lines. */
export function startWords(state: State, place: LogPlace, row: LogRow): string | undefined {
	if (!/\bStarting k3s (?:agent )?v/.test(row.text.slice(0, 400))) return undefined
	const starts = place.ref.kind === 'file' ? [] : startsOf(state, place)
	const found = row.at === undefined ? -1 : startAt(starts, row.at)
	const start = starts[found]
	// Since the examination, in a log that nobody watches: how it ends was not seen.
	if (!start) return 'k3s starts'
	const examined = state.mode === 'live' && !place.starts && found === starts.length - 1
	return `k3s starts, ${found + 1} of ${counted(starts.length, 'start')}: ${outcome(start, examined)}`
}

/** Those that the examination knows, and how they and others went on. */
function startsOf(state: State, { starts: later = [] }: LogPlace): readonly Start[] {
	const known = state.subject?.evidence.journal?.starts ?? []
	if (later.length === 0) return known
	const all = [...known]
	for (const start of later) {
		const at = start.truncated
			? all.findLastIndex(each => saidAt(each) <= start.beganAt)
			: startAt(all, saidAt(start))
		const before = all[at]
		if (before) all[at] = goneOn(before, start)
		else if (!start.truncated) all.push(start)
	}
	return all
}

function goneOn(before: Start, later: Start): Start {
	const readyAt = before.readyAt ?? later.readyAt
	const end = before.end ?? later.end
	const furthest = later.furthest ?? before.furthest
	return {
		...before,
		lastAt: Math.max(before.lastAt, later.lastAt),
		...(readyAt !== undefined && { readyAt }),
		...(end && { end }),
		...(furthest && { furthest }),
	}
}

/** Where the start is whose first words were said then: of a node that starts over and over, the nearest; or -1. */
function startAt(starts: readonly Start[], at: number): number {
	const far = (start: Start) => Math.abs(saidAt(start) - at)
	let nearest = -1
	let least = nearStart
	for (const [index, start] of starts.entries()) {
		if (far(start) >= least) continue
		nearest = index
		least = far(start)
	}
	return nearest
}

const saidAt = ({ beganAt, milestones }: Start) =>
	milestones.find(({ name }) => name === 'starting')?.at ?? beganAt

const ends = {
	fatal: 'ended with a fatal error',
	shutdown: 'a part of it died',
	panic: 'ended with a panic',
	exec: 'could not be executed',
	killed: 'was killed',
	failed: 'failed',
	stopped: 'was stopped',
} as const

/** `examined`: that is how it was when the node was examined; it may be otherwise now. */
function outcome({ beganAt, readyAt, end, furthest }: Start, examined: boolean): string {
	const ready = readyAt === undefined ? undefined : `ready after ${span(readyAt - beganAt)}`
	if (end) {
		const after = `${ends[end.how]} after ${span(Math.max(0, end.at - beganAt))}`
		return ready ? `${ready}, ${after}` : after
	}
	if (ready) return ready
	const when = examined ? ' when the node was examined' : ''
	return `not ready${when}${furthest ? `, came as far as ${furthest}` : ''}`
}
