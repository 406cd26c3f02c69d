/** The table of pods as plain text: for a pipe, a script, a terminal without a screen. */
import { columnsOf } from '../columns.js'
import { harmless } from '../line.js'
import { podColumns } from '../screens/pods.js'
import { type PodRow, podRows } from './pods.js'
import type { Sight } from './sight.js'
import { voiceWords } from './voice.js'

export interface PodsText {
	/** The table, `''` where there are no pods. */
	table: string
	/** Who tells it, and why nobody better does. */
	voice: string
}

/** Trouble first, then by name; nothing is cut, as lines may be read by programs. */
export function podsText(sight: Sight, namespace?: string): PodsText {
	const order = { fault: 0, unknown: 1, well: 2 } as const
	const rows = podRows(sight, '')
		.filter(row => namespace === undefined || row.namespace === namespace)
		.sort((a, b) => order[a.health] - order[b.health])
	return { table: rows.length === 0 ? '' : table(rows, sight.now), voice: voiceWords(sight).words }
}

function table(rows: readonly PodRow[], now: number): string {
	const columns = podColumns(true)
	const cells = [
		columns.map(({ title }) => title),
		// An empty cell would move the ones behind it, for whoever reads by blanks.
		...rows.map(row => columns.map(({ text }) => harmless(text(row, now)) || '-')),
	]
	const widths = columns.map((_, column) => Math.max(...cells.map(row => columnsOf(row[column] ?? ''))))
	const padded = (text: string, width: number) => text + ' '.repeat(Math.max(0, width - columnsOf(text)))
	return `${cells
		.map(row =>
			row
				.map((text, column) => padded(text, widths[column] ?? 0))
				.join('   ')
				.trimEnd(),
		)
		.join('\n')}\n`
}
