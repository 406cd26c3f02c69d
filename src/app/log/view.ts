/** A log on the screen: head, histogram, rows with what stands between them, and the chosen line whole. */

import type { LogRow } from '../../model/log-line.js'
import { shorten, wrap } from '../columns.js'
import { counted } from '../format.js'
import { blank, ends, fitted, harmless, type Line, line, type Span, span } from '../line.js'
import { remembering } from '../memo.js'
import { type Matcher, matcherOf } from '../search.js'
import type { State } from '../state.js'
import type { HeightOf, LogSize } from './geometry.js'
import { isEmpty, type LogPlace, rowAt } from './place.js'
import { quotedBy } from './quotes.js'
import { lineOf, type RowLook, rowLines } from './rows.js'
import { startWords } from './starts.js'
import { stripLine } from './strip.js'
import { day, span as timeSpan } from './time.js'

export interface LogView {
	size: LogSize
	heightOf: HeightOf
	/** Rows of the head, and of the whole line below. */
	head: number
	below: number
}

/** A silence that is worth a line of its own, in milliseconds. */
const silence = 5 * 60_000

const matcherFor = remembering(
	(rows: readonly LogRow[], query: string): Matcher =>
		matcherOf(
			query,
			rows.map(({ text }) => text),
		),
)

export function logView(state: State, place: LogPlace, width: number, rows: number): LogView {
	const head = rows > 6 ? (place.showsStrip ? 2 : 1) : 0
	const below = rows >= 12 && !place.wrap ? (rows >= 26 ? 5 : 4) : 0
	const size = { width, rows: Math.max(1, rows - head - below) }
	const look = lookOf(place, width)
	const heightOf: HeightOf = at => {
		const row = rowAt(place, at)
		if (!row) return 1
		const between = betweenWords(state, place, at, row) === undefined ? 0 : 1
		return between + (place.wrap ? rowLines(row, look, undefined, false).length : 1)
	}
	return { size, heightOf, head, below }
}

const hasTimes = remembering((rows: readonly LogRow[], _: string): boolean =>
	rows.some(({ at }) => at !== undefined),
)

function lookOf(place: LogPlace, width: number): RowLook {
	const { left, wrap, columns, query, filter } = place
	// A log without times needs no column for them.
	const times = hasTimes(place.rows, '') ? place.times : 'off'
	const near = times === 'relative' ? rowAt(place, place.at)?.at : undefined
	const searched = query === '' ? filter.only : query
	return {
		width: Math.max(1, width - 1),
		left,
		wrap,
		times,
		columns,
		near,
		matcher: searched === '' ? matcherOf('') : matcherFor(place.rows, searched),
		key: `${width} ${left} ${wrap} ${times} ${columns} ${near ?? ''} ${searched}`,
	}
}

/** What is said above a row: another day, a silence, a start of k3s. */
function betweenWords(state: State, place: LogPlace, at: number, row: LogRow): string | undefined {
	const before = rowAt(place, at - 1)
	const words: string[] = []
	if (row.at !== undefined && place.times !== 'off') {
		const style = place.times === 'utc' ? 'utc' : 'local'
		const today = day(row.at, style)
		const isFirst = !before && place.span.begin === at
		if (isFirst || (before?.at !== undefined && day(before.at, style) !== today)) words.push(today)
		const gap = before?.at === undefined ? 0 : row.at - before.at
		const together = before?.number === row.number - 1
		if (together && gap >= silence) words.push(`${timeSpan(gap)} without a line`)
		if (together && gap <= -60_000) words.push(`the clock went back by ${timeSpan(-gap)}`)
	}
	const start = startWords(state, place, row)
	if (start !== undefined) words.push(start)
	return words.length > 0 ? words.join(' · ') : undefined
}

export function logLines(
	state: State,
	place: LogPlace,
	view: LogView,
): { lines: Line[]; cursor: number | undefined } {
	const { size, head } = view
	const lines: Line[] = headLines(place, size.width).slice(0, head)
	const top = lines.length
	const end = top + size.rows
	let cursor: number | undefined
	const words = emptyWords(place)
	if (words !== undefined) {
		lines.push(...wrap(words, size.width - 3).map(text => line(span(`  ${text}`))))
		return { lines, cursor }
	}
	const look = lookOf(place, size.width)
	for (let at = place.top; at < place.span.end && lines.length < end; at += 1) {
		const row = rowAt(place, at)
		if (!row) {
			lines.push(line(span('  ·', 'faint')))
			continue
		}
		const chosen = at === place.at
		const between = betweenWords(state, place, at, row)
		const own: Line[] = between === undefined ? [] : [rule(between, size.width)]
		const first = own.length
		const marked = place.marks.includes(row.number)
		for (const [index, spans] of rowLines(row, look, quotedBy(state, place, row), marked).entries()) {
			own.push(lineOf(spans, chosen, index === 0))
		}
		const hidden = at === place.top ? place.sub : 0
		if (chosen) cursor = lines.length + Math.max(0, first - hidden)
		lines.push(...own.slice(hidden, hidden + end - lines.length))
	}
	while (lines.length < end) lines.push(blank)
	lines.push(...belowLines(state, place, view))
	return { lines, cursor: cursor !== undefined && cursor < end ? cursor : undefined }
}

function rule(words: string, width: number): Line {
	const text = shorten(harmless(words), Math.max(1, width - 6))
	return fitted(
		line(span(`── ${text} `, 'accent'), span('─'.repeat(Math.max(0, width - text.length - 4)), 'faint')),
		width,
	)
}

function emptyWords(place: LogPlace): string | undefined {
	if (place.phase === 'failed') return `It could not be opened: ${place.why ?? ''}`
	if (place.phase === 'opening') return 'The log is being opened.'
	if (!isEmpty(place)) return undefined
	if (place.turning || (place.span.begin === undefined && place.span.endLine !== 0))
		return 'Looking for lines …'
	const { only, since, until, quiet } = place.filter
	if (only !== '') return `No line matches "${only}". Esc shows all.`
	if (since !== undefined || until !== undefined)
		return 'There is no line in that time. T and "all" shows all.'
	return quiet ? 'There is nothing but noise in it. z shows that.' : 'There is nothing in it.'
}

function headLines(place: LogPlace, width: number): Line[] {
	const { filter, span: known, live, following, busy } = place
	const parts: string[] = []
	if (filter.only !== '')
		parts.push(`only "${shorten(filter.only, 24)}"${filter.context > 0 ? ` ±${filter.context}` : ''}`)
	if (filter.quiet) parts.push('noise hidden')
	if (filter.fold) parts.push('repeats folded')
	if (filter.since !== undefined) parts.push(`since ${when(filter.since, place)}`)
	if (filter.until !== undefined) parts.push(`until ${when(filter.until, place)}`)
	if (place.times === 'utc') parts.push('UTC')
	const total = known.firstLine === undefined ? undefined : known.endLine - known.firstLine
	const lines = total === undefined ? 'its beginning is not read yet' : counted(total, 'line')
	const left: Span[] = [span(` ${[lines, ...parts].join(', ')}`, 'faint')]
	const state = busy !== '' ? `${busy} …` : live ? (following ? 'following' : 'f follows') : ''
	const head = ends(left, [span(state, following ? 'good' : 'faint'), span(' ')], width)
	return place.showsStrip ? [head, stripLine(place)] : [head]
}

function when(at: number, { times }: LogPlace): string {
	const date = new Date(at)
	return Number.isNaN(date.getTime())
		? ''
		: times === 'utc'
			? `${date.toISOString().slice(0, 16)}Z`
			: `${day(at, 'local')} ${date.toTimeString().slice(0, 5)}`
}

/** The chosen line, whole, under a rule; who quotes it is said there. */
function belowLines(state: State, place: LogPlace, { below, size }: LogView): Line[] {
	if (below === 0) return []
	const row = rowAt(place, place.at)
	const cause = row && quotedBy(state, place, row)
	const title = cause === undefined ? '' : ` quoted by ${cause}, Enter opens it `
	const bar = line(
		span('──', 'faint'),
		span(title, 'mark'),
		span('─'.repeat(Math.max(0, size.width - title.length - 2)), 'faint'),
	)
	const room = below - 1
	const text = row ? harmless(row.text.slice(0, size.width * room * 2)) : ''
	const pieces = wrap(text, Math.max(1, size.width - 3))
	const shown = pieces.slice(0, room)
	const more = pieces.length > room || (row && row.text.length > size.width * room * 2)
	return [
		fitted(bar, size.width),
		...shown.map((piece, index) =>
			fitted(
				line(span('  '), span(more && index === room - 1 ? shorten(`${piece} …`, size.width - 3) : piece)),
				size.width,
			),
		),
	]
}
