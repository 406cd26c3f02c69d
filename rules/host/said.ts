/** A sign that looks for a complaint in the journal and tells it once, however many lines repeat it in other words. */
import {
	type Evidence,
	type FactSign,
	fact,
	type Message,
	proof,
	strong,
	type Weight,
} from '../../src/rule.js'
import { goesOn, spokenNow } from './state.js'

interface Options {
	/** Weight of a line that is not the last word. Default `strong`. */
	weight?: Extract<Weight, 'strong' | 'hint'>
	if?: (evidence: Evidence, message: Message) => boolean
}

/** What the newest failed start died of, or what the present one waits for. */
function decides({ service, journal }: Evidence, { key, count }: Message): boolean {
	const waiting = journal?.newest?.waiting?.message.key === key && count > 1
	return service?.failedStart?.end?.lastWord?.key === key || waiting
}

/**
 * Like `log()`, but one finding for all lines that match: the last word of the failed start or the reason of its
 * wait loop (then it is proof), else the newest line. What a running node said more than a quarter of an hour ago
 * does not count.
 */
export function said(
	pattern: RegExp,
	says: string | ((match: RegExpExecArray, message: Message) => string),
	options: Options = {},
): FactSign {
	return fact(['journal'], (_have, evidence) => {
		const matching = spokenNow(evidence).filter(
			message =>
				(pattern.test(message.lastText) || pattern.test(message.text)) &&
				goesOn(evidence, message.lastAt) &&
				(options.if?.(evidence, message) ?? true),
		)
		const decisive = matching.find(message => decides(evidence, message))
		const best =
			decisive ??
			matching.reduce<Message | undefined>(
				(newest, message) => (!newest || message.lastAt >= newest.lastAt ? message : newest),
				undefined,
			)
		const match = best && (pattern.exec(best.lastText) ?? pattern.exec(best.text))
		if (!best || !match) return undefined
		const { weight = 'strong' } = options
		const made = (decisive && weight === 'strong' ? proof : strong)(
			'journal',
			typeof says === 'string' ? says : says(match, best),
			{
				quote: best.lastQuote,
				at: best.lastAt,
				since: Math.min(...matching.map(({ firstAt }) => firstAt)),
				count: matching.reduce((sum, { count }) => sum + count, 0),
			},
		)
		return weight === 'hint' ? { ...made, weight } : made
	})
}
