/** The rows of a document that are on the screen, and how the cursor moves through it. */
import { dropColumns, takeColumns, wrap } from '../columns.js'
import { harmless } from '../line.js'
import type { TextPlace } from '../state.js'
import { countOf, lineAt, type Shown } from './shown.js'

/** Of a longer line only so much is shown; searching still finds the rest. */
export const longest = 100_000
/** A wrapped line may take up to so many rows; what is further out is reached unwrapped. */
const mostRows = 200

export function cleanLine(text: string, upTo = longest): string {
	return harmless(text.slice(0, upTo))
}

/** The rows that a line takes when it is wrapped to `width`, at blanks where there are some. */
export function wrapped(text: string, width: number): string[] {
	return wrap(cleanLine(text, Math.max(1, width) * mostRows), width).slice(0, mostRows)
}

/** The part of a line that is seen from column `left` on. */
export function slice(text: string, left: number, width: number): string {
	// Escape sequences and wide characters make columns fewer than characters: look further than needed.
	const near = cleanLine(text, Math.min(longest, (left + width) * 4 + 1_000))
	return takeColumns(dropColumns(near, left), width)
}

export interface TextSize {
	/** Columns for the text itself, without gutter and line numbers. */
	width: number
	rows: number
}

const clamp = (value: number, most: number) => Math.max(0, Math.min(value, most))

export interface Lines {
	lines: readonly string[]
	shown: Shown
	count: number
}

/** The lines that a filter leaves. */
export function linesShown(lines: readonly string[], shown: Shown): Lines {
	return { lines, shown, count: countOf(lines, shown) }
}

function heightOf({ lines, shown }: Lines, at: number, place: TextPlace, { width }: TextSize): number {
	return place.wrap ? wrapped(lines[lineAt(shown, at)] ?? '', width).length : 1
}

/** Keeps the cursor in the text and on the screen, with as little movement as possible. */
export function settleText(place: TextPlace, all: Lines, size: TextSize): TextPlace {
	if (all.count === 0) return { ...place, at: 0, top: 0, sub: 0 }
	const at = clamp(place.at, all.count - 1)
	let { top, sub } = place
	top = clamp(top, all.count - 1)
	sub = place.wrap ? clamp(sub, heightOf(all, top, place, size) - 1) : 0
	if (at < top) return { ...place, at, top: at, sub: 0 }
	// A wrapped line that is higher than the window keeps its place within.
	if (at === top && sub > 0) return { ...place, at, top, sub }
	let rows = -sub
	for (let index = top; index <= at && rows <= size.rows; index += 1)
		rows += heightOf(all, index, place, size)
	if (rows <= size.rows) return pullDown({ ...place, at, top, sub }, all, size)
	return { ...place, at, ...lastWindow(at, all, place, size) }
}

/** The top that shows line `at` as the last one. */
function lastWindow(at: number, all: Lines, place: TextPlace, size: TextSize): { top: number; sub: number } {
	let room = size.rows
	for (let index = at; index >= 0; index -= 1) {
		const height = heightOf(all, index, place, size)
		if (height >= room) return { top: index, sub: index === at ? 0 : height - room }
		room -= height
	}
	return { top: 0, sub: 0 }
}

/** No empty rows at the bottom while there is more above. */
function pullDown(place: TextPlace, all: Lines, size: TextSize): TextPlace {
	let rows = -place.sub
	for (let index = place.top; index < all.count && rows < size.rows; index += 1) {
		rows += heightOf(all, index, place, size)
	}
	return rows >= size.rows ? place : { ...place, ...lastWindow(all.count - 1, all, place, size) }
}

export function moveLines(place: TextPlace, all: Lines, size: TextSize, delta: number): TextPlace {
	if (place.wrap && Math.abs(delta) === 1 && all.count > 0) {
		const height = heightOf(all, clamp(place.at, all.count - 1), place, size)
		const rest = place.at === place.top ? height - place.sub - size.rows : 0
		if (delta === 1 && rest > 0) return { ...place, sub: place.sub + Math.min(rest, size.rows - 1) }
		if (delta === -1 && place.at === place.top && place.sub > 0)
			return { ...place, sub: Math.max(0, place.sub - size.rows + 1) }
	}
	return settleText({ ...place, at: place.at + delta }, all, size)
}

export function movePage(place: TextPlace, all: Lines, size: TextSize, delta: number): TextPlace {
	const top = clamp(place.top + delta, Math.max(0, all.count - 1))
	return settleText({ ...place, at: place.at + delta, top, sub: 0 }, all, size)
}

/** Puts a line into the middle of the window: where a jump has led. */
export function centre(place: TextPlace, all: Lines, size: TextSize, at: number): TextPlace {
	const line = clamp(at, Math.max(0, all.count - 1))
	return settleText({ ...place, at: line, top: Math.max(0, line - (size.rows >> 1)), sub: 0 }, all, size)
}
