/** Terminal columns: the one place where the app measures and cuts text. */
import { columnsOf } from '../report/text/wrap.js'

export { columnsOf, wrap } from '../report/text/wrap.js'

const ascii = /^[\u0020-\u007e]*$/

let segmenter: Intl.Segmenter | undefined

/** What a person sees as one character; made late, because the first segmenter costs 10 ms. */
export function graphemes(text: string): string[] {
	if (ascii.test(text)) return [...text]
	segmenter ??= new Intl.Segmenter(undefined, { granularity: 'grapheme' })
	return Array.from(segmenter.segment(text), ({ segment }) => segment)
}

/** The longest beginning of `text` that fits into `width` columns. */
export function takeColumns(text: string, width: number): string {
	if (width <= 0) return ''
	if (text.length <= width && ascii.test(text)) return text
	// A column holds at least one code unit of ASCII; clusters of many marks are cut at 16 each.
	const near = text.slice(0, width)
	if (ascii.test(near)) return near
	let taken = ''
	let used = 0
	for (const piece of graphemes(text.slice(0, width * 16))) {
		const size = columnsOf(piece)
		if (used + size > width) break
		taken += piece
		used += size
	}
	return taken
}

/** `text` without its first `from` columns. A wide character that is cut in half leaves a blank. */
export function dropColumns(text: string, from: number): string {
	if (from <= 0) return text
	if (ascii.test(text.slice(0, from))) return text.slice(from)
	let at = 0
	let used = 0
	for (const piece of graphemes(text)) {
		if (used >= from) break
		used += columnsOf(piece)
		at += piece.length
	}
	return ' '.repeat(Math.max(0, used - from)) + text.slice(at)
}

/** Shortens to a width, with an ellipsis where something was cut. */
export function shorten(text: string, width: number): string {
	if (width <= 0) return ''
	return columnsOf(text) <= width ? text : `${takeColumns(text, width - 1)}…`
}

/** Keeps the end instead of the beginning: for paths, whose end tells more. */
export function shortenStart(text: string, width: number): string {
	if (width <= 0) return ''
	const size = columnsOf(text)
	return size <= width ? text : `…${dropColumns(text, size - width + 1)}`
}

/** Cuts `text` into pieces of at most `width` columns, wherever that falls: for raw log lines and commands. */
export function chop(text: string, width: number): string[] {
	const room = Math.max(2, width)
	if (text === '') return ['']
	const pieces: string[] = []
	let rest = text
	while (rest !== '') {
		const piece = takeColumns(rest, room)
		// A cluster wider than the room would never end.
		const size = piece.length > 0 ? piece.length : (graphemes(rest.slice(0, 64))[0]?.length ?? 1)
		pieces.push(rest.slice(0, size))
		rest = rest.slice(size)
	}
	return pieces
}
