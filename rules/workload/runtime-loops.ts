/** Crash loops as the container runtime shows them, for when the API does not answer. */
import { type Evidence, nowOf, type RuntimeContainer } from '../../src/rule.js'
import { addOnOf, minutes } from './pods.js'

/** Starts of one container; a reboot adds one. */
const patience = 3

/** The newest life of each container that has ended young, just now, and not for the first time. */
export function runtimeLoops(evidence: Evidence): RuntimeContainer[] {
	const newest = new Map<string, RuntimeContainer>()
	for (const container of evidence.runtime?.containers ?? []) {
		const key = `${container.podUid} ${container.name}`
		const other = newest.get(key)
		if (!other || container.attempt > other.attempt) newest.set(key, container)
	}
	const now = nowOf(evidence)
	return [...newest.values()].filter(
		({ state, attempt, createdAt, namespace, pod }) =>
			state === 'exited' &&
			attempt >= patience &&
			now - createdAt < 10 * minutes &&
			addOnOf({ namespace, name: pod }) === undefined,
	)
}
