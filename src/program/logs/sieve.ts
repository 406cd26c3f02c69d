/**
 * The lines of a log that pass a test, found from its end on while others go on working. What was kept has places of
 * its own: -1 is the newest line that passed when the sieve was made, 0 the first that came later.
 */
import { type LogReader, pause, type Sifted, type Test } from '../../host/logs/reader.js'
import { Growing } from './growing.js'

export interface SieveOptions {
	test: Test
	/** Lines above and below each that passes are kept, too. */
	context?: number
	/** Lines with the same tag as one of the last few are counted there instead of being kept. */
	fold?: boolean
	/** Only lines from `from` up to before `to`. */
	from?: number
	to?: number
	/** Milliseconds without a pause for others. */
	slice?: number
	/** Told after each slice. */
	progress?: () => void
}

/** Among so many lines above is looked for one that says the same. */
const foldReach = 6
const readAtOnce = 200

export class Sieve {
	readonly #reader: LogReader
	readonly #options: SieveOptions
	readonly #back = new Growing()
	readonly #backTags = new Growing()
	readonly #backTimes = new Growing()
	readonly #front = new Growing()
	readonly #frontTags = new Growing()
	readonly #frontTimes = new Growing()
	/** All lines from `low` up to before `high` have been looked at. */
	low: number
	high: number
	done = false
	running = false
	/** Lines that passed themselves. */
	passed = 0

	constructor(reader: LogReader, options: SieveOptions) {
		this.#reader = reader
		this.#options = options
		this.low = Math.min(reader.end, options.to ?? reader.end)
		this.high = this.low
	}

	/** First place and the one after the last. */
	get first(): number {
		return -this.#back.length
	}

	get end(): number {
		return this.#front.length
	}

	get length(): number {
		return this.#back.length + this.#front.length
	}

	/** Number of the line at a place. */
	number(place: number): number {
		return place < 0 ? this.#back.at(-place - 1) : this.#front.at(place)
	}

	tag(place: number): number {
		return place < 0 ? this.#backTags.at(-place - 1) : this.#frontTags.at(place)
	}

	/** How many lines the one at a place stands for. */
	times(place: number): number {
		if (!this.#options.fold) return 1
		return place < 0 ? this.#backTimes.at(-place - 1) : this.#frontTimes.at(place)
	}

	/** The first place whose line is `number` or later. */
	placeOf(number: number): number {
		let low = this.first
		let high = this.end
		while (low < high) {
			const middle = (low + high) >> 1
			if (this.number(middle) < number) low = middle + 1
			else high = middle
		}
		return low
	}

	/** Goes on to the beginning. What can be had in one slice is there when this returns. */
	async run(signal: AbortSignal): Promise<void> {
		if (this.running) return
		this.running = true
		const { slice = 4, progress } = this.#options
		try {
			while (!this.done && !signal.aborted) {
				if (!this.#stepNow(slice)) await this.#step(slice, signal)
				progress?.()
				if (!this.done) await pause()
			}
		} finally {
			this.running = false
		}
	}

	/** Goes back for some milliseconds, if that needs no waiting. */
	#stepNow(ms: number): boolean {
		const reader = this.#reader
		const stop = this.#options.from
		if (this.#atBegin(stop)) return true
		if (this.low <= reader.low || !reader.sift) return false
		const sifted = reader.sift(this.#options.test, this.low, ms)
		if (!sifted) return false
		this.#take(sifted, stop)
		this.#atBegin(stop)
		return true
	}

	async #step(ms: number, signal: AbortSignal): Promise<void> {
		const reader = this.#reader
		if (this.low <= reader.low) await reader.reach(this.low - 2_000, signal)
		if (reader.sift || this.#atBegin(this.#options.from)) return
		const sifted = await this.#reading(this.#options.test, ms)
		if (sifted) this.#take(sifted, this.#options.from)
		this.#atBegin(this.#options.from)
	}

	#atBegin(stop: number | undefined): boolean {
		const begin = this.#reader.begin
		if ((begin !== undefined && this.low <= begin) || (stop !== undefined && this.low <= stop))
			this.done = true
		return this.done
	}

	async #reading(test: Test, ms: number): Promise<Sifted | undefined> {
		const until = performance.now() + ms
		const kept: number[] = []
		const tags: number[] = []
		let { low } = this
		while (performance.now() < until && low > this.#reader.low) {
			const from = Math.max(this.#reader.low, low - readAtOnce)
			let lines = this.#reader.read(from, low)
			if (!lines) {
				await this.#reader.load(from, low)
				lines = this.#reader.read(from, low)
			}
			if (!lines) break
			for (const line of lines.toReversed()) {
				const tag = test.line(line.text)
				if (tag === 0) continue
				kept.push(line.number)
				tags.push(tag)
			}
			low = from
		}
		return { kept, tags, low }
	}

	#take({ kept, tags, low }: Sifted, stop: number | undefined): void {
		for (const [index, number] of kept.entries()) {
			if (stop !== undefined && number < stop) break
			this.#keep(number, tags[index] ?? 1)
		}
		this.low = stop === undefined ? low : Math.max(stop, low)
	}

	#keep(number: number, tag: number): void {
		this.passed += 1
		const { context = 0, fold = false } = this.#options
		if (fold) {
			const from = Math.max(0, this.#back.length - foldReach)
			for (let at = this.#back.length - 1; at >= from; at -= 1) {
				if (this.#backTags.at(at) !== tag) continue
				this.#backTimes.set(at, this.#backTimes.at(at) + 1)
				return
			}
		}
		const above = this.#back.length > 0 ? this.#back.at(this.#back.length - 1) : this.high
		const bottom = Math.max(number - context, this.#reader.begin ?? number - context)
		for (let line = Math.min(number + context, above - 1); line >= bottom; line -= 1) {
			this.#back.push(line)
			this.#backTags.push(line === number ? tag : 0)
			if (fold) this.#backTimes.push(1)
		}
	}

	/** Looks at what came since. Whether something of it passed. */
	grow(): boolean {
		const { test, to, fold = false, context = 0 } = this.#options
		if (to !== undefined) return false
		const before = this.#front.length
		let counted = false
		for (let from = this.high; from < this.#reader.end; from += readAtOnce) {
			const lines = this.#reader.read(from, Math.min(this.#reader.end, from + readAtOnce)) ?? []
			for (const line of lines) {
				const tag = test.line(line.text)
				if (tag === 0) continue
				this.passed += 1
				if (fold && this.#countedInFront(tag)) {
					counted = true
					continue
				}
				const last = this.end > this.first ? this.number(this.end - 1) : line.number - context - 1
				for (let number = Math.max(last + 1, line.number - context); number <= line.number; number += 1) {
					this.#front.push(number)
					this.#frontTags.push(number === line.number ? tag : 0)
					if (fold) this.#frontTimes.push(1)
				}
			}
		}
		this.high = this.#reader.end
		return counted || this.#front.length > before
	}

	#countedInFront(tag: number): boolean {
		const from = Math.max(0, this.#front.length - foldReach)
		for (let at = this.#front.length - 1; at >= from; at -= 1) {
			if (this.#frontTags.at(at) !== tag) continue
			this.#frontTimes.set(at, this.#frontTimes.at(at) + 1)
			return true
		}
		return false
	}
}
