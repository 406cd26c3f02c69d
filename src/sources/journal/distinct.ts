/** Collects distinct messages: the same line said a thousand times is one message with a count. */
import type { Message } from '../../model/evidence/index.js'
import { fingerprint } from './fingerprint.js'
import { decodeLine } from './line.js'

interface Seen {
	key: number
	count: number
	firstAt: number
	lastAt: number
	firstIndex: number
	lastIndex: number
	first: string
	last: string
	component: string
}

/** Distinct messages of one start are bounded: beyond it a log says nothing new that a person could read. */
const mostDistinct = 20_000

export class DistinctMessages {
	readonly #seen = new Map<number, Seen>()
	readonly #file: string

	constructor(file: string) {
		this.#file = file
	}

	/**
	 * Adds a line. `body` is what the program said, `index` the 0-based line number, `at` epoch milliseconds;
	 * `speaker` names the program where the body does not. Returns the fingerprint of the message.
	 */
	add(body: string, index: number, at: number, speaker = ''): number {
		const key = fingerprint(body)
		const seen = this.#seen.get(key)
		if (seen) {
			seen.count += 1
			seen.lastAt = at
			seen.lastIndex = index
			seen.last = body
		} else if (this.#seen.size < mostDistinct) {
			this.#seen.set(key, {
				key,
				count: 1,
				firstAt: at,
				lastAt: at,
				firstIndex: index,
				lastIndex: index,
				first: body,
				last: body,
				component: speaker,
			})
		}
		return key
	}

	has(key: number): boolean {
		return this.#seen.has(key)
	}

	/** The distinct messages so far, in the order of their first occurrence. */
	messages(): Message[] {
		return [...this.#seen.values()].map(seen => this.#message(seen))
	}

	#message(seen: Seen): Message {
		const first = decodeLine(seen.first)
		const lastText = seen.last === seen.first ? first.text : decodeLine(seen.last).text
		const speaker = seen.component
		return {
			key: seen.key.toString(36),
			level: first.level,
			component: first.component || speaker,
			text: first.text,
			lastText,
			count: seen.count,
			firstAt: seen.firstAt,
			lastAt: seen.lastAt,
			firstIndex: seen.firstIndex,
			lastIndex: seen.lastIndex,
			quote: {
				file: this.#file,
				line: seen.firstIndex + 1,
				text: quoted(seen.first),
			},
			lastQuote: {
				file: this.#file,
				line: seen.lastIndex + 1,
				text: quoted(seen.last),
			},
		}
	}
}

const longestQuote = 2_000

function quoted(body: string): string {
	return body.length > longestQuote ? `${body.slice(0, longestQuote)}…` : body
}
