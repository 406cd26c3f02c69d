/** The table of any other list of the cluster. */
import type { Listed } from '../../model/live.js'
import { age } from '../cluster/age.js'
import { kindOf, kindTable } from '../cluster/kinds.js'
import { type ObjectColumn, type ObjectRow, objectColumns, objectRows } from '../cluster/objects.js'
import { compare, podRows } from '../cluster/pods.js'
import { type Scope, scopeKey, scopeWords } from '../cluster/scope.js'
import { type Sight, sightOf } from '../cluster/sight.js'
import { type Column, type Table, tableOf } from '../cluster/table.js'
import { counted } from '../format.js'
import { ends, type Line, line, paragraph, span } from '../line.js'
import type { ListView } from '../list.js'
import { remembering } from '../memo.js'
import type { ListState, State } from '../state.js'
import type { Target } from '../target.js'
import { headerLine, voiceLines } from './pods.js'
import { type Row, rowsView } from './rows.js'

const sorts = ['trouble first', 'name', 'age'] as const
const eventSorts = ['newest first', 'object', 'age'] as const

export function objectsView(state: State, list: ListState & { of: Listed }, width: number): ListView {
	const { of } = list
	const sight = sightOf(state)
	const title = kindOf(of)?.title ?? of
	if (!sight)
		return rowsView([], list, width, { empty: [line(span(`  No ${title.toLowerCase()} are known yet.`))] })
	const all = objectRows(sight, of)
	const order = `${list.sort % sorts.length}${list.inverse ? ' inverse' : ''}`
	const { rows, table } = shownRows(state.scope, sight, of, order)
	const head = [...heard(sight, of, width), countLine(state.scope, of, all ?? [], width)]
	if (rows.length > 0) head.push(headerLine(table, width))
	const empty = paragraph(nothingWords(sight, of, all, state.scope), width, { first: [span('  ')] })
	return rowsView(rows, list, width, { head, empty, sorts: of === 'events' ? eventSorts : sorts })
}

/** Who tells this list: a live one has a voice of its own, or a reason why it has none. */
function heard(sight: Sight, of: Listed, width: number): Line[] {
	const trouble = sight.troubles[of]
	if (trouble === undefined) {
		const asCollected = sight.cluster.nodes || sight.by === 'api' ? { ...sight, by: 'api' as const } : sight
		return voiceLines(sight.live ? sight : asCollected, width, sight.voices[of])
	}
	return paragraph(`Not told any more: ${trouble}`, width - 1, { first: [span(' ')], tone: 'warn' }).slice(
		0,
		2,
	)
}

function countLine(scope: Scope, of: Listed, all: readonly ObjectRow[], width: number): Line {
	const kind = kindOf(of)
	const faults = all.filter(({ health }) => health === 'fault').length
	const { namespace, faults: only } = scope
	const shown = kind?.namespaced
		? scopeWords({ ownNode: false, faults: only, ...(namespace !== undefined && { namespace }) }, false)
		: only
			? 'only faults'
			: ''
	return ends(
		[span(` ${[kind?.title ?? of, shown].filter(Boolean).join(', ')}`)],
		[
			span(counted(all.length, 'entry', 'entries')),
			span(', '),
			span(
				of === 'events' ? counted(faults, 'warning') : `${faults} at fault`,
				faults > 0 ? (of === 'events' ? 'warn' : 'bad') : 'faint',
			),
			span(' '),
		],
		width,
	)
}

function nothingWords(sight: Sight, of: Listed, all: readonly ObjectRow[] | undefined, scope: Scope): string {
	const title = (kindOf(of)?.title ?? of).toLowerCase()
	if (all === undefined)
		return `Only the Kubernetes API knows ${title}, and it had no answer${sight.trouble ? `: ${sight.trouble}` : ''}.`
	return all.length === 0
		? `There are no ${title}.`
		: `None of these: ${scopeWords(scope, false)}. f and n show more.`
}

interface Shown {
	rows: readonly Row[]
	table: Table<ObjectRow>
}

const byKey = remembering((_sight: Sight, _: ''): Map<string, Shown> => new Map())

function shownRows(scope: Scope, sight: Sight, of: Listed, order: string): Shown {
	const known = byKey(sight, '')
	const key = `${of}|${scopeKey(scope)}|${order}`
	const before = known.get(key)
	if (before) return before
	const namespaced = kindOf(of)?.namespaced === true
	const kept = (objectRows(sight, of) ?? []).filter(
		({ ref, health }) =>
			(!namespaced || scope.namespace === undefined || ref.namespace === scope.namespace) &&
			(!scope.faults || health === 'fault'),
	)
	const sorted = sortedBy(kept, of, order)
	const columns = columnsFor(objectColumns[of] ?? [], of, namespaced && scope.namespace === undefined)
	const table = tableOf(columns, sorted)
	const made = { rows: sorted.map(item => rowOf(item, table, sight)), table }
	known.clear()
	known.set(key, made)
	return made
}

function sortedBy(rows: readonly ObjectRow[], of: Listed, order: string): ObjectRow[] {
	const name = ({ ref }: ObjectRow) => `${ref.namespace}/${ref.name}`
	const byName = (a: ObjectRow, b: ObjectRow) => compare(name(a), name(b))
	const first = (a: ObjectRow, b: ObjectRow) =>
		of === 'events'
			? b.createdAt - a.createdAt
			: Number(b.health === 'fault') - Number(a.health === 'fault') || byName(a, b)
	const orders = [first, byName, (a: ObjectRow, b: ObjectRow) => b.createdAt - a.createdAt || byName(a, b)]
	const result = [...rows].sort(orders[Number(order[0])])
	return order.includes('inverse') ? result.reverse() : result
}

function columnsFor(columns: readonly ObjectColumn[], of: Listed, spaced: boolean): Column<ObjectRow>[] {
	const last: Column<ObjectRow> = {
		title: of === 'events' ? 'LAST' : 'AGE',
		text: ({ createdAt }, now) => age(createdAt, now),
		right: true,
		fixed: 6,
		gives: 1,
	}
	const space: Column<ObjectRow> = {
		title: 'NAMESPACE',
		text: ({ ref }) => ref.namespace,
		most: 16,
		gives: of === 'events' ? 5 : 2,
	}
	const own = columns.map(
		({ state, ...column }, index): Column<ObjectRow> => ({
			...column,
			text: ({ cells }) => cells[index] ?? '',
			...(state && {
				tone: ({ health }: ObjectRow) =>
					health === 'fault' ? (of === 'events' ? 'warn' : 'bad') : undefined,
			}),
		}),
	)
	const front = spaced ? [space] : []
	return of === 'events' ? [last, ...front, ...own] : [...front, ...own, last]
}

/** An event leads to what it is about. */
function aboutTarget(sight: Sight, about: NonNullable<ObjectRow['about']>, words: string): Target {
	const { word, namespace, name } = about
	const pod =
		word === 'Pod' && podRows(sight, '').find(row => row.namespace === namespace && row.name === name)
	if (pod) return { kind: 'pod', uid: pod.id }
	const kind = kindTable.find(candidate => candidate.word === word && candidate.of !== 'pods')
	return kind
		? { kind: 'object', ref: { of: kind.of, namespace: kind.namespaced ? namespace : '', name } }
		: { kind: 'words', text: words }
}

function rowOf(item: ObjectRow, table: Table<ObjectRow>, sight: Sight): Row {
	const { id, ref, cells } = item
	return {
		id,
		search: `${ref.namespace}/${cells.join(' ')}`,
		target: item.about ? aboutTarget(sight, item.about, cells.join(' ')) : { kind: 'object', ref },
		lines: width => [table.row(item, sight.now, width)],
	}
}
