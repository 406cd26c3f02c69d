/** The events below a description. They name no object: it is the one that is described. */
import { kubectlAge } from '../ages.js'
import type { Placed } from '../draft.js'
import type { Row } from '../table.js'
import { byKey } from './describe.js'
import type { Made } from './list.js'
import { isoAgo } from './pods.js'

/** What a description says of an object, where it does not say `Kind:`. */
const kinds: readonly (readonly [kind: string, marks: readonly string[]])[] = [
	['PersistentVolumeClaim', ['StorageClass', 'Access Modes', 'Finalizers', 'Status']],
	['DaemonSet', ['Desired Number of Nodes Scheduled']],
	['Deployment', ['StrategyType', 'Replicas']],
	['Job', ['Parallelism', 'Completions']],
	['StatefulSet', ['Update Strategy', 'Replicas', 'Volume Claims']],
	['ReplicaSet', ['Pods Status', 'Replicas']],
	['Service', ['Selector', 'IP Families', 'Port']],
]

function kindOf(top: ReturnType<typeof byKey>): string | undefined {
	const said = top.get('Kind')?.value
	if (said && /^[A-Z][A-Za-z]{1,60}$/.test(said)) return said
	return kinds.find(([, marks]) => marks.every(mark => top.has(mark)))?.[0]
}

/** The description of a claim, as a row of `kubectl get pvc`. */
export function claimRow(lines: readonly Placed[]): Row | undefined {
	const [from] = lines
	const top = byKey(lines)
	if (!from || kindOf(top) !== 'PersistentVolumeClaim') return undefined
	const told: readonly (readonly [column: string, key: string])[] = [
		['NAMESPACE', 'Namespace'],
		['NAME', 'Name'],
		['STATUS', 'Status'],
		['VOLUME', 'Volume'],
		['CAPACITY', 'Capacity'],
		['ACCESS MODES', 'Access Modes'],
		['STORAGECLASS', 'StorageClass'],
	]
	return { cells: new Map(told.map(([column, key]) => [column, top.get(key)?.value ?? ''])), from }
}

/** `Warning  Failed  12s (x3 over 2m)  kubelet, n1  Error: …`: newer kubectl leaves the host of a source out. */
const row =
	/^\s*(?<type>Normal|Warning)\s+(?<reason>[A-Za-z]{2,80})\s+(?<last>\S+)(?: \(x(?<count>\d{1,9}) over (?<first>\S+)\))?\s+(?<from>[^\s,]{1,200}(?:, \S{1,253})?)\s+(?<message>\S.*)$/

/** `kind` for what the reader of the description knows; `at`: when it was printed, epoch milliseconds. */
export function eventsOfDescription(lines: readonly Placed[], kind: string | undefined, at: number): Made[] {
	const top = byKey(lines)
	const name = top.get('Name')?.value
	const about = kind ?? kindOf(top)
	if (!name || !about) return []
	const namespace = top.get('Namespace')?.value ?? (about === 'Node' ? 'default' : '')
	const found: { object: { message: string }; from: Placed }[] = []
	for (const line of top.get('Events')?.inner ?? []) {
		const told = row.exec(line.text)?.groups
		const before = found.at(-1)
		// A message may have lines of its own, at the left edge or where the column begins.
		if (!told && before && !/^\s*(?:Type\s+Reason|-{3,})/.test(line.text))
			before.object.message += `\n${line.text.trim()}`
		if (!told) continue
		const { type = '', reason = '', last = '', first = '', from = '', message = '' } = told
		const [component = '', host = ''] = from.split(', ')
		const ago = kubectlAge(last) ?? 0
		const object = {
			kind: 'Event',
			metadata: { namespace, name: `${name}.${found.length}` },
			involvedObject: { kind: about, name, namespace: about === 'Node' ? '' : namespace },
			type,
			reason,
			message: message.trim(),
			count: Number(told.count ?? 1),
			firstTimestamp: isoAgo(at, kubectlAge(first) ?? ago),
			lastTimestamp: isoAgo(at, ago),
			source: { component, ...(host && { host }) },
		}
		found.push({ object, from: line })
	}
	return found
}
