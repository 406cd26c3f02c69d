/** Lists of items that are one or more rows high: what a screen must tell, and how the cursor moves in it. */
import type { Line } from './line.js'
import type { ListState } from './state.js'
import type { Target } from './target.js'

export interface ListView {
	/** Lines that stay above the list. */
	head: readonly Line[]
	count: number
	/** How many there would be without a filter. */
	total: number
	idOf(index: number): string
	heightOf(index: number): number
	linesOf(index: number, selected: boolean): readonly Line[]
	targetOf(index: number): Target
	/** In the place of the items when there are none: why, and what to do. */
	empty: readonly Line[]
	/** What fills the rows that the items leave: a preview of the chosen one. */
	below?: (index: number, rows: number) => readonly Line[]
	/** Names of the sort orders, where it can be sorted. */
	sorts?: readonly string[]
	/** What the heights are made of: as long as it is the same object, they are not added up again. */
	madeOf?: object
}

const added = new WeakMap<object, Int32Array>()

/** First row of each item, and of the end. */
export function offsets(view: ListView): Int32Array {
	const known = view.madeOf && added.get(view.madeOf)
	if (known) return known
	const rows = addedUp(view)
	if (view.madeOf) added.set(view.madeOf, rows)
	return rows
}

function addedUp(view: ListView): Int32Array {
	const rows = new Int32Array(view.count + 1)
	for (let index = 0; index < view.count; index += 1) {
		rows[index + 1] = (rows[index] ?? 0) + view.heightOf(index)
	}
	return rows
}

const clamp = (value: number, most: number) => Math.max(0, Math.min(value, most))

/** The item that holds `row`. */
export function itemAt(rows: Int32Array, row: number): number {
	let low = 0
	let high = rows.length - 2
	while (low < high) {
		const middle = (low + high + 1) >> 1
		if ((rows[middle] ?? 0) <= row) low = middle
		else high = middle - 1
	}
	return Math.max(0, low)
}

/**
 * The cursor on an item, the window moved as little as it takes to show all of it, or its beginning. When the list
 * has changed, the cursor stays on the item it was on, and that on its row of the window, as far as there are rows.
 */
export function settle(list: ListState, view: ListView, height: number): ListState {
	if (view.count === 0) return { ...list, at: 0, top: 0 }
	const rows = offsets(view)
	const total = rows[view.count] ?? 0
	const moved = movedTo(list, view)
	const at = moved ?? clamp(list.at, view.count - 1)
	const first = rows[at] ?? 0
	const end = rows[at + 1] ?? 0
	const wanted = moved === undefined ? list.top : first - list.row
	let top = clamp(wanted, Math.max(0, total - height))
	// An item higher than the window may be scrolled within, as long as a part of it shows.
	if (end - first > height) top = clamp(wanted, total - 1)
	else if (end > top + height) top = end - height
	if (first < top && (end - first <= height || end <= top)) top = first
	if (first >= top + height) top = first
	return { ...list, at, top, id: view.idOf(at), row: Math.max(0, first - top) }
}

/** Where the item with the cursor is now, if it is elsewhere. */
function movedTo({ at, id }: ListState, view: ListView): number | undefined {
	if (id === undefined || (at < view.count && view.idOf(at) === id)) return undefined
	for (let index = 0; index < view.count; index += 1) if (view.idOf(index) === id) return index
	return undefined
}

/** The list with its cursor put on item `at`, whatever stood there. */
export function putAt<L extends ListState>(list: L, at: number): L {
	const next: L = { ...list, at }
	delete next.id
	return next
}

/** Moves the cursor by items. Where an item is higher than the window, its rest is shown before the next one. */
export function moveBy(list: ListState, view: ListView, height: number, delta: number): ListState {
	if (view.count === 0) return list
	const rows = offsets(view)
	const at = clamp(list.at, view.count - 1)
	const first = rows[at] ?? 0
	const end = rows[at + 1] ?? 0
	if (delta === 1 && end > list.top + height && end - first > height)
		return { ...list, at, top: list.top + 1 }
	if (delta === -1 && first < list.top && end - first > height) return { ...list, at, top: list.top - 1 }
	const next = settle(putAt(list, clamp(at + delta, view.count - 1)), view, height)
	const nextFirst = rows[next.at] ?? 0
	const nextEnd = rows[next.at + 1] ?? 0
	// Entering a high item from above shows its beginning, from below its end.
	if (nextEnd - nextFirst > height && next.at !== at)
		return { ...next, top: delta > 0 ? nextFirst : nextEnd - height }
	return next
}

/** Moves by rows, for pages: the cursor lands on the item that stands where it stood. */
export function moveRows(list: ListState, view: ListView, height: number, delta: number): ListState {
	if (view.count === 0) return list
	const rows = offsets(view)
	const total = rows[view.count] ?? 0
	const first = rows[clamp(list.at, view.count - 1)] ?? 0
	const at = itemAt(rows, clamp(first + delta, Math.max(0, total - 1)))
	const top = clamp(list.top + delta, Math.max(0, total - height))
	const moved = at === list.at ? clamp(at + Math.sign(delta), view.count - 1) : at
	return settle({ ...putAt(list, moved), top }, view, height)
}

/** The rows of the window, and which of them is the first of the chosen item. */
export function windowOf(
	list: ListState,
	view: ListView,
	height: number,
): { lines: Line[]; cursor: number | undefined } {
	if (view.count === 0) return { lines: view.empty.slice(0, height), cursor: undefined }
	const rows = offsets(view)
	const lines: Line[] = []
	let cursor: number | undefined
	for (let index = itemAt(rows, list.top); index < view.count && lines.length < height; index += 1) {
		const first = rows[index] ?? 0
		const skipped = Math.max(0, list.top - first)
		const shown = view.linesOf(index, index === list.at).slice(skipped, skipped + height - lines.length)
		if (index === list.at && shown.length > 0) {
			// The item's title may stand above it.
			const own = shown.findIndex(({ spans: [first] }) => first?.tone === 'mark')
			cursor = lines.length + Math.max(0, own)
		}
		lines.push(...shown)
	}
	return { lines, cursor }
}
