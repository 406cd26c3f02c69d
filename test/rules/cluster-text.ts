/** Raw lists of the API for tests of rules: an ordinary node `node-1` that has been up for ten minutes. */
import { klog as klogAt } from '../scenes/lines.js'
import { goodStart, journalText, type Said, unitShow } from './unit.js'

/** What the node's clock says; k3s became ready at 04:00:03. */
export const now = '2026-11-21T04:10:00Z'

/** `ago(90)` is 04:08:30. */
export function ago(seconds: number): string {
	return new Date(Date.parse(now) - seconds * 1000).toISOString().replace('.000Z', 'Z')
}

type Json = Record<string, unknown>

export function list(...items: unknown[]): string {
	return JSON.stringify({ apiVersion: 'v1', kind: 'List', items })
}

interface NodeWish {
	name?: string
	ready?: boolean
	reason?: string
	message?: string
	since?: string
	unschedulable?: boolean
	taints?: Json[]
}

export function node({ name = 'node-1', ready = true, ...wish }: NodeWish = {}): Json {
	const address = `10.0.0.${/^node-(\d{1,2})$/.exec(name)?.[1] ?? '1'}`
	return {
		metadata: {
			name,
			creationTimestamp: ago(86_400),
			annotations: { 'k3s.io/hostname': name, 'k3s.io/internal-ip': address },
		},
		spec: {
			podCIDR: '10.42.0.0/24',
			podCIDRs: ['10.42.0.0/24'],
			providerID: `k3s://${name}`,
			...(wish.unschedulable && { unschedulable: true }),
			...(wish.taints && { taints: wish.taints }),
		},
		status: {
			conditions: [
				{
					type: 'Ready',
					status: ready ? 'True' : 'False',
					reason: wish.reason ?? (ready ? 'KubeletReady' : 'KubeletNotReady'),
					message: wish.message ?? '',
					lastTransitionTime: wish.since ?? ago(500),
				},
			],
			addresses: [
				{ type: 'InternalIP', address },
				{ type: 'Hostname', address: name },
			],
			nodeInfo: { architecture: 'amd64', kubeletVersion: 'v1.33.4+k3s1' },
		},
	}
}

export interface ContainerWish {
	name?: string
	image?: string
	restarts?: number
	/** `{waiting: {reason, message}}`, `{running: {startedAt}}`, `{terminated: {…}}`. */
	state?: Json
	last?: Json
	limits?: Record<string, string>
	ready?: boolean
}

export interface PodWish {
	namespace?: string
	name?: string
	/** '' : not bound yet. */
	on?: string
	phase?: string
	created?: string
	deleted?: string
	finalizers?: string[]
	labels?: Record<string, string>
	containers?: ContainerWish[]
	/** Message of the scheduler that found no node. */
	unschedulable?: string
	nodeSelector?: Record<string, string>
	owner?: { kind: string; name: string }
}

export function pod(wish: PodWish = {}): Json {
	const { namespace = 'shop', name = 'api-1', on = 'node-1', containers = [{}] } = wish
	const ready = containers.every(container => container.ready ?? !container.state)
	const conditions: Json[] = [{ type: 'Ready', status: ready ? 'True' : 'False' }]
	if (wish.unschedulable)
		conditions.push({
			type: 'PodScheduled',
			status: 'False',
			reason: 'Unschedulable',
			message: wish.unschedulable,
			lastTransitionTime: ago(60),
		})
	return {
		metadata: {
			namespace,
			name,
			uid: `uid-${name}`,
			creationTimestamp: wish.created ?? ago(120),
			labels: wish.labels ?? {},
			...(wish.deleted && { deletionTimestamp: wish.deleted }),
			...(wish.finalizers && { finalizers: wish.finalizers }),
			...(wish.owner && { ownerReferences: [wish.owner] }),
		},
		spec: {
			...(on && { nodeName: on }),
			nodeSelector: wish.nodeSelector ?? {},
			containers: containers.map(({ name: container = 'main', image = 'shop:1', limits = {} }) => ({
				name: container,
				image,
				resources: { limits },
			})),
		},
		status: {
			phase: wish.phase ?? (on && ready ? 'Running' : 'Pending'),
			conditions,
			containerStatuses: on
				? containers.map(({ name: container = 'main', image = 'shop:1', ...status }) => ({
						name: container,
						image,
						ready: status.ready ?? !status.state,
						restartCount: status.restarts ?? 0,
						state: status.state ?? { running: { startedAt: ago(110) } },
						lastState: status.last ?? {},
					}))
				: [],
		},
	}
}

export function died(exitCode: number, secondsAgo: number, reason = 'Error', message = ''): Json {
	return {
		terminated: {
			exitCode,
			reason,
			message,
			startedAt: ago(secondsAgo + 1),
			finishedAt: ago(secondsAgo),
		},
	}
}

interface EventWish {
	kind?: string
	namespace?: string
	name?: string
	reason: string
	message: string
	count?: number
	last?: string
	first?: string
}

export function event({ kind = 'Pod', namespace = 'shop', name = 'api-1', ...wish }: EventWish): Json {
	return {
		metadata: { namespace, name: `${name}.18` },
		involvedObject: { kind, namespace, name },
		type: 'Warning',
		reason: wish.reason,
		message: wish.message,
		count: wish.count ?? 1,
		firstTimestamp: wish.first ?? ago(100),
		lastTimestamp: wish.last ?? ago(20),
	}
}

interface Lists {
	[resource: string]: Json[]
}

/** A server that runs, with what the API says; `pods` and `events` are empty lists unless given. */
export function cluster(
	lists: Lists = {},
	more: Record<string, string> = {},
	lines: readonly Said[] = [],
): Record<string, string> {
	const all: Lists = { nodes: [node()], pods: [], events: [], ...lists }
	const files = Object.entries(all).map(([resource, items]) => [`api/${resource}.json`, list(...items)])
	return {
		'commands/systemctl-show.txt': unitShow(),
		'commands/date.txt': `${now}\n`,
		'journal/k3s.log': journalText([...goodStart(), ...lines]),
		'api/readyz.txt': 'ok',
		...Object.fromEntries(files),
		...more,
	}
}

/** A line of the kubelet, klog format, as the journal holds it. */
export function klog(text: string): string {
	return klogAt(text, { at: '1121 04:09:30.000000' })
}

/** Second of the test's hour at which `klog` lines are said: 04:09:30. */
export const lately = 570

/** The same node half a minute after a boot. */
export const justBooted = { 'journal/k3s.log': journalText(goodStart(565)) }
