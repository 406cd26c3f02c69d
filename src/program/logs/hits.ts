/** What a search finds in all of a log, counted while nobody waits; it only highlights, nothing is hidden. */
import type { LogNews } from '../../app/log/wishes.js'
import type { LogReader } from '../../host/logs/reader.js'
import { nextIn } from './finding.js'
import { type Later, later } from './later.js'
import { pace } from './pace.js'
import type { Shown } from './shown.js'
import { Sieve } from './sieve.js'
import { testOfQuery } from './tests.js'

export class Hits {
	readonly #reader: LogReader
	readonly #shown: Shown
	readonly #tell: (news: LogNews) => void
	#sieve: Sieve | undefined
	#query = ''
	#work = new AbortController()
	/** The nearest hit, while it is looked for. */
	#nearest: { after: number; answer: Later<number | undefined>; work: AbortController } | undefined
	readonly #pace = pace()

	constructor(reader: LogReader, shown: Shown, tell: (news: LogNews) => void) {
		this.#reader = reader
		this.#shown = shown
		this.#tell = tell
	}

	stop(): void {
		this.#work.abort()
		this.leave()
	}

	/** Somebody went elsewhere: the nearest hit would take them away from there. */
	leave(): void {
		this.#nearest?.work.abort()
		this.#nearest = undefined
	}

	/** Another search; '' ends it. `from`: a place, from which the nearest hit is told. */
	search(query: string, from: number | undefined): void {
		this.stop()
		const work = new AbortController()
		this.#work = work
		this.#query = query
		this.#sieve = undefined
		if (query === '') return
		const sample =
			from === undefined ? this.#shown.sample() : [...this.#shown.sample(), ...this.#shown.near(from)]
		const { test, matcher } = testOfQuery(query, sample)
		const news = (): LogNews => ({
			is: 'hits',
			query,
			kind: matcher.kind,
			count: sieve.passed,
			done: sieve.done,
		})
		const progress = () => {
			if (this.#pace.isTime()) this.#tell(news())
		}
		const sieve = new Sieve(this.#reader, { test, progress })
		this.#sieve = sieve
		void sieve.run(work.signal).then(() => {
			if (!work.signal.aborted) this.#tell(news())
		})
		this.#tell(news())
		if (from !== undefined) this.#toNearest(sieve, from)
	}

	/** While a search is typed: its first hit from the cursor on, else the last one before it. */
	#toNearest(sieve: Sieve, from: number): void {
		const number = this.#shown.numberOf(from)
		const work = new AbortController()
		const { signal } = work
		const answer = later(nextIn(this.#shown, sieve, number - 1, 1, signal), below =>
			below === undefined ? nextIn(this.#shown, sieve, number, -1, signal) : below,
		)
		this.#nearest = { after: number, answer, work }
		later(answer, at => {
			if (signal.aborted) return
			this.#nearest = undefined
			this.#tell({ is: 'found', span: this.#shown.span(), what: 'hit', step: 1, at, nearest: from })
		})
	}

	/** The next hit after a line; who is still on the way to the nearest one goes on from there. */
	next(number: number, step: 1 | -1, signal: AbortSignal): Later<number | undefined> {
		const sieve = this.#sieve
		if (!sieve) return undefined
		const after = (line: number) => nextIn(this.#shown, sieve, line, step, signal)
		const nearest = this.#nearest
		if (nearest?.after === number)
			return later(nearest.answer, at => (at === undefined ? undefined : after(this.#shown.numberOf(at))))
		this.leave()
		return after(number)
	}

	/** Looks at what came since. */
	grow(): void {
		if (!this.#sieve) return
		this.#sieve.grow()
		const { passed, done } = this.#sieve
		this.#tell({ is: 'hits', query: this.#query, kind: 'all', count: passed, done })
	}
}
