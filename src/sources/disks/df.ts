/** Reads what `df` prints, in any of its forms: GNU or busybox, blocks, bytes or human units, space or inodes. */
import { type Line, linesOf } from '../lines.js'

export interface DfRow {
	source: string
	/** Only where df was asked for it. */
	type?: string
	/** Bytes, or inodes. `-` reads 0. */
	total: number
	used: number
	free: number
	/** As df rounded it; `undefined` for `-`, which file systems without a limit show. */
	percent?: number
	mount: string
	line: Line
}

const count = /^-?\d+(?:[.,]\d+)?(?:[KMGTPE]i?)?B?$/
const units = 'KMGTPE'

function amount(word: string, unit: number): number {
	const value = Number.parseFloat(word.replace(',', '.'))
	if (!Number.isFinite(value)) return 0
	const prefix = units.indexOf(/[KMGTPE]/.exec(word)?.[0] ?? ' ')
	// Blocks that only root may fill make `avail` negative: for everybody else there is nothing.
	return Math.max(0, prefix < 0 ? value * unit : Math.round(value * 1024 ** (prefix + 1)))
}

/** Bytes that one printed unit stands for: `1B-blocks`, `1K-blocks`, `1024-blocks`. */
function unitOf(header: string): number {
	const unit = /(?:^|\s)(\d{1,10})([KMG]?)B?-/.exec(header)
	if (!unit) return 1
	return Number(unit[1]) * 1024 ** (units.indexOf(unit[2] || ' ') + 1)
}

/**
 * A row is found by its percentage: three numbers stand before it, and a path behind. So blanks in the names of
 * a share or a directory do no harm.
 */
function rowOf(line: Line, unit: number, typed: boolean): DfRow | undefined {
	const words = [...line.text.matchAll(/\S+/g)]
	const word = (at: number) => words[at]?.[0] ?? ''
	for (let at = 4; at < words.length - 1; at++) {
		const percent = /^(?:(\d{1,3})%|-)$/.exec(word(at))
		const target = words[at + 1]
		if (!percent || !target?.[0].startsWith('/')) continue
		const numbers = [word(at - 3), word(at - 2), word(at - 1)]
		// A file system of unknown size (`-`) says nothing about space.
		if (numbers[0] === '-' || !numbers.every(text => text === '-' || count.test(text))) continue
		const withType = typed && at >= 5
		const first = words[withType ? at - 4 : at - 3]
		return {
			source: line.text.slice(0, first?.index ?? 0).trim(),
			...(withType && { type: word(at - 4) }),
			total: amount(word(at - 3), unit),
			used: amount(word(at - 2), unit),
			free: amount(word(at - 1), unit),
			...(percent[1] !== undefined && { percent: Number(percent[1]) }),
			mount: line.text.slice(target.index),
			line,
		}
	}
	return undefined
}

/** The rows of a df table; lines that are none (a header, a warning, half a line) are left out. */
export function dfRows(text: string | undefined): DfRow[] {
	const rows: DfRow[] = []
	let header: string | undefined
	for (const line of linesOf(text)) {
		// Without a header it is the end of the table that the doctor asks for: bytes, with a type.
		const row = rowOf(line, unitOf(header ?? ''), header === undefined || /\sTyp/.test(header))
		if (row) rows.push(row)
		else if (rows.length === 0 && !line.text.startsWith('df:')) header ??= line.text
	}
	return rows
}
