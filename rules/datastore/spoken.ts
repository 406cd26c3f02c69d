/** What the journal says now: once k3s is ready, what was said on the way there is over. */
import { type Evidence, type Message, nowOf } from '../../src/rule.js'

export function spokenNow({ journal, service }: Evidence): readonly Message[] {
	const readyAt = service?.state === 'running' ? journal?.newest?.readyAt : undefined
	const messages = journal?.messages ?? []
	return readyAt === undefined ? messages : messages.filter(({ lastAt }) => lastAt > readyAt)
}

/** Milliseconds. */
const recent = 600_000

/** Whether it still goes on: a running node's trouble of an hour ago is over. Always true of one that does not run. */
export function goesOn(evidence: Evidence, { lastAt }: Message): boolean {
	return evidence.service?.state !== 'running' || nowOf(evidence) - lastAt < recent
}

/** Whether a start is so young that it may still find its way. */
export function isFresh({ service }: Evidence, seconds = 45): boolean {
	return service?.state === 'starting' && (service.ageSeconds ?? 0) < seconds
}
