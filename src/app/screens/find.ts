/** The finder: everything that has a page, by a few letters of its name. */

import { kindTable } from '../cluster/kinds.js'
import { objectRows } from '../cluster/objects.js'
import { podRows } from '../cluster/pods.js'
import { type Sight, sightOf } from '../cluster/sight.js'
import { filtered } from '../filter.js'
import { ends, line, paragraph, span } from '../line.js'
import type { ListView } from '../list.js'
import { remembering } from '../memo.js'
import { matcherOf } from '../search.js'
import type { ListState, State } from '../state.js'
import type { Subject } from '../subject.js'
import type { Target } from '../target.js'
import { sectionNames, sectionTitle } from './node.js'
import { type Row, rowsView } from './rows.js'

export function findView(state: State, list: ListState, width: number): ListView {
	const sight = sightOf(state)
	const rows = allRows(state.subject, sight)
	const { query } = list
	const found = /^[!~]|^$/.test(query) ? rows : foundAmong(rows, query)
	const shown = found === rows ? list : { ...list, query: '' }
	const head = paragraph('Type a few letters; Enter opens, Esc goes back.', width - 1, {
		first: [span(' ')],
		tone: 'faint',
	})
	const empty = paragraph('There is nothing to be found yet.', width, { first: [span('  ')] })
	const view = rowsView(found, shown, width, { head, empty: found === rows ? empty : nothing(query) })
	return { ...view, total: rows.length }
}

const nothing = (query: string) => [line(span(`  Nothing is called like "${query}".`))]

interface Named extends Row {
	name: string
}

/** Longer than what anybody types to find something. */
const longest = 24

/** Those whose name holds the letters, then those that have them in this order; where there are none, what comes near. */
const foundAmong = remembering((rows: readonly Named[], query: string): readonly Row[] => {
	const wanted = query.toLowerCase()
	const holds = rows.filter(({ name }) => name.includes(wanted))
	const { test } = matcherOf(`~${wanted}`)
	const ordered = rows.filter(({ name }) => test(name))
	const found = new Set<Row>([...holds, ...ordered])
	// A slip of the finger: what comes near costs much more to look for.
	return found.size > 0 ? [...found] : filtered(rows, `~${query.slice(0, longest)}`)
})

const joined = new WeakMap<object, { other: object | undefined; rows: readonly Named[] }>()

/** The same array as long as nothing has changed, so that a key press does not search anew. */
function allRows(subject: Subject | undefined, sight: Sight | undefined): readonly Named[] {
	const key = sight ?? subject
	if (!key) return []
	const known = joined.get(key)
	if (known && known.other === subject) return known.rows
	const rows = [...(subject ? ofSubject(subject, '') : []), ...(sight ? ofCluster(sight, '') : [])]
	joined.set(key, { other: subject, rows })
	return rows
}

function row(id: string, kind: string, name: string, says: string, target: Target): Named {
	return {
		id,
		name: name.toLowerCase(),
		search: `${kind} ${name} ${says}`,
		target,
		lines: width => [ends([span(kind.padEnd(13), 'faint'), span(` ${name}`)], [span(says, 'faint')], width)],
	}
}

const ofSubject = remembering(({ report }: Subject, _: ''): readonly Named[] => [
	...report.diagnoses.map(({ cause, title }) =>
		row(`diagnosis ${cause}`, 'Diagnosis', title, cause, {
			kind: 'diagnosis',
			cause,
			suppressed: false,
			foldable: false,
		}),
	),
	...sectionNames.map(section =>
		row(`section ${section}`, 'Node', sectionTitle(section), '', { kind: 'section', section }),
	),
])

const ofCluster = remembering((sight: Sight, _: ''): readonly Named[] => [
	...podRows(sight, '').map(({ id, namespace, name, status }) =>
		row(`pod ${id}`, 'Pod', `${namespace}/${name}`, status, { kind: 'pod', uid: id }),
	),
	...kindTable
		.filter(({ of }) => of !== 'events')
		.flatMap(({ of, word }) =>
			(objectRows(sight, of) ?? []).map(({ id, ref, cells }) =>
				row(
					`${of} ${id}`,
					word.replace('PersistentVolumeClaim', 'Claim'),
					ref.namespace ? `${ref.namespace}/${ref.name}` : ref.name,
					(cells[1] ?? '').slice(0, 30),
					{ kind: 'object', ref },
				),
			),
		),
	...kindTable.map(({ of, title }) => row(`list ${of}`, 'List', title, `:${of}`, { kind: 'objects', of })),
])
