/** From rows, one line high unless they say otherwise, to a list that can be filtered, sorted and moved in. */
import { filtered, type Searchable } from '../filter.js'
import { blank, fitted, heading, type Line, line, type Span, span } from '../line.js'
import type { ListView } from '../list.js'
import type { ListState } from '../state.js'
import type { Target } from '../target.js'

export interface Row extends Searchable {
	readonly id: string
	readonly target: Target
	/** Starts a new group of rows with this title above it. Groups vanish while a sort order is chosen. */
	readonly group?: string
	/** Default 1. */
	readonly height?: number
	/** The row's lines without the gutter; the first one is painted as chosen. */
	lines(width: number): readonly Line[]
}

export interface RowsOptions {
	head?: readonly Line[]
	empty: readonly Line[]
	below?: (row: Row, rows: number) => readonly Line[]
	sorts?: readonly string[]
}

export const gutter = 2

/** What stands left of a row, so that the cursor is seen without colours. */
export function pointer(selected: boolean): Span {
	return selected ? span('❯ ', 'mark') : span('  ')
}

/** A list of `rows`, filtered by the list's query. */
export function rowsView(
	rows: readonly Row[],
	list: ListState,
	width: number,
	options: RowsOptions,
): ListView {
	const shown = filtered(rows, list.query)
	const room = Math.max(1, width - gutter)
	// A filter may take away the row that carries its group's title.
	const titleOf = (index: number): string | undefined => {
		const group = shown[index]?.group
		return group !== undefined && group !== shown[index - 1]?.group ? group : undefined
	}
	const above = (index: number) => (titleOf(index) === undefined ? 0 : index === 0 ? 1 : 2)
	const { below } = options
	return {
		head: options.head ?? [],
		count: shown.length,
		total: rows.length,
		idOf: index => shown[index]?.id ?? '',
		heightOf: index => (shown[index]?.height ?? 1) + above(index),
		targetOf: index => shown[index]?.target ?? { kind: 'words', text: '' },
		linesOf: (index, selected) => {
			const row = shown[index]
			if (!row) return []
			const title = titleOf(index)
			const own = row.lines(room).map((content, at) => withGutter(content, selected, at === 0, width))
			const titled = title === undefined ? [] : [...(index === 0 ? [] : [blank]), heading(title, width)]
			return [...titled, ...own]
		},
		empty:
			rows.length > 0
				? [line(span(`  Nothing matches "${list.query}". Esc shows all again.`))]
				: options.empty,
		...(below && {
			below: (index, rows) => {
				const row = shown[index]
				return row ? below(row, rows) : []
			},
		}),
		...(options.sorts && { sorts: options.sorts }),
		madeOf: shown,
	}
}

function withGutter(content: Line, selected: boolean, first: boolean, width: number): Line {
	const whole = fitted({ spans: [first ? pointer(selected) : span('  '), ...content.spans] }, width)
	return selected && first ? { ...whole, selected: true } : whole
}
