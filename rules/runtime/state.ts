import {
	type Evidence,
	type FactSign,
	type Finding,
	fact,
	type Message,
	type Weight,
} from '../../src/rule.js'

/** k3s is up: what containerd says of its own configuration has not kept it from starting. */
export function runs({ service }: Evidence): boolean {
	return service?.state === 'running'
}

/** Lines at the end of a log that may still belong to the last thing that happened. */
const tail = 40

/**
 * Messages of containerd's log that are of the current start. What ends containerd it prints as a plain line
 * without a time (`containerd: failed to …`), so that such a line at the end of the log counts too.
 */
function sayings({ containerd, journal }: Evidence): Message[] {
	const since = journal?.current.at(-1)?.beganAt ?? 0
	const end = (containerd?.lines ?? 0) - tail
	return (containerd?.messages ?? []).filter(
		({ lastAt, lastIndex, lastQuote }) =>
			lastAt >= since || (lastIndex >= end && !lastQuote.text.startsWith('time=')),
	)
}

/** A sign that looks at containerd's log; `undefined` from `weigh` is silence. */
export function containerdSign(
	pattern: RegExp,
	says: (groups: Record<string, string>) => string,
	weigh: (evidence: Evidence) => Weight | undefined,
): FactSign {
	return fact(['containerd'], (_have, evidence) => {
		const weight = weigh(evidence)
		if (!weight) return undefined
		return sayings(evidence).flatMap((message): Finding[] => {
			const match = pattern.exec(message.lastText) ?? pattern.exec(message.text)
			if (!match) return []
			const { lastQuote, lastAt, firstAt, count } = message
			return [
				{
					says: says(match.groups ?? {}),
					weight,
					source: 'containerd',
					quote: lastQuote,
					at: lastAt,
					since: firstAt,
					count,
				},
			]
		})
	})
}

/** Decides while k3s is down, and is silent while it is up. */
export function whileDown(weight: Weight): (evidence: Evidence) => Weight | undefined {
	return evidence => (runs(evidence) ? undefined : weight)
}
