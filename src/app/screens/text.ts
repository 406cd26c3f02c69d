/** The rows of a text: gutter, line number, the line itself with what the search finds in it. */
import { columnsOf, shorten, wrap } from '../columns.js'
import { type Document, documentOf } from '../document/document.js'
import { levelOf } from '../document/level.js'
import { lineAt, searchOf, shownOf } from '../document/shown.js'
import { cleanLine, type Lines, linesShown, slice, type TextSize, wrapped } from '../document/window.js'
import { fitted, type Line, line, paragraph, type Span, span, type Tone } from '../line.js'
import { remembering } from '../memo.js'
import type { Matcher } from '../search.js'
import type { State, TextPlace } from '../state.js'
import { gutter, pointer } from './rows.js'

export interface TextView {
	document: Document
	all: Lines
	head: readonly Line[]
	size: TextSize
	/** Columns of the line numbers, the blank behind them included. */
	numbers: number
	/** Rows below the text in which the line with the cursor is shown whole, because lines are cut. */
	strip: number
}

/** `rows` is the whole body. */
export function textView(state: State, place: TextPlace, width: number, rows: number): TextView {
	const document = documentOf(state, place.document)
	const all = linesShown(document.lines, shownOf(document, place))
	const numbers = 'report' in place.document ? 0 : String(document.lines.length).length + 1
	const head = headLines(document, width).slice(0, rows > 6 ? 2 : 0)
	const room = Math.max(1, width - gutter - numbers)
	// Always as many rows, whatever the line, so that nothing jumps while one moves.
	const strip =
		rows >= 12 && !place.wrap && hasLonger(document.lines, String(room)) ? (rows >= 20 ? 5 : 4) : 0
	const size = { width: room, rows: Math.max(1, rows - head.length - strip) }
	return { document, all, head, size, numbers, strip }
}

const hasLonger = remembering((lines: readonly string[], width: string): boolean =>
	lines.some(text => text.length > Number(width)),
)

/** The whole line with the cursor, wrapped, under a rule. */
export function stripLines(view: TextView, place: TextPlace, width: number): Line[] {
	const { document, all, strip } = view
	if (strip === 0) return []
	const text = cleanLine(document.lines[lineAt(all.shown, place.at)] ?? '', width * strip * 2)
	const pieces = wrap(text, width - gutter)
	const shown = pieces.slice(0, strip - 1)
	const more = pieces.length > shown.length
	return [
		line(span('─'.repeat(width), 'faint')),
		...shown.map((piece, index) =>
			fitted(
				line(span('  '), span(more && index === shown.length - 1 ? shorten(`${piece} …`, width - 2) : piece)),
				width,
			),
		),
	]
}

function headLines({ facts, lines, title }: Document, width: number): Line[] {
	if (facts.length === 0) return []
	const empty = lines.length === 0 && title !== '' ? ['it is empty'] : []
	return paragraph([...facts, ...empty].join(', '), width - 1, { first: [span(' ')], tone: 'faint' })
}

const levelTone: Readonly<Record<string, Tone>> = { error: 'bad', warning: 'warn' }

export function textLines(
	view: TextView,
	place: TextPlace,
): { lines: readonly Line[]; cursor: number | undefined } {
	const { document, all, size, numbers } = view
	const matcher = searchOf(document, place.query || place.only)
	const lines: Line[] = []
	let cursor: number | undefined
	for (let at = place.top; at < all.count && lines.length < size.rows; at += 1) {
		const index = lineAt(all.shown, at)
		const text = document.lines[index] ?? ''
		const chosen = at === place.at
		const pieces = place.wrap
			? wrapped(text, size.width).slice(at === place.top ? place.sub : 0)
			: [slice(text, place.left, size.width)]
		const level = levelTone[levelOf(text) ?? '']
		if (chosen) cursor = lines.length
		for (const [row, piece] of pieces.slice(0, size.rows - lines.length).entries()) {
			const label = row === 0 && index < document.ownLines ? String(index + 1) : ''
			lines.push({
				spans: [
					row === 0 ? pointer(chosen) : span('  '),
					...(numbers > 0 ? [span(`${label.padStart(numbers - 1)} `, chosen ? 'mark' : 'faint')] : []),
					...marked(piece, matcher, level, chosen),
				],
			})
		}
	}
	return { lines, cursor }
}

/** The piece cut at the search's hits; the cursor's line is bold, so that it is found without colours. */
function marked(piece: string, matcher: Matcher, tone: Tone | undefined, chosen: boolean): Span[] {
	const part = (text: string, hit: boolean): Span => ({
		text,
		...(hit ? { tone: 'hit' as const } : tone && { tone }),
		...(chosen && { bold: true as const }),
	})
	const spans: Span[] = []
	let at = 0
	for (const [from, to] of matcher.hits(piece)) {
		if (from > at) spans.push(part(piece.slice(at, from), false))
		spans.push(part(piece.slice(from, to), true))
		at = to
	}
	if (at < piece.length) spans.push(part(piece.slice(at), false))
	return spans
}

/** How far a text can be moved sideways: to the end of the longest line that is on the screen. */
export function widestShown({ document, all, size }: TextView, { top }: TextPlace): number {
	let widest = 0
	for (let at = top; at < Math.min(all.count, top + size.rows); at += 1) {
		const text = document.lines[lineAt(all.shown, at)] ?? ''
		widest = Math.max(widest, text.length > 8_000 ? text.length : columnsOf(cleanLine(text)))
	}
	return Math.max(0, widest - size.width)
}

/** In the place of the lines when there are none. */
export function noLines(place: TextPlace, width: number): Line[] {
	const words =
		place.only === '' ? 'There is nothing in it.' : `No line matches "${place.only}". Esc shows all.`
	return [fitted(line(span(`  ${words}`)), width)]
}
