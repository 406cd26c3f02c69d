/** Collects distinct messages: the same line said a thousand times is one message with a count. */
import type { Message } from '../../model/evidence/index.js'
import { fingerprint } from './fingerprint.js'
import { decodeLine } from './line.js'

export interface Seen {
	/** Its fingerprint. */
	key: number
	count: number
	firstAt: number
	lastAt: number
	firstIndex: number
	lastIndex: number
	first: string
	last: string
	component: string
	/** Whoever listens found nothing in these words: said again, they need not be listened to. */
	idle: boolean
}

/** Distinct messages of one start are bounded: beyond it a log says nothing new that a person could read. */
const mostDistinct = 20_000

export class DistinctMessages {
	readonly #seen = new Map<number, Seen>()
	readonly #file: string
	readonly #most: number

	constructor(file: string, most = mostDistinct) {
		this.#file = file
		this.#most = most
	}

	/**
	 * Adds a line. `body` is what the program said, `index` the 0-based line number, `at` epoch milliseconds;
	 * `speaker` names the program where the body does not. Returns the message that it is.
	 */
	add(body: string, index: number, at: number, speaker = ''): Seen {
		const key = fingerprint(body)
		const before = this.#seen.get(key)
		if (before) {
			before.count += 1
			before.lastAt = at
			before.lastIndex = index
			before.last = body
			return before
		}
		const seen = {
			key,
			count: 1,
			firstAt: at,
			lastAt: at,
			firstIndex: index,
			lastIndex: index,
			first: body,
			last: body,
			component: speaker,
			idle: false,
		}
		if (this.#seen.size < this.#most) this.#seen.set(key, seen)
		return seen
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
