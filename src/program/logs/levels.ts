/** Errors and warnings of a log, looked for while nobody waits, and the histogram made of them. */
import type { LogNews } from '../../app/log/wishes.js'
import type { LogReader } from '../../host/logs/reader.js'
import type { YearHint } from '../../sources/journal/prefix.js'
import { Sieve } from './sieve.js'
import { stripOf } from './strip.js'
import { levelTest } from './tests.js'

const stripEvery = 500
/** Lines of a log that has no quick way to be looked through: errors are counted in so many of the newest. */
const mostSlow = 100_000

export class Levels {
	readonly reader: LogReader
	readonly sieve: Sieve
	readonly #tell: (news: LogNews) => void
	/** Columns of the histogram; 0 when nobody looks at it. */
	#buckets = 0
	#strippedAt = 0

	constructor(reader: LogReader, hint: YearHint, tell: (news: LogNews) => void) {
		this.reader = reader
		this.#tell = tell
		this.sieve = new Sieve(reader, {
			test: levelTest(hint),
			slice: 2,
			progress: () => this.stripNow(stripEvery),
		})
	}

	/** How wide the histogram is to be; 0: it is not looked at. */
	show(buckets: number): void {
		this.#buckets = buckets
		this.tellStrip()
	}

	grow(): void {
		this.sieve.grow()
		this.stripNow(2 * stripEvery)
	}

	tellStrip(): void {
		if (this.#buckets === 0) return
		this.#strippedAt = performance.now()
		this.#tell({ is: 'strip', strip: stripOf(this.sieve, this.#buckets) })
	}

	stripNow(after: number): void {
		if (this.#buckets > 0 && performance.now() - this.#strippedAt > after) this.tellStrip()
	}

	async count(whole: AbortSignal): Promise<void> {
		const limit = new AbortController()
		const signal = AbortSignal.any([whole, limit.signal])
		if (!this.reader.sift && this.reader.begin === undefined) {
			const most = this.reader.end - mostSlow
			const watch = setInterval(() => {
				if (this.sieve.low < most) limit.abort()
			}, 50)
			watch.unref()
			await this.sieve.run(signal)
			clearInterval(watch)
		} else await this.sieve.run(signal)
		if (whole.aborted) return
		this.tellStrip()
	}
}
