/** What can be done with an object; Enter shows the plan of one, and nothing is done before a yes there. */
import { actsOf } from '../cluster/acts.js'
import { kindWord } from '../cluster/kinds.js'
import type { ObjectRef } from '../cluster/object.js'
import { sightOf } from '../cluster/sight.js'
import { line, paragraph, span, strong } from '../line.js'
import type { ListView } from '../list.js'
import type { ListState, State } from '../state.js'
import { risks } from '../words.js'
import { type Row, rowsView } from './rows.js'

export function actsView(state: State, list: ListState & { ref: ObjectRef }, width: number): ListView {
	const { ref } = list
	const sight = sightOf(state)
	const title = `${kindWord(ref.of)} ${ref.namespace ? `${ref.namespace}/` : ''}${ref.name}`
	const rows = (sight ? actsOf(sight, ref) : []).map((remedy): Row => {
		const { word, tone } = risks[remedy.risk]
		const lines = (room: number) => [
			line(strong(remedy.title), span('  '), span(word, tone)),
			...paragraph(remedy.why, room, { first: [span('  ')], tone: 'faint' }),
			...paragraph(`Interrupts ${remedy.interrupts}.`, room, { first: [span('  ')], tone: 'faint' }),
		]
		return {
			id: remedy.title,
			search: `${remedy.title} ${remedy.why}`,
			target: { kind: 'wish', wish: { kind: 'own', remedy }, says: remedy.title },
			height: lines(Math.max(1, width - 2)).length,
			lines,
		}
	})
	const head = [
		...paragraph(`What can be done with ${title}`, width - 1, { first: [span(' ')] }),
		...paragraph('Enter shows what exactly would run; it runs only after a yes there.', width - 1, {
			first: [span(' ')],
			tone: 'faint',
		}),
	]
	const empty = paragraph(
		'Nothing: it is gone, or the Kubernetes API, which would have to do it, is silent.',
		width,
		{
			first: [span('  ')],
		},
	)
	return rowsView(rows, list, width, { head, empty })
}
