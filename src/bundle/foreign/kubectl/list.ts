/** A list of the API, made of a table: one object a line, so that a line of the list is a row of the table. */
import type { Draft, Placed } from '../draft.js'

export interface Made {
	object: unknown
	from: Placed
}

export function addList(into: Draft, own: string, items: readonly Made[], file: string): void {
	const lines: Placed[] = [{ text: '{"kind":"List","items":[', file, line: 0 }]
	for (const [index, { object, from }] of items.entries()) {
		const text = `${JSON.stringify(object)}${index === items.length - 1 ? '' : ','}`
		lines.push({ text, file: from.file, line: from.line })
	}
	lines.push({ text: ']}', file, line: 0 })
	into.lines(own, lines)
}
