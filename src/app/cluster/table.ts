/** Columns of a table that give way one after the other when the window is narrow. */
import { columnsOf } from '../columns.js'
import { cell, type Line, line, number, type Span, span, type Tone } from '../line.js'

export interface Column<R> {
	title: string
	text(row: R, now: number): string
	tone?(row: R, now: number): Tone | undefined
	right?: true
	/** Never wider than this. */
	most?: number
	/** Width when what is in it changes with the time. */
	fixed?: number
	/** Those with the highest number give way first; without one it always stays. */
	gives?: number
	/** Takes the columns that are left over, and gives some up when there are too few. */
	flexible?: true
}

export interface Table<R> {
	header(width: number): Line
	row(row: R, now: number, width: number): Line
}

interface Placed<R> {
	column: Column<R>
	width: number
}

/** The flexible column gets at least so many, as long as others can give way… */
const leastFlexible = 24
/** …and so many before those are shown that are merely nice to have. */
const goodFlexible = 40
const niceToHave = 4
const gap = 1

export function tableOf<R>(columns: readonly Column<R>[], rows: readonly R[]): Table<R> {
	const natural = columns.map(column => naturalWidth(column, rows))
	const laid = new Map<number, readonly Placed<R>[]>()
	const at = (width: number) => {
		const known = laid.get(width)
		if (known) return known
		const made = lay(columns, natural, width)
		laid.set(width, made)
		return made
	}
	return {
		header: width =>
			joined(at(width).map(({ column, width: own }) => put(column.title, own, column, 'faint'))),
		row: (row, now, width) =>
			joined(
				at(width).map(({ column, width: own }) =>
					put(column.text(row, now), own, column, column.tone?.(row, now)),
				),
			),
	}
}

function naturalWidth<R>({ title, text, most = 60, fixed }: Column<R>, rows: readonly R[]): number {
	let widest = columnsOf(title)
	if (fixed !== undefined) return Math.max(widest, fixed)
	for (const row of rows) widest = Math.max(widest, columnsOf(text(row, 0).slice(0, 200)))
	return Math.min(widest, most)
}

function lay<R>(columns: readonly Column<R>[], natural: readonly number[], width: number): Placed<R>[] {
	let kept = columns.map((column, index) => ({ column, width: natural[index] ?? 1 }))
	const total = () => kept.reduce((sum, placed) => sum + placed.width + gap, -gap)
	const wanted = kept.find(({ column }) => column.flexible)?.width ?? 0
	// The flexible column may be squeezed before another one has to go.
	const squeezed = (least: number) => total() - Math.max(0, wanted - least)
	for (;;) {
		const [first] = kept
			.filter(({ column }) => column.gives !== undefined)
			.sort((a, b) => (b.column.gives ?? 0) - (a.column.gives ?? 0))
		if (!first) break
		const least = (first.column.gives ?? 0) >= niceToHave ? goodFlexible : leastFlexible
		if (squeezed(least) <= width) break
		kept = kept.filter(placed => placed !== first)
	}
	const left = width - total()
	return kept.map(placed =>
		placed.column.flexible ? { ...placed, width: Math.max(8, placed.width + left) } : placed,
	)
}

function put<R>(text: string, width: number, { right }: Column<R>, tone?: Tone): Span {
	return right ? number(text, width, tone) : cell(text, width, tone)
}

function joined(cells: readonly Span[]): Line {
	return line(...cells.flatMap((part, index) => (index === 0 ? [part] : [span(' '), part])))
}
