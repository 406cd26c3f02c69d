/**
 * A line of the screen as data: words with a meaning each. What a tone looks like is decided where it is painted.
 * All text comes in through `span`, which takes the teeth out of text from outside.
 */
import { plainLine } from '../model/plain-text.js'
import { columnsOf, shorten, takeColumns, wrap } from './columns.js'

/** `hit` is a match of the search; `mark` the sign of where the cursor is. */
export type Tone = 'faint' | 'bad' | 'warn' | 'good' | 'accent' | 'command' | 'hit' | 'mark'

export interface Span {
	readonly text: string
	readonly tone?: Tone
	readonly bold?: true
	readonly inverse?: true
}

export interface Line {
	readonly spans: readonly Span[]
	/** The cursor is here: the whole row is painted to stand out. */
	readonly selected?: true
}

export const blank: Line = { spans: [] }

const invisible = /\p{Default_Ignorable_Code_Point}/u
// An emoji may be joined of several; there the joiners belong to what is seen.
const unlessJoining =
	/(\p{Extended_Pictographic}\p{Emoji_Modifier}?\ufe0f?(?:\u200d(?=\p{Extended_Pictographic}))?)|\p{Default_Ignorable_Code_Point}/gu

/**
 * Text without what terminals disagree on: controls, half a pair of surrogates as JSON can spell it, and characters
 * that cannot be seen, which may also hide the difference between two names.
 */
export function harmless(text: string): string {
	const plain = plainLine(text).toWellFormed()
	return invisible.test(plain) ? plain.replace(unlessJoining, '$1') : plain
}

export function span(text: string, tone?: Tone): Span {
	return { text: harmless(text), ...(tone && { tone }) }
}

export function strong(text: string, tone?: Tone): Span {
	return { text: harmless(text), bold: true, ...(tone && { tone }) }
}

export function line(...parts: (Span | string)[]): Line {
	return { spans: parts.map(part => (typeof part === 'string' ? span(part) : part)) }
}

export function widthOf(spans: readonly Span[]): number {
	return spans.reduce((sum, { text }) => sum + columnsOf(text), 0)
}

export function textOf({ spans }: Line): string {
	return spans.map(({ text }) => text).join('')
}

/** Cuts a line to `width` columns; an ellipsis tells that something is missing. */
export function fitted(whole: Line, width: number): Line {
	if (widthOf(whole.spans) <= width) return whole
	const spans: Span[] = []
	let left = width
	for (const part of whole.spans) {
		const size = columnsOf(part.text)
		if (size < left || (size === left && part === whole.spans.at(-1))) {
			spans.push(part)
			left -= size
			continue
		}
		spans.push({ ...part, text: left <= 0 ? '' : `${takeColumns(part.text, left - 1)}…` })
		break
	}
	return { ...whole, spans }
}

/** Left part and right part of a row; where both do not fitted, the left one gives way. */
export function ends(left: readonly Span[], right: readonly Span[], width: number): Line {
	const size = widthOf(right)
	if (size + 8 > width) return fitted({ spans: left }, width)
	const room = width - size - (size > 0 ? 2 : 0)
	const start = fitted({ spans: left }, room)
	return { spans: [...start.spans, span(' '.repeat(width - size - widthOf(start.spans))), ...right] }
}

/** A cell of a table: cut and padded to `width`. */
export function cell(text: string, width: number, tone?: Tone): Span {
	const shown = shorten(harmless(text), width)
	return span(shown + ' '.repeat(Math.max(0, width - columnsOf(shown))), tone)
}

/** A right-aligned cell: numbers. */
export function number(text: string, width: number, tone?: Tone): Span {
	const shown = shorten(harmless(text), width)
	return span(' '.repeat(Math.max(0, width - columnsOf(shown))) + shown, tone)
}

/** Words wrapped to `width`; the first line gets `first` in front of it, the others as many blanks. */
export function paragraph(
	text: string,
	width: number,
	{ first = [], tone, bold }: { first?: readonly Span[]; tone?: Tone; bold?: true } = {},
): Line[] {
	const indent = widthOf(first)
	const room = Math.max(1, width - indent)
	return wrap(harmless(text), room).map((words, index) => {
		const said: Span = { text: words, ...(tone && { tone }), ...(bold && { bold }) }
		return fitted({ spans: index === 0 ? [...first, said] : [span(' '.repeat(indent)), said] }, width)
	})
}

/** Items that stay whole, as many on a line as fit. */
export function items(all: readonly string[], width: number, tone?: Tone): Line[] {
	const lines: string[] = []
	for (const [index, item] of all.entries()) {
		const text = index < all.length - 1 ? `${harmless(item)},` : harmless(item)
		const last = lines.at(-1)
		if (last !== undefined && columnsOf(last) + 1 + columnsOf(text) <= width) {
			lines[lines.length - 1] = `${last} ${text}`
		} else lines.push(text)
	}
	return lines.map(text => fitted(line(span(text, tone)), width))
}

/** The first `most` lines; an ellipsis tells where more would follow. */
export function clipped(lines: readonly Line[], most: number, width: number): Line[] {
	const kept = lines.slice(0, Math.max(0, most))
	const last = kept.at(-1)
	if (!last || lines.length <= most) return kept
	const { spans } = fitted(last, width - 1)
	const words = spans.at(-1)
	const ended = words?.text.endsWith('…') ? spans : [...spans, { ...words, text: '…' }]
	return [...kept.slice(0, -1), { ...last, spans: ended }]
}

/** The title of a section with a rule to the right edge. */
export function heading(title: string, width: number): Line {
	const words = shorten(title, width)
	return line(strong(words), span(` ${'─'.repeat(Math.max(0, width - columnsOf(words) - 1))}`, 'faint'))
}
