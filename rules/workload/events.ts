/** Events of the cluster, by the object that they are about. */
import { type Evidence, type KubeEvent, nowOf } from '../../src/rule.js'
import { minutes } from './pods.js'

interface About {
	namespace: string
	name: string
}

const indexes = new WeakMap<readonly KubeEvent[], ReadonlyMap<string, readonly KubeEvent[]>>()

function keyOf(kind: string, { namespace, name }: About): string {
	return `${kind} ${namespace} ${name}`
}

function indexOf(events: readonly KubeEvent[]): ReadonlyMap<string, readonly KubeEvent[]> {
	const known = indexes.get(events)
	if (known) return known
	const index = new Map<string, KubeEvent[]>()
	for (const event of events) {
		const key = keyOf(event.kind, event)
		const found = index.get(key)
		if (found) found.push(event)
		else index.set(key, [event])
	}
	indexes.set(events, index)
	return index
}

/** Events about one object, oldest first; none where events were not answered. */
export function eventsAbout({ cluster }: Evidence, kind: string, about: About): readonly KubeEvent[] {
	return cluster?.events ? (indexOf(cluster.events).get(keyOf(kind, about)) ?? []) : []
}

/** Whether it happened within the last minutes: the API keeps events for an hour, also of what is over. */
export function isRecent(evidence: Evidence, event: KubeEvent, within = 10 * minutes): boolean {
	return nowOf(evidence) - event.lastAt <= within
}

/** The newest recent event about an object whose message matches. */
export function latestEvent(
	evidence: Evidence,
	kind: string,
	about: About,
	matches: (event: KubeEvent) => boolean,
	within?: number,
): KubeEvent | undefined {
	return eventsAbout(evidence, kind, about).findLast(
		event => matches(event) && isRecent(evidence, event, within),
	)
}
