/** The table of pods, as people know it from kubectl and k9s. */
import type { Voice } from '../../model/live.js'
import { age } from '../cluster/age.js'
import { compare, type PodRow, podRows } from '../cluster/pods.js'
import { inScope, scopeKey, scopeWords } from '../cluster/scope.js'
import { type Sight, sightOf } from '../cluster/sight.js'
import { type Column, type Table, tableOf } from '../cluster/table.js'
import { voiceWords } from '../cluster/voice.js'
import { counted } from '../format.js'
import { clipped, ends, type Line, line, paragraph, type Span, span } from '../line.js'
import type { ListView } from '../list.js'
import { remembering } from '../memo.js'
import type { ListState, State } from '../state.js'
import { gutter, type Row, rowsView } from './rows.js'

const sorts = ['trouble first', 'namespace and name', 'age', 'restarts', 'node'] as const

export function podsView(state: State, list: ListState, width: number): ListView {
	const sight = sightOf(state)
	if (!sight) return rowsView([], list, width, { empty: [line(span('  No pods are known yet.'))] })
	// Half an examination knows nothing yet: that nobody answered is said when all have been asked.
	if (sight.by === 'nowhere' && state.exam.phase === 'asking' && !sight.trouble)
		return rowsView([], list, width, { empty: [line(span('  The pods are being asked for…'))] })
	const order = `${list.sort % sorts.length}${list.inverse ? ' inverse' : ''}`
	const { rows, table } = shownRows(state, sight, order)
	const head = [...voiceLines(sight, width), scopeLine(state, sight, width)]
	if (rows.length > 0) head.push(headerLine(table, width))
	return rowsView(rows, list, width, { head, empty: nothingShown(state, sight, width), sorts })
}

export function headerLine<R>(table: Table<R>, width: number): Line {
	return line(span('  '), ...table.header(width - gutter).spans)
}

/** Two lines at most: why nobody better speaks may take some words. */
export function voiceLines(sight: Sight, width: number, voice?: Voice): Line[] {
	const { words, tone } = voiceWords(sight, voice)
	return clipped(paragraph(`Told by ${words}`, width - 1, { first: [span(' ')], tone }), 2, width)
}

function scopeLine(state: State, sight: Sight, width: number): Line {
	const all = podRows(sight, '')
	return ends(
		[
			span(
				` ${scopeWords({ ...state.scope, ownNode: state.scope.ownNode || sight.ownOnly || sight.by !== 'api' })}`,
			),
		],
		[span(counted(all.length, 'pod')), ...healthWords(all), span(' ')],
		width,
	)
}

/** Where nobody can tell how a pod is, none is said to be well. */
function healthWords(all: readonly PodRow[]): Span[] {
	const count = (wanted: PodRow['health']) => all.filter(({ health }) => health === wanted).length
	const faults = count('fault')
	const unknown = count('unknown')
	const told =
		faults > 0 || unknown < all.length || all.length === 0
			? [span(', '), span(`${faults} at fault`, faults > 0 ? 'bad' : 'faint')]
			: []
	return unknown > 0 ? [...told, span(`, ${unknown} of unknown state`, 'warn')] : told
}

function nothingShown(state: State, sight: Sight, width: number): Line[] {
	const { by } = sight
	const words =
		by === 'nowhere'
			? 'Neither the API nor the container runtime answered about pods, and the kubelet left no logs. 7 shows why.'
			: podRows(sight, '').length === 0
				? none[by]
				: `No pod of this kind: ${scopeWords(state.scope)}. f, n and N show more.`
	return paragraph(words, width, { first: [span('  ')] })
}

/** The runtime and the folders know only of this node, and the folders only of what has written a log. */
const none: Readonly<Record<Sight['by'], string>> = {
	api: 'There are no pods.',
	runtime: 'The container runtime has no pods.',
	files: 'No pod has left a log on this node.',
	nowhere: '',
}

interface Shown {
	rows: readonly Row[]
	table: Table<PodRow>
}

const byKey = remembering((_sight: Sight, _: ''): Map<string, Shown> => new Map())

function shownRows({ scope }: State, sight: Sight, order: string): Shown {
	const known = byKey(sight, '')
	const key = `${scopeKey(scope)}|${order}`
	const before = known.get(key)
	if (before) return before
	const pods = sorted(
		podRows(sight, '').filter(row => inScope(row, scope, sight.node)),
		order,
	)
	const table = tableOf(podColumns(scope.namespace === undefined), pods)
	const made = { rows: pods.map(pod => rowOf(pod, table, sight.now)), table }
	known.clear()
	known.set(key, made)
	return made
}

const badness: Readonly<Record<PodRow['health'], number>> = { fault: 0, unknown: 1, well: 2 }

const orders: readonly ((a: PodRow, b: PodRow) => number)[] = [
	(a, b) => badness[a.health] - badness[b.health],
	() => 0,
	(a, b) => b.createdAt - a.createdAt,
	(a, b) => b.restarts - a.restarts,
	(a, b) => compare(a.node, b.node),
]

/** Equal ones keep the order of their namespaces and names. */
function sorted(pods: readonly PodRow[], order: string): PodRow[] {
	const result = [...pods].sort(orders[Number(order[0])])
	return order.includes('inverse') ? result.reverse() : result
}

export function restartWords({ restarts, restartedAt }: PodRow, now: number): string {
	return restarts > 0 && restartedAt !== undefined
		? `${restarts} (${age(restartedAt, now)} ago)`
		: `${restarts}`
}

export function podColumns(namespaced: boolean): Column<PodRow>[] {
	return [
		...(namespaced
			? [{ title: 'NAMESPACE', text: ({ namespace }: PodRow) => namespace, most: 16, gives: 2 }]
			: []),
		{ title: 'NAME', text: ({ name }) => name, flexible: true },
		{ title: 'READY', text: ({ ready }) => ready },
		{
			title: 'STATUS',
			text: ({ status }) => status,
			tone: ({ health }) => (health === 'fault' ? 'bad' : health === 'unknown' ? 'warn' : undefined),
			most: 22,
		},
		{
			title: 'RESTARTS',
			text: restartWords,
			tone: ({ restarts }) => (restarts > 5 ? 'warn' : undefined),
			fixed: 13,
		},
		{ title: 'AGE', text: ({ createdAt }, now) => age(createdAt, now), right: true, fixed: 6, gives: 3 },
		{ title: 'IP', text: ({ ip }) => ip, most: 39, gives: 5 },
		{ title: 'NODE', text: ({ node }) => node, most: 20, gives: 4 },
	]
}

function rowOf(pod: PodRow, table: Table<PodRow>, now: number): Row {
	const { id, namespace, name, status, node, ip } = pod
	return {
		id,
		search: `${namespace}/${name} ${status} ${node} ${ip}`,
		target: { kind: 'pod', uid: id },
		lines: width => [table.row(pod, now, width)],
	}
}
