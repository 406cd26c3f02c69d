/** What containers said. */
import { type Evidence, nowOf, type PodLog } from '../../src/rule.js'
import { minutes } from './pods.js'

const byContainer = new WeakMap<readonly PodLog[], ReadonlyMap<string, PodLog>>()

const keyOf = (uid: string, container: string) => `${uid} ${container}`

/** The log of each container's newest life. */
function newest(logs: readonly PodLog[]): ReadonlyMap<string, PodLog> {
	const known = byContainer.get(logs)
	if (known) return known
	const found = new Map<string, PodLog>()
	for (const log of logs) {
		const key = keyOf(log.uid, log.container)
		const other = found.get(key)
		if (!other || log.instance > other.instance) found.set(key, log)
	}
	byContainer.set(logs, found)
	return found
}

/** The newest log of a pod's container, `undefined` where the bundle holds none. */
export function newestLogOf(
	{ podLogs }: Evidence,
	{ uid }: { uid: string },
	container: string,
): PodLog | undefined {
	return podLogs && newest(podLogs).get(keyOf(uid, container))
}

/** Newest logs in which something was said within the last minutes. */
export function recentLogs(evidence: Evidence, within = 15 * minutes): PodLog[] {
	if (!evidence.podLogs) return []
	return [...newest(evidence.podLogs).values()].filter(
		({ lines }) => nowOf(evidence) - (lines.at(-1)?.at ?? 0) <= within,
	)
}

const telling = /\b(?:error|fatal|panic|exception|failed|cannot|denied|refused|not set|missing|invalid)\b/i

/** The line that tells most of why a container ended: the last one that speaks of an error, else the last. */
export function tellingLine({ lines }: PodLog): PodLog['lines'][number] | undefined {
	const end = lines.slice(-30).filter(({ text }) => text.trim() !== '')
	return end.findLast(({ text }) => telling.test(text)) ?? end.at(-1)
}
