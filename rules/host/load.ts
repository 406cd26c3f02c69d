/** How hard the host is pressed, and the series of complaints that tell whether k3s suffers from it. */
import { type Evidence, type Message, nowOf, type Quote } from '../../src/rule.js'
import { isRunning, spokenNow } from './state.js'

export interface Series {
	/** Of all messages that match. */
	count: number
	newest: Message
}

const minutes = 60_000

/**
 * Messages that match, summed, where they are a series that lasts: a start-up alone says such things a hundred
 * times within its first minute, and a single one says nothing. `undefined` where it is none, or is over.
 */
export function lastingSeries(
	evidence: Evidence,
	pattern: RegExp,
	least: { count: number; spanMinutes: number },
): Series | undefined {
	const found = spokenNow(evidence).filter(({ lastText }) => pattern.test(lastText))
	const newest = found.reduce<Message | undefined>(
		(best, message) => (!best || message.lastAt > best.lastAt ? message : best),
		undefined,
	)
	if (!newest) return undefined
	const count = found.reduce((sum, message) => sum + message.count, 0)
	const first = Math.min(...found.map(({ firstAt }) => firstAt))
	const stillHere = nowOf(evidence) - newest.lastAt < 10 * minutes
	const lasts = newest.lastAt - first >= least.spanMinutes * minutes
	return count >= least.count && lasts && stillHere ? { count, newest } : undefined
}

/** A control plane that could not renew its lease within ten seconds ends itself, and k3s with it. */
export const leaseLost = /leaderelection lost|leader election lost|failed to renew lease/i

export function lostItsLease(evidence: Evidence): Message | undefined {
	if (isRunning(evidence)) return undefined
	return evidence.journal?.messages.findLast(({ lastText }) => leaseLost.test(lastText))
}

export function pressureQuote(kind: 'cpu' | 'io' | 'memory', text: string): Quote {
	return { file: `files/proc/pressure/${kind}`, line: 1, text }
}

/** Percent of the last five minutes in which all tasks waited for the disk. */
export function ioStall({ memory }: Evidence): number {
	return memory?.pressure.io?.full300 ?? 0
}

/** Percent of the last five minutes in which some task waited for a CPU. */
export function cpuWait({ memory }: Evidence): number {
	return memory?.pressure.cpu?.some300 ?? 0
}
