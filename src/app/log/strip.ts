/** The histogram: errors over time in one row, with where the cursor is. */
import { type Line, line, type Span, span } from '../line.js'
import { joined } from './joined.js'
import { type LogPlace, rowAt } from './place.js'
import { clock } from './time.js'

const bars = ' ▁▂▃▄▅▆▇█'
/** Columns for the times at both ends. */
const labels = 16

export function stripWidth(columns: number): number {
	return Math.max(10, columns - labels - 2)
}

export function stripLine(place: LogPlace): Line {
	const { strip } = place
	if (!strip) return line(span('  counting errors …', 'faint'))
	if (strip.buckets.length === 0)
		return line(span(`  no errors or warnings${strip.done ? '' : ' so far'}`, 'faint'))
	const most = Math.max(1, ...strip.buckets.map(({ errors, warnings }) => Math.max(errors, warnings)))
	const at = rowAt(place, place.at)?.at
	const spans: Span[] = [span(` ${clock(strip.from, place.times, false).slice(0, 5)} `, 'faint')]
	for (const [index, { at: from, errors, warnings }] of strip.buckets.entries()) {
		const count = errors > 0 ? errors : warnings
		// Whatever there is can be seen: the smallest bar for one, the highest for the most.
		const height = count === 0 ? 0 : Math.max(1, Math.round((Math.log1p(count) / Math.log1p(most)) * 8))
		const next = strip.buckets[index + 1]?.at ?? strip.to
		const here = at !== undefined && at >= from && at < next
		const text = bars[height] ?? ' '
		spans.push({
			text: here && height === 0 ? '┊' : text,
			tone: errors > 0 ? 'bad' : warnings > 0 ? 'warn' : 'faint',
			...(here && { inverse: true as const }),
		})
	}
	spans.push(span(` ${clock(strip.to, place.times, false).slice(0, 5)}${strip.done ? '' : '…'}`, 'faint'))
	return { spans: joined(spans) }
}

/** Time of the next bucket with errors after `at`, or before it. */
export function nextBucket({ strip }: LogPlace, at: number, step: 1 | -1): number | undefined {
	if (!strip) return undefined
	const { buckets, to } = strip
	const here = buckets.findIndex(({ at: from }, index) => at >= from && at < (buckets[index + 1]?.at ?? to))
	const start = here >= 0 ? here : step === 1 ? -1 : buckets.length
	for (let index = start + step; index >= 0 && index < buckets.length; index += step) {
		const bucket = buckets[index]
		if (bucket && bucket.errors > 0) return bucket.at
	}
	return undefined
}
