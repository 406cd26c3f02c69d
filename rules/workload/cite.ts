/** Where a finding about an object of the cluster points to. */
import type { KubeEvent, Quote } from '../../src/rule.js'

const longest = 1_200

/** Words of an object in a list of the API. */
export function apiQuote(list: string, text: string): Quote {
	return { file: `api/${list}.json`, text: text.trim().slice(0, longest) }
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
