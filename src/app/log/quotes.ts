/** Which lines of a log a diagnosis quotes, and what became of the starts of k3s that a log tells of. */
import type { DiagnosisCause } from '../../model/diagnosis.js'
import type { Start } from '../../model/evidence/index.js'
import type { LogRow } from '../../model/log-line.js'
import type { LogRef } from '../../model/log-ref.js'
import type { Report } from '../../model/report.js'
import { counted } from '../format.js'
import { remembering } from '../memo.js'
import type { State } from '../state.js'
import { bundleFileOf } from './names.js'
import type { LogPlace } from './place.js'
import { span } from './time.js'

interface Quoted {
	/** By file and 1-based line. */
	lines: ReadonlyMap<string, DiagnosisCause>
	/** By the words, for logs whose lines are not those of the bundle. */
	words: ReadonlyMap<string, DiagnosisCause>
}

/** So much of a line tells it from others. */
const telling = 160

const quotedIn = remembering((report: Report, _: string): Quoted => {
	const lines = new Map<string, DiagnosisCause>()
	const words = new Map<string, DiagnosisCause>()
	// The first of the ranking wins.
	for (const { cause, findings } of report.diagnoses) {
		for (const { quote } of findings) {
			if (!quote) continue
			const line = `${quote.file}:${quote.line ?? 0}`
			if (!lines.has(line)) lines.set(line, cause)
			const text = quote.text.slice(0, telling)
			if (text.length > 20 && !words.has(text)) words.set(text, cause)
		}
	}
	return { lines, words }
})

/** The diagnosis that quotes this line. */
export function quotedBy(state: State, place: LogPlace, row: LogRow): DiagnosisCause | undefined {
	const report = state.subject?.report
	if (!report) return undefined
	const { lines, words } = quotedIn(report, '')
	if (lines.size === 0) return undefined
	const file =
		state.mode !== 'live' || place.ref.kind === 'bundle' ? bundleFileOf(state, place.ref) : undefined
	const { firstLine } = place.span
	if (file !== undefined && firstLine !== undefined && place.ref.kind !== 'merged')
		return lines.get(`${file}:${row.number - firstLine + 1}`)
	return words.get(row.text.slice(0, telling)) ?? words.get(row.text.slice(row.bodyAt, row.bodyAt + telling))
}

/** Milliseconds between a start's own record and its first line in the log: some logs tell whole seconds only. */
const nearStart = 1_000

/** What stands above the first line of a start of k3s. `undefined` for other lines. */
export function startWords(state: State, ref: LogRef, row: LogRow): string | undefined {
	if (!/\bStarting k3s (?:agent )?v/.test(row.text.slice(0, 400))) return undefined
	const starts = ref.kind === 'file' ? [] : (state.subject?.evidence.journal?.starts ?? [])
	const found = row.at === undefined ? undefined : startAt(starts, row.at)
	// Since the examination: how it ends was not seen.
	if (!found) return 'k3s starts'
	return `k3s starts, ${found.index + 1} of ${counted(starts.length, 'start')}: ${outcome(found)}`
}

/** The start whose first words were said then: of a node that starts over and over, the nearest. */
function startAt(starts: readonly Start[], at: number): Start | undefined {
	const far = (start: Start) => Math.abs(saidAt(start) - at)
	const [nearest] = starts.toSorted((one, other) => far(one) - far(other))
	return nearest && far(nearest) < nearStart ? nearest : undefined
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

function outcome({ beganAt, readyAt, end, furthest }: Start): string {
	const ready = readyAt === undefined ? undefined : `ready after ${span(readyAt - beganAt)}`
	if (end) {
		const after = `${ends[end.how]} after ${span(Math.max(0, end.at - beganAt))}`
		return ready ? `${ready}, ${after}` : after
	}
	return ready ?? `not ready${furthest ? `, came as far as ${furthest}` : ''}`
}
