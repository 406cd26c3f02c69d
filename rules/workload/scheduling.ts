/** Why the scheduler finds no node for a pod, as it says in the pod's condition. */
import { type Evidence, type Finding, type KubePod, strong } from '../../src/rule.js'
import { apiQuote } from './cite.js'
import { eventsAbout } from './events.js'
import { fullName, hasSettled, isOlderThan, minutes, unboundPods } from './pods.js'

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

const ownTaint = {
	'cloud-provider-uninitialized': 'node.cloudprovider.kubernetes.io/uninitialized',
	'disk-pressure': 'node.kubernetes.io/disk-pressure',
	'memory-pressure': 'node.kubernetes.io/memory-pressure',
	'node-not-ready': 'node.kubernetes.io/(?:not-ready|unreachable)',
} as const

type StateCause = keyof typeof ownTaint
const stateCauses = Object.keys(ownTaint) as StateCause[]

/**
 * A pod that waits only because every node has the taint of this trouble. What the nodes themselves say counts for
 * more: where they were asked, nothing is told here.
 */
function keptOffBy(evidence: Evidence, refusal: Refusal, by: StateCause): boolean {
	if (evidence.cluster?.nodes !== undefined) return false
	const taint = new RegExp(`taint \\{${ownTaint[by].replaceAll('.', '\\.')}[:=}]`)
	return (
		refusal.obstacles.size === 1 && nodesBehind(refusal, 'taint') >= refusal.total && taint.test(refusal.text)
	)
}

/** Whether a trouble of the nodes that has a cause of its own keeps the pod waiting. */
export function isKeptOff(evidence: Evidence, refusal: Refusal): boolean {
	return stateCauses.some(by => keptOffBy(evidence, refusal, by))
}

/** The finding that a rule makes of it. A young node has some of these taints until it is set up. */
export function ofKeptOff(evidence: Evidence, by: StateCause): Finding | undefined {
	const refusal = refusals(evidence).find(found => keptOffBy(evidence, found, by))
	if (!refusal) return undefined
	const tried = eventsAbout(evidence, 'Pod', refusal.pod).some(
		({ reason, firstAt }) => reason === 'FailedScheduling' && isOlderThan(evidence, firstAt, 2 * minutes),
	)
	if (!tried && !hasSettled(evidence, 2 * minutes)) return undefined
	const { pod, total, text } = refusal
	return strong('cluster', `${fullName(pod)} finds no node, because each has a taint for this`, {
		quote: apiQuote('pods', `0/${total} nodes are available: ${text}`),
		at: refusal.since,
	})
}

/** Taints that Kubernetes puts on a node by itself, because of the node's state. */
export function isStateTaint(key: string): boolean {
	return key.startsWith('node.kubernetes.io/') || key.startsWith('node.cloudprovider.kubernetes.io/')
}
