/** Tables of kubectl and crictl: columns begin where their headings do, and cells may hold blanks. */
import { isWarning } from './complaint.js'
import type { Placed } from './draft.js'

export interface Row {
	readonly cells: ReadonlyMap<string, string>
	readonly from: Placed
}

export interface Table {
	readonly columns: readonly string[]
	readonly rows: readonly Row[]
}

interface Column {
	name: string
	start: number
}

/** Headings are in capitals and parted by at least two blanks; `NOMINATED NODE` is one. */
function columnsOf(header: string): Column[] {
	return [...header.matchAll(/\S+(?: \S+)*/g)].map(found => ({ name: found[0], start: found.index }))
}

const heading = /^(?:[A-Z][A-Z0-9()/-]*)(?:(?: {1,}|\t)[A-Z0-9%][A-Z0-9()/%-]*)*\s*$/

/** A wide character shifts what stands behind it: then the cell begins at the gap nearest to its column. */
function cutAt(line: string, start: number): number {
	if (start === 0 || line.length <= start) return start
	if (line[start] === ' ' || line[start - 1] === ' ') return start
	for (let shift = 1; shift < 12; shift++) {
		for (const at of [start - shift, start + shift]) {
			if (line[at] !== ' ' && line[at] !== undefined && line[at - 1] === ' ' && line[at - 2] === ' ')
				return at
		}
	}
	return start
}

/**
 * Reads the tables of a text; kubectl prints one for each kind that was asked for, each with its own header.
 * `undefined` when there is no header. Lines that are no rows (warnings, empty ones) are left out.
 */
export function readTable(lines: readonly Placed[]): Table | undefined {
	let columns: Column[] | undefined
	const rows: Row[] = []
	for (const from of lines) {
		// crictl stats clears the screen first.
		const text = from.text.replace(/^(?:\u001b\[[0-9;]*[A-Za-z])+/, '')
		if (text.trim() === '') continue
		if (heading.test(text) && /^(?:NAME|NAMESPACE|CONTAINER|POD ID|IMAGE|LAST SEEN)\b/.test(text)) {
			columns = columnsOf(text)
			continue
		}
		if (!columns || isWarning(text)) continue
		const cells = new Map<string, string>()
		const starts = columns.map(({ start }) => cutAt(text, start))
		for (const [index, { name }] of columns.entries()) {
			cells.set(name, text.slice(starts[index], starts[index + 1]).trim())
		}
		rows.push({ cells, from })
	}
	return columns && { columns: columns.map(({ name }) => name), rows }
}
