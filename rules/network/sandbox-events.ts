/** What the kubelet says of pods that get no network. */
import { type Evidence, type Finding, hint, strong } from '../../src/rule.js'
import { citeEvent } from '../workload/cite.js'
import { eventsAbout, isRecent } from '../workload/events.js'
import { fullName, isReady, listed, ownPods } from '../workload/pods.js'

/** In the words of containerd 1.x and 2.x, and of those before. */
const noNetwork =
	/failed to (?:setup|set up) network for sandbox|failed to set up sandbox container \\*"[^"]{1,80}\\*" network for pod|(?:N|n)etworkPlugin cni failed to set up pod/

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
		.flatMap(pod => {
			// Each try has a sandbox of its own, and its number makes another event of the same words.
			const told = eventsAbout(evidence, 'Pod', pod).filter(
				event => noNetwork.test(event.message) && pattern.test(event.message) && isRecent(evidence, event),
			)
			const event = told.at(-1)
			const times = told.reduce((sum, { count }) => sum + Math.max(1, count), 0)
			return event ? [{ pod, event, times }] : []
		})
	const last = found.at(-1)
	const match = last && pattern.exec(last.event.message)
	if (!match) return undefined
	const weigh = found.some(({ times }) => times >= repeated) ? strong : hint
	return weigh(
		'cluster',
		`${says(match)} (${listed(found.map(({ pod }) => fullName(pod)))})`,
		citeEvent(last.event),
	)
}
