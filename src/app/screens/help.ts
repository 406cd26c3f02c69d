/** The keys that are valid where one came from, and the commands; with search like any list. */

import { commands } from '../commands.js'
import { keysOf, scopeTitle } from '../keys/readme.js'
import { scopesAt } from '../keys/scopes.js'
import { type Binding, keyTable, type Scope } from '../keys/table.js'
import { cell, line, span } from '../line.js'
import type { ListView } from '../list.js'
import type { ListState, State } from '../state.js'
import { type Row, rowsView } from './rows.js'

export function helpView(state: State, list: ListState, width: number): ListView {
	const beneath = state.places[state.tab].findLast(place => place.kind !== 'help')
	const rows = [
		...scopesAt(beneath ?? { kind: 'help' }).flatMap(keyRows),
		...keyRows('prompt'),
		...commands.map(({ name, takes, says }): Row => {
			const typed = `:${name}${takes ? ` ${takes}` : ''}`
			return {
				id: typed,
				group: 'Commands',
				search: `${typed} ${says}`,
				target: { kind: 'words', text: says },
				lines: () => [line(cell(typed, nameWidth, 'command'), span(says))],
			}
		}),
	]
	return rowsView(rows, list, width, { empty: [] })
}

const nameWidth = 20

function keyRows(scope: Scope): Row[] {
	return keyTable.filter(binding => binding.in === scope).map(keyRow)
}

function keyRow(binding: Binding): Row {
	const keys = keysOf(binding)
	return {
		id: `${binding.in} ${binding.does}`,
		group: scopeTitle(binding.in),
		search: `${keys} ${binding.says} ${binding.label ?? ''}`,
		target: { kind: 'words', text: binding.says },
		lines: () => [line(cell(keys, nameWidth, 'command'), span(binding.says))],
	}
}
