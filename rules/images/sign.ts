/** Signs that many causes of the images area share. */
import { type Evidence, type FactSign, type Finding, fact, type Weight } from '../../src/rule.js'
import { fullName, listed } from '../workload/pods.js'
import { type FailedPull, failedPulls } from './pulls.js'

/** ` (shop/api-1, shop/api-2)`, or nothing where no pod is known. */
export function forPods({ pods }: FailedPull): string {
	return pods.length > 0 ? `, wanted by ${listed(pods.map(fullName))}` : ''
}

/** The API has told it already: then a log only confirms it. */
function speaker({ source, image, problem }: FailedPull, evidence: Evidence): string {
	if (source === 'cluster') return ''
	const told = failedPulls(evidence).some(
		other => other.source === 'cluster' && other.image === image && other.problem === problem,
	)
	if (!told) return ''
	return source === 'journal' ? 'The kubelet logs the same: ' : 'containerd logs the same: '
}

interface Wanted {
	/** Whether this failure is one of the cause. */
	of: (pull: FailedPull, evidence: Evidence) => boolean
	says: (pull: FailedPull, evidence: Evidence) => string
	/** Weight of what a waiting pod shows; what only a log tells is `strong`. Default `proof`. */
	weight?: (pull: FailedPull, evidence: Evidence) => Weight
}

/** Looks at the failing pulls as the API, the kubelet and containerd tell them. */
export function pullSigns({ of, says, weight }: Wanted): FactSign[] {
	return (['cluster', 'journal', 'containerd'] as const).map(source =>
		fact([source], (_have, evidence) =>
			failedPulls(evidence)
				.filter(pull => pull.source === source && of(pull, evidence))
				.map((pull): Finding => {
					const certain = source === 'cluster' ? (weight?.(pull, evidence) ?? 'proof') : 'strong'
					return {
						says: `${speaker(pull, evidence)}${says(pull, evidence)}`,
						weight: certain,
						source,
						...pull.cite,
					}
				}),
		),
	)
}
