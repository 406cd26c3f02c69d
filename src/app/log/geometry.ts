/** Which rows of a log are on the screen, and how the cursor moves through them. */
import { clamped, isEmpty, isThere, type LogPlace } from './place.js'

export interface LogSize {
	/** Columns of a row. */
	width: number
	rows: number
}

/** Rows that the line at a place takes, with what stands above it. */
export type HeightOf = (at: number) => number

/** Keeps the cursor in the log and on the screen, with as little movement as possible. */
export function settleLog(place: LogPlace, size: LogSize, heightOf: HeightOf): LogPlace {
	if (!isThere(place) || isEmpty(place)) return place
	const at = clamped(place, place.at)
	const top = clamped(place, Math.min(place.top, at))
	const sub = place.wrap && top === place.top ? Math.min(place.sub, Math.max(0, heightOf(top) - 1)) : 0
	if (at === top && sub > 0) return changed(place, at, top, sub)
	let used = -sub
	for (let next = top; next <= at && used <= size.rows; next += 1) used += heightOf(next)
	if (used > size.rows) {
		const window = endingAt(place, at, size, heightOf)
		return changed(place, at, window.top, window.sub)
	}
	// No empty rows at the bottom while there is more above.
	for (let next = at + 1; next < place.span.end && used < size.rows; next += 1) used += heightOf(next)
	if (used >= size.rows) return changed(place, at, top, sub)
	const window = endingAt(place, place.span.end - 1, size, heightOf)
	return window.top < top ? changed(place, at, window.top, window.sub) : changed(place, at, top, sub)
}

function changed(place: LogPlace, at: number, top: number, sub: number): LogPlace {
	return at === place.at && top === place.top && sub === place.sub ? place : { ...place, at, top, sub }
}

/** The window whose last line is the one at `last`. */
function endingAt(
	place: LogPlace,
	last: number,
	{ rows }: LogSize,
	heightOf: HeightOf,
): { top: number; sub: number } {
	let room = rows
	const first = place.span.begin ?? Number.NEGATIVE_INFINITY
	for (let at = last; at >= first; at -= 1) {
		const height = heightOf(at)
		if (height > room) {
			if (at === last) return { top: at, sub: 0 }
			return place.wrap ? { top: at, sub: height - room } : { top: at + 1, sub: 0 }
		}
		room -= height
		if (room === 0) return { top: at, sub: 0 }
	}
	return { top: Math.max(first, last - rows + 1), sub: 0 }
}

/** Moves the cursor; within a wrapped line that is higher than the window it scrolls first. */
export function moveLog(place: LogPlace, size: LogSize, heightOf: HeightOf, delta: number): LogPlace {
	if (place.wrap && Math.abs(delta) === 1) {
		const rest = place.at === place.top ? heightOf(place.at) - place.sub - size.rows : 0
		if (delta === 1 && rest > 0) return { ...place, sub: place.sub + Math.min(rest, size.rows - 1) }
		if (delta === -1 && place.at === place.top && place.sub > 0)
			return { ...place, sub: Math.max(0, place.sub - size.rows + 1) }
	}
	return { ...place, at: clamped(place, place.at + delta) }
}

export function pageLog(place: LogPlace, delta: number): LogPlace {
	return { ...place, at: clamped(place, place.at + delta), top: clamped(place, place.top + delta), sub: 0 }
}

/** Puts a line into the middle of the window when it is not on the screen: where a jump has led. */
export function jumpLog(place: LogPlace, size: LogSize, at: number): LogPlace {
	const to = clamped(place, at)
	const near = to >= place.top && to < place.top + size.rows - 1 && !place.wrap
	return near
		? { ...place, at: to }
		: { ...place, at: to, top: clamped(place, to - (size.rows >> 1)), sub: 0 }
}
