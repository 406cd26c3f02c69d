/** Tables of kubectl and crictl, told apart by their columns. */
import { addCrictl } from '../crictl.js'
import type { Draft, Source } from '../draft.js'
import { placed } from '../draft.js'
import { isBareEvents } from '../kubectl/bare-events.js'
import { addKubectl } from '../kubectl/tables.js'
import { readTable } from '../table.js'

type Kind = readonly [name: string, has: readonly string[], lacks?: readonly string[]]

/** The first that fits counts. */
const kinds: readonly Kind[] = [
	['events', ['LAST SEEN', 'REASON', 'OBJECT']],
	['nodes', ['NAME', 'STATUS', 'ROLES', 'VERSION']],
	['pods', ['NAME', 'READY', 'STATUS', 'RESTARTS']],
	['services', ['NAME', 'CLUSTER-IP', 'PORT(S)']],
	['endpoints', ['NAME', 'ENDPOINTS']],
	['daemonsets', ['NAME', 'DESIRED', 'CURRENT', 'UP-TO-DATE']],
	['replicasets', ['NAME', 'DESIRED', 'CURRENT', 'READY']],
	['deployments', ['NAME', 'READY', 'UP-TO-DATE', 'AVAILABLE']],
	['jobs', ['NAME', 'COMPLETIONS']],
	['pv', ['NAME', 'CAPACITY', 'CLAIM', 'STORAGECLASS']],
	['pvc', ['NAME', 'STATUS', 'VOLUME', 'STORAGECLASS']],
	['storageclasses', ['NAME', 'PROVISIONER']],
	['apiservices', ['NAME', 'SERVICE', 'AVAILABLE']],
	['networkpolicies', ['NAME', 'POD-SELECTOR']],
	['helmcharts', ['NAME', 'CHART', 'TARGETNAMESPACE']],
	['crictl-ps', ['STATE', 'NAME', 'ATTEMPT', 'POD ID']],
	['crictl-pods', ['POD ID', 'STATE', 'NAME', 'NAMESPACE']],
	['crictl-images', ['IMAGE', 'TAG', 'IMAGE ID']],
	['namespaces', ['NAME', 'STATUS', 'AGE'], ['NAMESPACE', 'HOLDER', 'CLASS', 'READY']],
]

/** Which table it is, as kubectl's word for it or `crictl-…`. */
export function tableKind(from: Source): string | undefined {
	const head = readTable(placed({ ...from, text: from.text.slice(0, 16_384) }))
	if (!head) return undefined
	const has = (name: string) => head.columns.includes(name)
	return kinds.find(([, wanted, unwanted = []]) => wanted.every(has) && !unwanted.some(has))?.[0]
}

/** Descriptions: of pods, of nodes, or of something else that has events. */
export function describedKind(text: string): 'pods' | 'nodes' | 'others' | 'bare' | undefined {
	const head = text.slice(0, 64 * 1024)
	if (!/^Name: {2,}\S/m.test(head)) return isBareEvents(text) ? 'bare' : undefined
	const has = (key: string) => new RegExp(`^${key}:`, 'm').test(head)
	// People leave out what is long: containers, conditions.
	if (/^ {2}Kubelet Version:/m.test(head) || (has('Roles') && has('CreationTimestamp'))) return 'nodes'
	if (has('Containers') || (has('Node') && has('Status'))) return 'pods'
	return has('Events') ? 'others' : undefined
}

export interface Tables {
	byKind: Map<string, Source>
	pods: Source[]
	others: Source[]
	bare: Source[]
	nodes?: Source
}

export function fileTables(into: Draft, { byKind, pods, nodes, others, bare }: Tables, at: number): void {
	addKubectl(into, {
		table: (...names) => names.map(name => byKind.get(name)).find(Boolean),
		json: () => undefined,
		pods,
		nodes,
		others,
		bare,
		at,
	})
	addCrictl(into, {
		ps: byKind.get('crictl-ps'),
		pods: byKind.get('crictl-pods'),
		images: byKind.get('crictl-images'),
		at,
	})
}
