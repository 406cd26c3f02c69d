/** All lists of the cluster, with how many there are and how many of them are at fault. */
import { kindTable } from '../cluster/kinds.js'
import { objectRows } from '../cluster/objects.js'
import { podRows } from '../cluster/pods.js'
import { sightOf } from '../cluster/sight.js'
import { ends, line, number, span } from '../line.js'
import type { ListView } from '../list.js'
import type { ListState, State } from '../state.js'
import { voiceLines } from './pods.js'
import { type Row, rowsView } from './rows.js'

export function kindsView(state: State, list: ListState, width: number): ListView {
	const sight = sightOf(state)
	const rows = kindTable.map(({ of, title, also }): Row => {
		const all = sight && (of === 'pods' ? podRows(sight, '') : objectRows(sight, of))
		const faults = all?.filter(({ health }) => health === 'fault').length ?? 0
		const word = of === 'events' ? 'warnings' : 'at fault'
		return {
			id: of,
			search: `${of} ${title} ${also.join(' ')}`,
			target: { kind: 'objects', of },
			lines: width => [
				ends(
					[span(title.padEnd(16)), span(` :${[of, ...also].join(' :')}`, 'faint')],
					[
						span(faults > 0 ? `${faults} ${word}` : '', of === 'events' ? 'warn' : 'bad'),
						number(all ? String(all.length) : 'not told', 10),
					],
					width,
				),
			],
		}
	})
	const head = sight ? voiceLines(sight, width) : []
	return rowsView(rows, list, width, { head, empty: [line(span('  Nothing is known yet.'))] })
}
