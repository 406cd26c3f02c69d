/** The whole screen as lines: never more rows than the window, never wider. */
import { footerRow, overlay } from './footer.js'
import { bodyRows, chromeOf, layoutOf } from './layout.js'
import { blank, fitted, type Line } from './line.js'
import { windowOf } from './list.js'
import { logLines } from './log/view.js'
import { noLines, stripLines, textLines } from './screens/text.js'
import type { State } from './state.js'
import { tabRow, titleBar } from './titles.js'

export interface Frame {
	/** Exactly as many as the window has. */
	lines: readonly Line[]
	/** The row with the list's or the text's cursor, if there is one in sight. */
	cursor: number | undefined
}

export function frameOf(state: State): Frame {
	const { columns, rows } = state.size
	const { title, tabs, footer } = chromeOf(state)
	const above = [...(title ? [titleBar(state)] : []), ...(tabs ? [tabRow(state)] : [])]
	const height = bodyRows(state)
	const { lines, cursor } = body(state, height)
	const filled = [...lines, ...Array.from({ length: Math.max(0, height - lines.length) }, () => blank)]
	const over = overlay(state, Math.max(1, height - 1))
	const covered = [...filled.slice(0, height - over.length), ...over]
	const all = [...above, ...covered, ...(footer ? [footerRow(state)] : [])].slice(0, rows)
	return {
		lines: all.map(content => fitted(content, columns)),
		cursor: cursor === undefined || cursor >= height - over.length ? undefined : cursor + above.length,
	}
}

function body(state: State, height: number): { lines: Line[]; cursor: number | undefined } {
	const layout = layoutOf(state)
	if (layout.kind === 'text') {
		const { view, place } = layout
		const shown = textLines(view, place)
		const lines = shown.lines.length > 0 ? shown.lines : noLines(place, state.size.columns)
		const gap = Array.from({ length: Math.max(0, view.size.rows - lines.length) }, () => blank)
		const strip = stripLines(view, place, state.size.columns)
		return {
			lines: [...view.head, ...lines, ...(strip.length > 0 ? [...gap, ...strip] : [])].slice(0, height),
			cursor: shown.cursor === undefined ? undefined : shown.cursor + view.head.length,
		}
	}
	if (layout.kind === 'log') return logLines(state, layout.place, layout.view)
	const { view, place, head, rows } = layout
	const shown = windowOf(place, view, rows)
	const left = rows - shown.lines.length
	const below = view.below && view.count > 0 && left > 0 ? view.below(place.at, left).slice(0, left) : []
	return {
		lines: [...head, ...shown.lines, ...below],
		cursor: shown.cursor === undefined ? undefined : shown.cursor + head.length,
	}
}
