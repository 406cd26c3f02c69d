/** What the kubelet says of pods that get no network. */
import { type Evidence, type Finding, hint, type KubeEvent, strong } from '../../src/rule.js'
import { citeEvent } from '../workload/cite.js'
import { latestEvent } from '../workload/events.js'
import { fullName, isReady, listed, ownPods } from '../workload/pods.js'

const noNetwork = /failed to (?:setup|set up) network for sandbox/

/** One try may fail by chance; the kubelet tries every few seconds. */
const repeated = 3

/**
 * One finding for all pods of this node that are not ready because their sandbox gets no network, for the reason that
 * `pattern` finds; `says` gets what it matched.
 */
export function withoutNetwork(
	evidence: Evidence,
	pattern: RegExp,
	says: (match: RegExpExecArray) => string,
): Finding | undefined {
	const found = ownPods(evidence)
		.filter(pod => !isReady(pod))
		.map(pod => ({
			pod,
			event: latestEvent(
				evidence,
				'Pod',
				pod,
				({ message }) => noNetwork.test(message) && pattern.test(message),
			),
		}))
		.filter((one): one is { pod: (typeof one)['pod']; event: KubeEvent } => one.event !== undefined)
	const last = found.at(-1)
	const match = last && pattern.exec(last.event.message)
	if (!match) return undefined
	const weigh = found.length > 1 || last.event.count >= repeated ? strong : hint
	return weigh(
		'cluster',
		`${says(match)} (${listed(found.map(({ pod }) => fullName(pod)))})`,
		citeEvent(last.event),
	)
}
