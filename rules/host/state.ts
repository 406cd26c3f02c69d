/** Whether k3s works, and what it says now. */
import { type Evidence, type Message, nowOf } from '../../src/rule.js'

export function isRunning({ service }: Evidence): boolean {
	return service?.state === 'running'
}

/** It fails, or waits for something again and again. */
export function isTroubled({ service, journal }: Evidence): boolean {
	const state = service?.state
	if (state === 'crash-looping' || state === 'hanging' || state === 'failed') return true
	return state === 'starting' && (journal?.newest?.waiting?.message.count ?? 0) > 1
}

/** What the failed start died of, or waits for. */
export function lastWord({ service, journal }: Evidence): Message | undefined {
	return service?.lastWord ?? journal?.newest?.waiting?.message
}

export function lastWordMatches(evidence: Evidence, pattern: RegExp): boolean {
	const word = lastWord(evidence)
	return word !== undefined && (pattern.test(word.lastText) || pattern.test(word.text))
}

/** Once k3s is ready, what was said only on the way there is over. */
export function spokenNow({ journal, service }: Evidence): readonly Message[] {
	const readyAt = service?.state === 'running' ? journal?.newest?.readyAt : undefined
	const messages = journal?.messages ?? []
	return readyAt === undefined ? messages : messages.filter(({ lastAt }) => lastAt > readyAt)
}

/** Milliseconds. */
const recent = 900_000

/** Whether it still goes on: what a running node complained of half an hour ago is over. */
export function goesOn(evidence: Evidence, lastAt: number): boolean {
	return !isRunning(evidence) || nowOf(evidence) - lastAt < recent
}
