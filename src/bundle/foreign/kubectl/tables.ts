/** Everything that kubectl printed, filed as the lists of the API. */
import { unnamed } from '../../../model/bundle.js'
import { complaintIn } from '../complaint.js'
import { type Draft, jsonPart, type Placed, placed, type Source } from '../draft.js'
import { type Row, readTable } from '../table.js'
import { blockOfEvents } from './bare-events.js'
import { described } from './describe.js'
import { claimRow, eventsOfDescription } from './described-events.js'
import { nodeOfDescription } from './described-node.js'
import { podOfDescription } from './described-pod.js'
import { sliceOfRow } from './endpoints.js'
import { eventOfRow } from './events.js'
import { addList, type Made } from './list.js'
import { nodeOfRow } from './nodes.js'
import { objects } from './objects.js'
import { type Owner, podOfRow, wordsOf } from './pods.js'

/** The foreign text of kubectl's answer about a resource, under any of its names. */
export type Told = (...names: readonly string[]) => Source | undefined

export interface Answers {
	/** `kubectl get X [-A] [-o wide]`. */
	table: Told
	/** `kubectl get X -o json`. */
	json: Told
	/** `kubectl describe pods` of some namespaces. */
	pods: readonly Source[]
	/** `kubectl describe nodes`. */
	nodes: Source | undefined
	/** Tables of events that stood below a description of a pod. */
	bare?: readonly Source[]
	/** Descriptions of anything else, which count for their events. */
	others?: readonly Source[]
	/** When they were asked, epoch milliseconds. */
	at: number
}

const empty = /^No resources found/m

/** The rows of an answer; `undefined` when it is none. An error is recorded as one. */
function rowsOf(into: Draft, own: string, from: Source | undefined): readonly Row[] | undefined {
	if (!from) return undefined
	const table = readTable(placed(from))
	if (table) return table.rows
	if (empty.test(from.text.slice(0, 4096))) return []
	const words = complaintIn(from.text)
	if (words !== undefined) into.failed(own, from.file, words)
	return undefined
}

/** A JSON list as it is; `false` when it is none. */
function addJson(into: Draft, own: string, from: Source | undefined): boolean {
	const lines = from && jsonPart(from)
	if (lines) into.lines(own, lines)
	return lines !== undefined
}

const owners: readonly (readonly [list: string, kind: string])[] = [
	['replicasets', 'ReplicaSet'],
	['daemonsets', 'DaemonSet'],
	['statefulsets', 'StatefulSet'],
	['jobs', 'Job'],
]

function ownersOf(table: Told): Owner[] {
	return owners.flatMap(([list, kind]) => {
		const from = table(...(objects[list]?.names ?? []))
		const rows = from ? (readTable(placed(from))?.rows ?? []) : []
		return rows.map(({ cells }) => ({
			kind,
			namespace: cells.get('NAMESPACE') ?? 'default',
			name: cells.get('NAME') ?? '',
			containers: (cells.get('CONTAINERS') ?? '').split(',').filter(Boolean),
			images: (cells.get('IMAGES') ?? '').split(',').filter(Boolean),
		}))
	})
}

interface Named {
	metadata?: { namespace?: string; name?: string; deletionTimestamp?: string; creationTimestamp?: string }
}

const keyOf = (object: unknown) => {
	const { metadata } = object as Named
	return `${metadata?.namespace ?? ''}/${metadata?.name ?? ''}`
}

/** The description of a pod tells more than its row, but not since when it is going. */
function merged(row: Made, told: Made | undefined): Made {
	if (!told) return row
	const { metadata = {} } = row.object as Named
	const { deletionTimestamp, creationTimestamp } = metadata
	const object = told.object as Named
	return {
		from: told.from,
		object: {
			...object,
			metadata: {
				...(creationTimestamp && { creationTimestamp }),
				...(deletionTimestamp && { deletionTimestamp }),
				...object.metadata,
			},
		},
	}
}

/** Of a cluster of one node it is clear where its pods run. */
function onlyNode({ files }: Draft): string | undefined {
	const nodes = files.get('api/nodes.json')
	const { items = [] } = (nodes === undefined ? {} : JSON.parse(nodes)) as { items?: Named[] }
	return items.length === 1 ? items[0]?.metadata?.name : undefined
}

const blocksOf = ({ pods, bare = [] }: Answers): Placed[][] => [
	...pods.flatMap(source => described(placed(source))),
	...bare.flatMap(source => {
		const block = blockOfEvents(source)
		return block ? [block] : []
	}),
]

function addPods(into: Draft, answers: Answers): void {
	const { table, json, at } = answers
	const own = 'api/pods.json'
	if (addJson(into, own, json('pods'))) return
	const from = table('pods')
	const rows = rowsOf(into, own, from)
	const told = new Map<string, Made>()
	for (const block of blocksOf(answers)) {
		const made = podOfDescription(block, at)
		if (made) told.set(keyOf(made.object), made)
	}
	if (!rows || !from) {
		const made = [...told.values()]
		if (made.length > 0) addList(into, own, made, made[0]?.from.file ?? '')
		return
	}
	const events = table('events')
	const words = wordsOf(events ? (readTable(placed(events))?.rows ?? []) : [])
	const around = { at, owners: ownersOf(table), words, node: onlyNode(into) ?? unnamed }
	const items = rows.map(row => {
		const made = { object: podOfRow(row, around), from: row.from }
		return merged(made, told.get(keyOf(made.object)))
	})
	addList(into, own, items, from.file)
}

function addNodes(into: Draft, { table, json, nodes, at }: Answers): void {
	const own = 'api/nodes.json'
	if (addJson(into, own, json('nodes'))) return
	const blocks = nodes ? described(placed(nodes)).flatMap(block => nodeOfDescription(block) ?? []) : []
	if (nodes && blocks.length > 0) {
		addList(into, own, blocks, nodes.file)
		return
	}
	const from = table('nodes')
	const rows = rowsOf(into, own, from)
	if (from && rows)
		addList(
			into,
			own,
			rows.map(row => ({ object: nodeOfRow(row, at), from: row.from })),
			from.file,
		)
}

/** The table of all events tells everything; without it there are those that stand below the descriptions. */
function addEvents(into: Draft, answers: Answers): void {
	const { table, json, nodes, others = [], at } = answers
	const own = 'api/events.json'
	if (json('events') || rowsOf(into, own, table('events'))) return
	const below = (told: readonly Placed[][], kind?: string) =>
		told.flatMap(block => eventsOfDescription(block, kind, at))
	const blocks = (sources: readonly Source[]) => sources.flatMap(source => described(placed(source)))
	const found = [
		...below(blocksOf(answers), 'Pod'),
		...below(blocks(nodes ? [nodes] : []), 'Node'),
		...below(blocks(others)),
	]
	if (found.length > 0 && !into.files.has(own)) addList(into, own, found, found[0]?.from.file ?? '')
}

export function addKubectl(into: Draft, answers: Answers): void {
	const { table, at } = answers
	addNodes(into, answers)
	addPods(into, answers)
	addEvents(into, answers)
	const add = (list: string, names: readonly string[], build: (row: Row) => unknown) => {
		const own = `api/${list}.json`
		const from = table(...names)
		const rows = rowsOf(into, own, from)
		if (from && rows)
			addList(
				into,
				own,
				rows.map(row => ({ object: build(row), from: row.from })),
				from.file,
			)
	}
	add('events', ['events'], row => eventOfRow(row, at))
	add('endpointslices', ['endpoints', 'ep'], sliceOfRow)
	for (const [list, { names, build }] of Object.entries(objects)) add(list, names, row => build(row, at))
	const claims = (answers.others ?? []).flatMap(source =>
		described(placed(source)).flatMap(block => claimRow(block) ?? []),
	)
	const build = objects.persistentvolumeclaims?.build
	if (build && claims.length > 0 && !into.files.has('api/persistentvolumeclaims.json'))
		addList(
			into,
			'api/persistentvolumeclaims.json',
			claims.map(row => ({ object: build(row, at), from: row.from })),
			claims[0]?.from.file ?? '',
		)
}
