/** Which starts still count: an error that a later start got past is history, not a diagnosis. */
import type { Message, Start } from '../../model/evidence/index.js'
import { rankOf } from './milestones.js'

/** A start that lives this much longer than the failed one did has got past it. */
const slack = 30_000
/** A ready start that has lived this long has got past any earlier death. */
const longLife = 600_000

export function hasFailed(start: Start): boolean {
	return start.end !== undefined && start.end.how !== 'stopped'
}

function gotPast(failed: Start, later: Start): boolean {
	if (failed.readyAt === undefined) {
		if (later.readyAt !== undefined) return true
		if (rankOf(later.furthest) > rankOf(failed.furthest)) return true
		const failedLife = (failed.end?.at ?? failed.lastAt) - failed.beganAt
		return !later.end && later.lastAt - later.beganAt > failedLife + slack
	}
	if (later.readyAt === undefined) return false
	const life = later.lastAt - later.readyAt
	return life > longLife || life > (failed.end?.at ?? failed.lastAt) - failed.readyAt + slack
}

/**
 * The newest start, and before it the failed ones that no later start got past; newest first.
 * An operator's stop ends the row: what came before it was another situation.
 */
export function currentStarts(starts: readonly Start[]): Start[] {
	const newest = starts.at(-1)
	if (!newest) return []
	const current = [newest]
	for (let index = starts.length - 2; index >= 0; index -= 1) {
		const start = starts[index]
		if (!start || !hasFailed(start)) {
			// A start that the operator stopped before it said anything is passed over.
			if (start?.readyAt !== undefined) break
			continue
		}
		if (starts.slice(index + 1).some(later => gotPast(start, later))) break
		current.push(start)
		if (start.readyAt !== undefined) break
	}
	return current
}

/** How long after readiness a start-up still settles. */
const settling = 30_000
/** How long before its death a start that was ready is listened to. */
const dying = 120_000

/** Keys of messages that stand in the start-up of starts that went well, or in their regular stop. */
export function noiseOf(starts: readonly Start[], current: readonly Start[]): Set<string> {
	const noise = new Set<string>()
	for (const start of starts) {
		if (start.readyAt === undefined || hasFailed(start) || current.includes(start)) continue
		for (const message of start.messages) {
			const inStartUp = message.firstAt <= start.readyAt + settling
			const inStop = start.end !== undefined && message.firstAt >= start.end.at - settling
			if (inStartUp || inStop) noise.add(message.key)
		}
	}
	// What a start died of, or waits for, is never noise.
	for (const start of current) {
		if (start.end?.lastWord) noise.delete(start.end.lastWord.key)
		if (start.waiting) noise.delete(start.waiting.message.key)
	}
	return noise
}

/** Distinct messages of the current starts that are not noise, oldest first. */
export function currentMessages(current: readonly Start[], noise: ReadonlySet<string>): Message[] {
	const merged = new Map<string, Message>()
	for (const start of [...current].reverse()) {
		for (const message of start.messages) {
			if (noise.has(message.key)) continue
			const died = start.readyAt !== undefined && hasFailed(start)
			if (died && message.lastAt < (start.end?.at ?? 0) - dying) continue
			const before = merged.get(message.key)
			merged.set(
				message.key,
				before
					? {
							...message,
							count: before.count + message.count,
							firstAt: before.firstAt,
							firstIndex: before.firstIndex,
							quote: before.quote,
							text: before.text,
						}
					: message,
			)
		}
	}
	return [...merged.values()].sort((a, b) => a.firstIndex - b.firstIndex)
}
