/** Containers that start and end, again and again. */
import { type Evidence, type KubeContainer, type KubePod, nowOf } from '../../src/rule.js'
import { latestEvent } from './events.js'
import { newestLogOf } from './logs.js'
import { type AddOn, addOnOf, diedWithHost, isUntold, lastDeath, minutes, ownPods } from './pods.js'

/** Parts of k3s have causes of their own, but for this one, whose own is that its ports are taken. */
const hasNoOtherCause = (addOn: AddOn | undefined) => addOn === undefined || addOn === 'servicelb'

export interface Loop {
	pod: KubePod
	container: KubeContainer
	/** It has ended often enough, and just now. */
	sure: boolean
}

/** The kubelet waits five minutes at most between two starts. */
const backOff = 10 * minutes
/** A process may well fail once or twice while what it needs is coming up too; the third end is a loop. */
const patience = 2

/** Causes that name the end better than "it ends". */
function endsForKnownReason(evidence: Evidence, pod: KubePod, container: KubeContainer): boolean {
	const deaths = [container.current, container.last]
	if (deaths.some(death => death?.reason === 'OOMKilled')) return true
	if (deaths.some(death => /exec format error/.test(death?.message ?? ''))) return true
	const told = newestLogOf(evidence, pod, container.name)
	if (told?.lines.slice(-20).some(({ text }) => /exec format error/.test(text))) return true
	// Killed by the kubelet: the process itself would have gone on.
	return (
		latestEvent(
			evidence,
			'Pod',
			pod,
			({ reason, message }) =>
				reason === 'Killing' &&
				/failed (?:liveness|startup) probe/.test(message) &&
				message.includes(container.name),
			backOff,
		) !== undefined
	)
}

/** Restarts count reboots too: how many ends does what we see prove for the life of this k3s? */
function provenEnds(evidence: Evidence, pod: KubePod, container: KubeContainer): number {
	const { current, last, restarts } = container
	const began = isUntold(evidence) ? undefined : evidence.journal?.newest?.beganAt
	if (began === undefined || pod.createdAt >= began || nowOf(evidence) - began > backOff) return restarts + 1
	const seen = [current, last].filter(
		death => death?.state === 'terminated' && !diedWithHost(death) && (death.startedAt ?? 0) >= began,
	).length
	const told = latestEvent(
		evidence,
		'Pod',
		pod,
		({ reason, message, firstAt }) =>
			reason === 'BackOff' && firstAt >= began && message.includes(` ${container.name} `),
		backOff,
	)
	return Math.max(seen, told?.count ?? 0, endsByBackOff(current.message, nowOf(evidence) - began))
}

/** The kubelet waits 10 s after the first end that it has seen itself, and each time twice as long: `back-off 2m40s`. */
function endsByBackOff(message: string, since: number): number {
	const groups = /^back-off (?:(?<minutes>\d{1,2})m)?(?<seconds>\d{1,2})s/.exec(message)?.groups
	if (!groups) return 0
	const waits = Number(groups.minutes ?? 0) * 60 + Number(groups.seconds)
	if (waits < 10) return 0
	const ends = Math.round(Math.log2(Math.min(waits, 320) / 10)) + 1
	// So many waits must fit into the life of this k3s.
	return since / 1000 < 10 * (2 ** (ends - 1) - 1) ? 0 : ends
}

const waitReasons = new Set(['CrashLoopBackOff', 'RunContainerError'])

function loopOf(evidence: Evidence, pod: KubePod, container: KubeContainer): Loop | undefined {
	const { current, restarts } = container
	if (restarts < 1 || endsForKnownReason(evidence, pod, container)) return undefined
	const death = lastDeath(container)
	// A reboot ends every container once.
	if (!death || diedWithHost(death)) return undefined
	const ends = provenEnds(evidence, pod, container)
	const sure = ends > patience
	if (current.state === 'terminated' || (current.state === 'waiting' && waitReasons.has(current.reason))) {
		if (container.init && current.exitCode === 0) return undefined
		return ends > 1 ? { pod, container, sure } : undefined
	}
	// Running for a moment between two ends.
	const now = nowOf(evidence)
	const endedAt = death.finishedAt ?? 0
	const shortLived = endedAt - (death.startedAt ?? 0) < backOff
	const recently =
		current.state === 'running' && now - endedAt < backOff && now - (current.startedAt ?? 0) < backOff
	const complained = latestEvent(evidence, 'Pod', pod, ({ reason }) => reason === 'BackOff', backOff)
	return recently && shortLived && complained && sure ? { pod, container, sure: false } : undefined
}

const known = new WeakMap<Evidence, readonly Loop[]>()

/** Of this node's pods, add-ons of k3s aside: those have causes of their own. */
export function crashLoops(evidence: Evidence): readonly Loop[] {
	const before = known.get(evidence)
	if (before) return before
	const found = ownPods(evidence)
		.filter(pod => hasNoOtherCause(addOnOf(pod)))
		.flatMap(pod => pod.containers.map(container => loopOf(evidence, pod, container)))
		.filter(loop => loop !== undefined)
	known.set(evidence, found)
	return found
}
