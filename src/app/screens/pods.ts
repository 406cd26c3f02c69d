/** Pods of the node, and one pod with its containers, conditions and events. */
import type { KubePod } from '../../model/evidence/index.js'
import { duration, utcTime } from '../../report/times.js'
import { takenAt } from '../diagnoses.js'
import { cell, ends, type Line, line, number, paragraph, span, strong } from '../line.js'
import type { ListView } from '../list.js'
import { remembering } from '../memo.js'
import { containerWords, type PodRow, podsOf } from '../pods.js'
import type { ListState, State } from '../state.js'
import type { Subject } from '../subject.js'
import { type Block, blocksView } from './blocks.js'
import { gutter, type Row, rowsView } from './rows.js'

const sorts = ['trouble first', 'namespace and name', 'age', 'restarts'] as const

export function podsView(state: State, list: ListState, width: number): ListView {
	const { subject } = state
	if (!subject) return rowsView([], list, width, { empty: [line(span('  No pods are known yet.'))] })
	const pods = podsOf(subject, '')
	const note =
		pods.from === 'runtime'
			? paragraph('The API had no answer: these are the sandboxes that containerd knows.', width, {
					first: [span(' ')],
					tone: 'warn',
				})
			: []
	const head = pods.rows.length > 0 ? [...note, header(width)] : note
	const empty = paragraph(
		pods.from === 'nowhere'
			? 'Neither the API nor the container runtime answered about pods. 7 shows why.'
			: 'There are no pods.',
		width,
		{ first: [span('  ')] },
	)
	const rows = sorted(subject, `${list.sort % sorts.length}${list.inverse ? ' inverse' : ''}`)
	return rowsView(rows, list, width, { head, empty, sorts })
}

const sorted = remembering((subject: Subject, order: string): readonly Row[] => {
	const { rows } = podsOf(subject, '')
	const name = ({ namespace, name }: PodRow) => `${namespace}/${name}`
	const byName = (a: PodRow, b: PodRow) => (name(a) < name(b) ? -1 : 1)
	const orders: ((a: PodRow, b: PodRow) => number)[] = [
		(a, b) => Number(a.well) - Number(b.well) || byName(a, b),
		byName,
		(a, b) => b.createdAt - a.createdAt,
		(a, b) => b.restarts - a.restarts || byName(a, b),
	]
	const result = [...rows].sort(orders[Number(order[0])] ?? byName)
	if (order.includes('inverse')) result.reverse()
	return result.map(pod => podRow(pod, takenAt(subject.report)))
})

const columns = { namespace: 12, ready: 6, status: 18, restarts: 9, age: 7 }

function widths(width: number) {
	const { namespace, ready, status, restarts, age } = columns
	const fixed = ready + status + restarts + age
	// On a narrow window the age gives way first, then the namespace: the state matters more.
	const aged = width - fixed - namespace >= 20
	const spaced = width - fixed + age - namespace >= 12
	return { aged, spaced, name: Math.max(10, width - fixed + (aged ? 0 : age) - (spaced ? namespace : 0)) }
}

function header(width: number): Line {
	const { aged, spaced, name } = widths(width - gutter)
	return line(
		span('  '),
		...(spaced ? [cell('NAMESPACE', columns.namespace, 'faint')] : []),
		cell('NAME', name, 'faint'),
		cell(' READY', columns.ready, 'faint'),
		cell(' STATUS', columns.status, 'faint'),
		number('RESTARTS', columns.restarts, 'faint'),
		...(aged ? [number('AGE', columns.age, 'faint')] : []),
	)
}

function podRow(pod: PodRow, now: number): Row {
	const { uid, namespace, name, ready, status, well, restarts, createdAt, node, log } = pod
	return {
		id: uid || `${namespace}/${name}`,
		search: `${namespace}/${name} ${status} ${node}`,
		target: { kind: 'pod', uid, ...(log && { log }) },
		lines: width => {
			const { aged, spaced, name: room } = widths(width)
			const age = createdAt > 0 ? duration(now - createdAt) : ''
			return [
				line(
					...(spaced ? [cell(namespace, columns.namespace - 1, 'faint'), span(' ')] : []),
					cell(name, room),
					cell(` ${ready}`, columns.ready),
					cell(` ${status}`, columns.status, well ? undefined : 'bad'),
					number(String(restarts), columns.restarts, restarts > 5 ? 'warn' : undefined),
					...(aged ? [number(age, columns.age, 'faint')] : []),
				),
			]
		},
	}
}

export function podView(state: State, list: ListState & { uid: string }, width: number): ListView {
	const { uid } = list
	const { subject } = state
	const row = subject && podsOf(subject, '').rows.find(pod => pod.uid === uid)
	const room = width - gutter
	if (!subject || !row) {
		const lines = paragraph('The newest examination no longer knows this pod.', room)
		return blocksView([{ id: 'gone', target: { kind: 'words', text: uid }, lines }], list, width)
	}
	return blocksView(podBlocks(row, subject, room), list, width)
}

function podBlocks(row: PodRow, subject: Subject, width: number): Block[] {
	const { namespace, name, status, well, pod, log } = row
	const head: Block = {
		id: 'head',
		target: { kind: 'command', text: `k3s kubectl -n ${namespace} describe pod ${name}` },
		lines: [
			...paragraph(`${namespace}/${name}`, width, { bold: true }),
			line(strong(status, well ? 'good' : 'bad'), span(`  on ${row.node || 'no node'}`, 'faint')),
		],
	}
	const logs: Block[] = log
		? [{ id: 'log', title: 'Log', target: { kind: 'file', file: log }, lines: [line(span(log, 'accent'))] }]
		: []
	return pod
		? [
				head,
				...containerBlocks(pod, width),
				...conditionBlocks(pod, width),
				...eventBlocks(pod, subject, width),
				...logs,
			]
		: [head, ...logs]
}

function containerBlocks(pod: KubePod, width: number): Block[] {
	return pod.containers.map((container, index) => {
		const { name, image, init, ready } = container
		return {
			id: `container ${name}`,
			...(index === 0 && { title: 'Containers' }),
			target: { kind: 'words', text: image },
			lines: [
				ends([strong(`${init ? 'init ' : ''}${name}`), span(`  ${image}`, 'faint')], [], width),
				...containerWords(container).flatMap(words =>
					paragraph(words, width, { first: [span('  ')], ...(!ready && !init && { tone: 'warn' as const }) }),
				),
			],
		}
	})
}

function conditionBlocks({ conditions, message }: KubePod, width: number): Block[] {
	const lines = conditions
		.filter(({ status }) => status !== 'True')
		.map(({ type, reason, message: why }) => [`not ${type}`, reason, why].filter(Boolean).join(': '))
	const all = message ? [message, ...lines] : lines
	return all.map((text, index) => ({
		id: `condition ${index}`,
		...(index === 0 && { title: 'Conditions' }),
		target: { kind: 'words', text },
		lines: paragraph(text, width),
	}))
}

function eventBlocks({ namespace, name }: KubePod, { evidence }: Subject, width: number): Block[] {
	const events = (evidence.cluster?.events ?? [])
		.filter(event => event.kind === 'Pod' && event.name === name && event.namespace === namespace)
		.sort((a, b) => b.lastAt - a.lastAt)
	return events.map(({ type, reason, message, count, lastAt }, index) => ({
		id: `event ${index}`,
		...(index === 0 && { title: 'Events, newest first' }),
		target: { kind: 'words', text: message },
		lines: paragraph(
			`${utcTime(lastAt)}  ${reason}${count > 1 ? ` (${count} times)` : ''}: ${message}`,
			width,
			{
				...(type === 'Warning' && { tone: 'warn' as const }),
			},
		),
	}))
}
