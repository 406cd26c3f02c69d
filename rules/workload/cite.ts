/** Where a finding about an object of the cluster points to. */
import type { KubeEvent, PodLog, Quote } from '../../src/rule.js'

const longest = 320
const head = 90

/** Words of an object in a list of the API. Of a long chain of errors the end tells most. */
export function apiQuote(list: string, words: string): Quote {
	const text = words.trim()
	const shown = text.length > longest ? `${text.slice(0, head)} … ${text.slice(head - longest)}` : text
	return { file: `api/${list}.json`, text: shown }
}

/** An event: when, how often, and what it said. */
export function citeEvent(event: KubeEvent) {
	return {
		quote: apiQuote('events', event.message),
		at: event.lastAt,
		since: event.firstAt,
		count: event.count,
	}
}

/** A line of a pod's log: where it stands, and when it was said. */
export function citeLine({ file }: Pick<PodLog, 'file'>, { line, text, at }: PodLog['lines'][number]) {
	return { quote: { file, line, text }, at }
}
