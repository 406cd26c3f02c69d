/** Which lines of a log a diagnosis quotes. */
import type { DiagnosisCause } from '../../model/diagnosis.js'
import type { LogRow } from '../../model/log-line.js'
import type { Report } from '../../model/report.js'
import { remembering } from '../memo.js'
import type { State } from '../state.js'
import { bundleFileOf } from './names.js'
import type { LogPlace } from './place.js'

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
