/** Images of k3s's own add-ons that are wanted and not here, and that nobody has begun to fetch. */
import type { Evidence, KubePod } from '../../src/rule.js'
import { eventsAbout } from '../workload/events.js'
import { addOnOf, fullName, isOlderThan, isReady, ownPods, unboundPods } from '../workload/pods.js'
import { fullImage, isSystemImage } from './image-name.js'
import { chartOf, isPackaged } from './whose.js'

function isOwnAddOn(evidence: Evidence, pod: KubePod): boolean {
	const part = addOnOf(pod)
	if (part === 'helm-job') {
		const chart = chartOf(evidence, pod)
		return chart !== undefined && isPackaged(chart)
	}
	return part !== undefined && part !== 'local-path-helper'
}

/** No node takes it for a reason of its own: nobody has asked for its image yet. */
function hasNoPlace({ conditions }: KubePod): boolean {
	const told = conditions.find(({ type, status }) => type === 'PodScheduled' && status === 'False')?.message
	return /didn't have free ports|Insufficient |didn't match|volume node affinity|unbound immediate/.test(
		told ?? '',
	)
}

/** Pods that wait longer than `milliseconds`; a pull that is under way has an event that says so. */
export function wantedAddOnImages(evidence: Evidence, milliseconds: number): { image: string; by: string }[] {
	const { runtime, cluster } = evidence
	if (!runtime?.answered || runtime.unanswered?.includes('images')) return []
	const here = new Set(runtime.images.flatMap(({ tags }) => tags.map(fullImage)))
	// An image that a pod of another node needs may well be there.
	const unbound = cluster?.nodes?.length === 1 ? unboundPods(evidence).filter(pod => !hasNoPlace(pod)) : []
	return [...ownPods(evidence), ...unbound]
		.filter(pod => !isReady(pod) && isOwnAddOn(evidence, pod))
		.filter(pod => isOlderThan(evidence, pod.createdAt, milliseconds))
		.filter(pod => !eventsAbout(evidence, 'Pod', pod).some(({ reason }) => reason === 'Pulling'))
		.flatMap(pod =>
			pod.containers
				.filter(({ image }) => isSystemImage(image) && !here.has(fullImage(image)))
				.map(({ image }) => ({ image: fullImage(image), by: fullName(pod) })),
		)
}
