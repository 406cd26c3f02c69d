/**
 * What to write so that a terminal which shows some rows shows others. Rows are painted already and fit the window;
 * each begins and ends without colours.
 */

const csi = '\u001b['
const place = (row: number) => `${csi}${row + 1};1H`
/** Erased before it is written: erasing behind a row that reaches the edge would take its last character. */
const write = (row: number, text: string) => `${place(row)}${csi}2K${text}`

/** So many rows have to be saved before the terminal is asked to move them. */
const worthMoving = 4

/** '' when they are the same. The cursor then stands in the last row, where Ink leaves it and looks for it. */
export function changeRows(before: readonly string[], after: readonly string[]): string {
	const first = after.findIndex((text, row) => text !== before[row])
	if (first < 0) return ''
	const last = after.findLastIndex((text, row) => text !== before[row])
	const block = { first, last, by: movedBy(before, after, first, last) }
	const moved = block.by === 0 ? before : movedRows(before, block)
	const changed = after.map((text, row) => (text === moved[row] ? '' : write(row, text)))
	return `${moving(block)}${changed.join('')}${place(after.length - 1)}`
}

/** How far most of the rows between `first` and `last` have gone down; negative: up, 0: not worth it. */
function movedBy(before: readonly string[], after: readonly string[], first: number, last: number): number {
	let best = 0
	let most = worthMoving
	for (let by = first - last; by <= last - first; by += 1) {
		if (by === 0) continue
		let saved = 0
		const from = Math.max(first, first + by)
		const to = Math.min(last, last + by)
		for (let row = from; row <= to; row += 1) {
			const text = after[row]
			if (text === before[row - by] && text !== before[row] && text !== ' ') saved += 1
		}
		if (saved <= most) continue
		best = by
		most = saved
	}
	return best
}

interface Block {
	first: number
	last: number
	by: number
}

function movedRows(before: readonly string[], { first, last, by }: Block): (string | undefined)[] {
	return before.map((text, row) => {
		if (row < first || row > last) return text
		const from = row - by
		return from >= first && from <= last ? before[from] : undefined
	})
}

/**
 * Lines are deleted or inserted at the top of a scroll region: every terminal since the VT102 can do that, the Linux
 * console, which has no other way to scroll, included.
 */
function moving({ first, last, by }: Block): string {
	if (by === 0) return ''
	const lines = by < 0 ? `${csi}${-by}M` : `${csi}${by}L`
	return `${csi}${first + 1};${last + 1}r${place(first)}${lines}${csi}r`
}
