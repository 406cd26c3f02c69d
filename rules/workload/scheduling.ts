/** Why the scheduler finds no node for a pod, as it says in the pod's condition. */
import type { Evidence, KubePod } from '../../src/rule.js'
import { unboundPods } from './pods.js'

export type Obstacle =
	| 'cordon'
	| 'taint'
	| 'selector'
	| 'affinity'
	| 'resources'
	| 'claim'
	| 'ports'
	| 'volume'
	| 'other'

export interface Refusal {
	pod: KubePod
	/** Nodes that were looked at. */
	total: number
	/** Obstacle -> on how many nodes; 0 where it holds for the pod as a whole. */
	obstacles: ReadonlyMap<Obstacle, number>
	/** The scheduler's words, without what it thinks of preemption. */
	text: string
	since?: number
}

const kinds: readonly [RegExp, Obstacle][] = [
	[/unschedulable/, 'cordon'],
	[/taint/, 'taint'],
	[/node affinity|node selector|node\(s\) didn't match Pod's node/, 'selector'],
	[/affinity|topology spread/, 'affinity'],
	[/Insufficient |Too many pods|max volume count/, 'resources'],
	[/volume node affinity|node\(s\) had volume/, 'volume'],
	[/PersistentVolumeClaim|persistentvolumeclaim|persistent volume/, 'claim'],
	[/free ports/, 'ports'],
]

function kindOf(why: string): Obstacle {
	// Both speak of affinity; the volume's is the more particular.
	if (why.includes('volume node affinity')) return 'volume'
	return kinds.find(([pattern]) => pattern.test(why))?.[1] ?? 'other'
}

/** `0/3 nodes are available: 1 Insufficient cpu, 2 node(s) had untolerated taint {a: b}. preemption: …` */
function read(pod: KubePod, message: string, since: number | undefined): Refusal | undefined {
	const head = /^0\/(?<total>\d{1,5}) nodes are available: ?(?<rest>[^\n]{0,4000})/.exec(message)?.groups
	if (!head) return undefined
	const text = (head.rest ?? '').split(/\. (?:no new claims|preemption)|\.? preemption:/, 1)[0] ?? ''
	const obstacles = new Map<Obstacle, number>()
	for (const part of text.split(/, (?=\d+ )|\. (?=\S)/)) {
		const { count, why = '' } = /^(?:(?<count>\d{1,5}) )?(?<why>.+?)\.?$/.exec(part.trim())?.groups ?? {}
		if (!why) continue
		const kind = kindOf(why)
		obstacles.set(kind, (obstacles.get(kind) ?? 0) + Number(count ?? 0))
	}
	return { pod, total: Number(head.total), obstacles, text, ...(since !== undefined && { since }) }
}

const known = new WeakMap<Evidence, readonly Refusal[]>()

/** Pods for which the scheduler found no node. */
export function refusals(evidence: Evidence): readonly Refusal[] {
	const before = known.get(evidence)
	if (before) return before
	const found = unboundPods(evidence).flatMap(pod => {
		const condition = pod.conditions.find(
			({ type, status, reason }) =>
				type === 'PodScheduled' && status === 'False' && reason === 'Unschedulable',
		)
		const refusal = condition && read(pod, condition.message, condition.since)
		return refusal ? [refusal] : []
	})
	known.set(evidence, found)
	return found
}

/** On how many nodes one of these stands in the way. */
export function nodesBehind({ obstacles }: Refusal, ...which: readonly Obstacle[]): number {
	return which.reduce((sum, kind) => sum + (obstacles.get(kind) ?? 0), 0)
}

/** Taints that Kubernetes puts on a node by itself, because of the node's state. */
export function isStateTaint(key: string): boolean {
	return key.startsWith('node.kubernetes.io/') || key.startsWith('node.cloudprovider.kubernetes.io/')
}
