/** The other lists of the cluster as tables: nodes, events, services, workloads, claims, ingresses, charts, add-ons. */
import type {
	Claim,
	Condition,
	KubeEvent,
	KubeNode,
	KubeService,
	Meta,
	Workload,
} from '../../model/evidence/index.js'
import type { Listed } from '../../model/live.js'
import { remembering } from '../memo.js'
import { kindOf } from './kinds.js'
import type { ObjectRef } from './object.js'
import type { PodRow } from './pods.js'
import type { Sight } from './sight.js'

export interface ObjectRow {
	id: string
	ref: ObjectRef
	health: PodRow['health']
	createdAt: number
	/** In the order of the kind's columns. */
	cells: readonly string[]
	/** Of an event: what it is about, `Pod`, `Node`. */
	about?: { word: string; namespace: string; name: string }
}

export interface ObjectColumn {
	title: string
	/** Those with the highest number give way first on a narrow window. */
	gives?: number
	flexible?: true
	most?: number
	/** Says how it is: painted as a fault where it is one. */
	state?: true
}

const images: ObjectColumn = { title: 'IMAGES', gives: 6, most: 60 }
const name: ObjectColumn = { title: 'NAME', flexible: true }

/** Beside namespace and age, which every table has where they mean something. */
export const objectColumns: Readonly<Partial<Record<Listed, readonly ObjectColumn[]>>> = {
	nodes: [
		name,
		{ title: 'STATUS', state: true, most: 30 },
		{ title: 'ROLES', gives: 3, most: 24 },
		{ title: 'VERSION', gives: 2 },
		{ title: 'ADDRESS', gives: 4, most: 39 },
		{ title: 'TAINTS', gives: 5, most: 40 },
	],
	events: [
		{ title: 'TYPE', state: true },
		{ title: 'REASON', most: 18 },
		{ title: 'OBJECT', most: 22, gives: 2 },
		{ title: 'MESSAGE', flexible: true },
		{ title: 'COUNT', gives: 4 },
	],
	services: [
		name,
		{ title: 'TYPE', gives: 4 },
		{ title: 'CLUSTER-IP', gives: 3, most: 39 },
		{ title: 'EXTERNAL', gives: 5, most: 40 },
		{ title: 'PORTS', gives: 2, most: 40 },
		{ title: 'ENDPOINTS', state: true },
	],
	deployments: [name, { title: 'READY', state: true }, images],
	daemonsets: [name, { title: 'READY', state: true }, images],
	statefulsets: [name, { title: 'READY', state: true }, images],
	jobs: [name, { title: 'DONE', state: true }, { title: 'FAILED', gives: 2 }, images],
	persistentvolumeclaims: [
		name,
		{ title: 'STATUS', state: true },
		{ title: 'SIZE', gives: 2 },
		{ title: 'ACCESS', gives: 4 },
		{ title: 'CLASS', gives: 3 },
		{ title: 'VOLUME', gives: 5, most: 44 },
	],
	ingresses: [
		name,
		{ title: 'CLASS', gives: 3 },
		{ title: 'HOSTS', most: 40 },
		{ title: 'BACKENDS', gives: 4, most: 40 },
		{ title: 'ADDRESS', gives: 5, most: 40 },
	],
	helmcharts: [
		name,
		{ title: 'STATE', state: true, most: 24 },
		{ title: 'CHART', gives: 3, most: 50 },
		{ title: 'INTO', gives: 2 },
		{ title: 'JOB', gives: 4 },
	],
	addons: [
		{ title: 'NAME', most: 36 },
		{ title: 'SOURCE', flexible: true },
	],
	namespaces: [name, { title: 'STATUS', state: true }],
}

/** `undefined`: this list was not answered. */
export const objectRows = remembering((sight: Sight, of: Listed): readonly ObjectRow[] | undefined => {
	const { cluster } = sight
	const workloads = (kind: Workload['kind']) =>
		cluster.workloads?.filter(workload => workload.kind === kind).map(workload => workloadRow(of, workload))
	switch (of) {
		case 'nodes':
			return cluster.nodes?.map(nodeRow)
		case 'events':
			return cluster.events && eventRows(cluster.events)
		case 'services':
			return cluster.services?.map(serviceRow)
		case 'deployments':
			return workloads('Deployment')
		case 'daemonsets':
			return workloads('DaemonSet')
		case 'statefulsets':
			return workloads('StatefulSet')
		case 'jobs':
			return workloads('Job')
		case 'persistentvolumeclaims':
			return cluster.claims?.map(claimRow)
		case 'ingresses':
			return cluster.ingresses?.map(item =>
				row(of, item, 'well', [
					item.className,
					item.hosts.join(','),
					item.backends.join(','),
					item.addresses.join(','),
				]),
			)
		case 'helmcharts':
			return cluster.helmCharts?.map(item => {
				const failed = item.conditions.find(({ type, status }) => type === 'Failed' && status === 'True')
				const state = failed ? failed.reason || 'Failed' : item.jobName ? 'handed over' : 'waits'
				return row(of, item, failed ? 'fault' : 'well', [
					state,
					item.chart,
					item.targetNamespace,
					item.jobName,
				])
			})
		case 'addons':
			return cluster.addons?.map(item => row(of, item, 'well', [item.source]))
		case 'namespaces':
			return cluster.namespaces?.map(item =>
				row(of, item, item.phase === 'Active' ? 'well' : 'fault', [item.phase]),
			)
		default:
			return undefined
	}
})

function row(of: Listed, meta: Meta, health: ObjectRow['health'], cells: readonly string[]): ObjectRow {
	const namespace = kindOf(of)?.namespaced === false ? '' : meta.namespace
	return {
		id: meta.uid || `${namespace}/${meta.name}`,
		ref: { of, namespace, name: meta.name },
		health,
		createdAt: meta.createdAt,
		cells: [meta.name, ...cells],
	}
}

const isTrue = (conditions: readonly Condition[], type: string) =>
	conditions.some(condition => condition.type === type && condition.status === 'True')

const rolePrefix = 'node-role.kubernetes.io/'

export function nodeStatus({ conditions, unschedulable }: KubeNode): string {
	const ready = conditions.find(({ type }) => type === 'Ready')
	const word =
		!ready || ready.status === 'Unknown' ? 'Unknown' : ready.status === 'True' ? 'Ready' : 'NotReady'
	const pressed = conditions.filter(({ type, status }) => type.endsWith('Pressure') && status === 'True')
	return [word, ...pressed.map(({ type }) => type), unschedulable ? 'SchedulingDisabled' : '']
		.filter(Boolean)
		.join(',')
}

function nodeRow(node: KubeNode): ObjectRow {
	const status = nodeStatus(node)
	const roles = Object.keys(node.labels).flatMap(key =>
		key.startsWith(rolePrefix) ? [key.slice(rolePrefix.length)] : [],
	)
	return row('nodes', node, status === 'Ready' ? 'well' : 'fault', [
		status,
		roles.join(',') || '<none>',
		node.kubeletVersion,
		node.addresses.find(({ type }) => type === 'InternalIP')?.address ?? '',
		node.taints.map(({ key, effect }) => `${key}:${effect}`).join(','),
	])
}

/** Newest first. */
function eventRows(events: readonly KubeEvent[]): ObjectRow[] {
	return [...events]
		.sort((a, b) => b.lastAt - a.lastAt)
		.map((event, index): ObjectRow => {
			const { namespace, kind, name: about, type, reason, message, count, lastAt } = event
			return {
				id: `${kind} ${namespace}/${about} ${reason} ${lastAt} ${index}`,
				ref: { of: 'events', namespace, name: about },
				health: type === 'Warning' ? 'fault' : 'well',
				createdAt: lastAt,
				about: { word: kind, namespace, name: about },
				cells: [type === 'Warning' ? 'Warn' : '', reason, `${kind}/${about}`, message, String(count)],
			}
		})
}

export function endpointWords({ endpoints, selector, type }: KubeService): string {
	if (type === 'ExternalName') return 'outside'
	if (!endpoints) return 'not told'
	const { ready, notReady } = endpoints
	if (ready.length === 0 && notReady.length === 0 && Object.keys(selector).length === 0)
		return 'none of its own'
	return notReady.length > 0 ? `${ready.length} ready, ${notReady.length} not` : `${ready.length} ready`
}

function serviceRow(service: KubeService): ObjectRow {
	const { type, clusterIp, externalAddresses, ports, endpoints, selector } = service
	const dead = endpoints !== undefined && endpoints.ready.length === 0 && Object.keys(selector).length > 0
	return row('services', service, dead ? 'fault' : 'well', [
		type,
		clusterIp,
		externalAddresses.join(','),
		ports
			.map(({ port, nodePort, protocol }) => `${port}${nodePort ? `:${nodePort}` : ''}/${protocol}`)
			.join(','),
		endpointWords(service),
	])
}

function workloadRow(of: Listed, workload: Workload): ObjectRow {
	const { kind, wanted, ready, failed = 0, images: all, conditions } = workload
	const list = all.join(',')
	if (kind !== 'Job')
		return row(of, workload, ready < wanted ? 'fault' : 'well', [`${ready}/${wanted}`, list])
	return row(of, workload, isTrue(conditions, 'Failed') ? 'fault' : 'well', [
		`${ready}/${wanted}`,
		String(failed),
		list,
	])
}

function claimRow(claim: Claim): ObjectRow {
	const { phase, requested, accessModes, storageClass, volume } = claim
	return row('persistentvolumeclaims', claim, phase === 'Bound' ? 'well' : 'fault', [
		phase || 'Unknown',
		requested,
		accessModes.join(','),
		storageClass ?? '<default>',
		volume,
	])
}
