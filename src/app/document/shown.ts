/** The lines of a document that a filter leaves, and which of them the search finds. */
import { remembering } from '../memo.js'
import { type Matcher, matcherOf } from '../search.js'
import type { TextPlace } from '../state.js'
import type { Document } from './document.js'
import { levelOf } from './level.js'

/** Indexes into the document's lines; `undefined`: all of them. */
export type Shown = readonly number[] | undefined

const keptBy = remembering((lines: readonly string[], query: string): Shown => {
	if (query === '') return undefined
	const matcher = matcherOf(query, lines)
	const kept: number[] = []
	for (const [index, text] of lines.entries()) if (matcher.test(text)) kept.push(index)
	return kept
})

const matcherFor = remembering((lines: readonly string[], query: string): Matcher => matcherOf(query, lines))

export function shownOf(document: Document, { only }: Pick<TextPlace, 'only'>): Shown {
	return keptBy(document.lines, only)
}

export function countOf(lines: readonly string[], shown: Shown): number {
	return shown ? shown.length : lines.length
}

/** The document's line behind a shown one. */
export function lineAt(shown: Shown, at: number): number {
	return shown ? (shown[at] ?? 0) : at
}

export function searchOf(document: Document, query: string): Matcher {
	return matcherFor(document.lines, query)
}

/** Indexes of the document's lines that the search finds. */
export const hitsOf = remembering((lines: readonly string[], query: string): readonly number[] => {
	const matcher = matcherOf(query, lines)
	if (matcher.kind === 'all') return []
	const found: number[] = []
	for (const [index, text] of lines.entries()) if (matcher.test(text)) found.push(index)
	return found
})

/** The next shown line after `at` (before it for `step` -1) that `wanted` holds for; `undefined` when none does. */
function seek(
	document: Document,
	shown: Shown,
	at: number,
	step: 1 | -1,
	wanted: (line: string) => boolean,
): number | undefined {
	const count = countOf(document.lines, shown)
	for (let next = at + step; next >= 0 && next < count; next += step) {
		if (wanted(document.lines[lineAt(shown, next)] ?? '')) return next
	}
	return undefined
}

export function nextHit(
	document: Document,
	place: TextPlace,
	step: 1 | -1,
	from = place.at,
): number | undefined {
	const matcher = searchOf(document, place.query)
	return matcher.kind === 'all'
		? undefined
		: seek(document, shownOf(document, place), from, step, line => matcher.test(line))
}

export function nextLevel(
	document: Document,
	place: TextPlace,
	step: 1 | -1,
	level: 'error' | 'warning',
): number | undefined {
	return seek(document, shownOf(document, place), place.at, step, line => levelOf(line) === level)
}
