/** What is shown of a log: all of it, or what a filter and times leave, each line at a place of its own. */
import type { LogFilter, LogSpan } from '../../app/log/wishes.js'
import { type LogReader, pause } from '../../host/logs/reader.js'
import type { LogRow, RawLine } from '../../model/log-line.js'
import type { YearHint } from '../../sources/journal/prefix.js'
import { Entries } from './entries.js'
import { soon } from './later.js'
import { pace } from './pace.js'
import { numberAtTime } from './seek.js'
import { Sieve } from './sieve.js'
import { testOfView } from './tests.js'

/** A line as it is saved. */
export type ShownLine = RawLine & { readonly times?: number }

/** Lines that are handed out together. */
const atOnce = 500

export class Shown {
	readonly reader: LogReader
	readonly #hint: YearHint
	readonly #tell: () => void
	readonly #entries: Entries
	#era = 0
	#shown: Sieve | undefined
	#bounds: { from?: number; to?: number } = {}
	#work = new AbortController()
	#over = false
	readonly #pace = pace()

	/** `tell` is called when the span has changed. */
	constructor(reader: LogReader, hint: YearHint, tell: () => void) {
		this.reader = reader
		this.#hint = hint
		this.#tell = tell
		this.#entries = new Entries(reader, hint)
	}

	get era(): number {
		return this.#era
	}

	/** What keeps the lines, where not all are shown. */
	get sieve(): Sieve | undefined {
		return this.#shown
	}

	/** Lines were added. */
	grow(): void {
		this.#entries.forget(this.reader.end - 1)
		this.#shown?.grow()
	}

	/** No further line is looked for. */
	stop(): void {
		this.#work.abort()
	}

	close(): void {
		this.#over = true
		this.stop()
	}

	/** Goes back to the first line that is shown. */
	async toBegin(signal: AbortSignal): Promise<void> {
		const shown = this.#shown
		if (shown) while (!shown.done && !signal.aborted) await soon()
		else await this.reader.reach(this.#bounds.from ?? Number.NEGATIVE_INFINITY, signal)
	}

	span(): LogSpan {
		const { reader } = this
		const lastAt = this.#lastAt()
		const lines = {
			endLine: reader.end,
			...(reader.begin !== undefined && { firstLine: reader.begin }),
			...(lastAt !== undefined && { lastAt }),
		}
		const shown = this.#shown
		if (shown) {
			return {
				era: this.#era,
				low: shown.first,
				end: shown.end,
				...(shown.done && { begin: shown.first }),
				...lines,
			}
		}
		const begin = this.#bounds.from ?? reader.begin
		return {
			era: this.#era,
			low: Math.max(reader.low, this.#bounds.from ?? reader.low),
			end: this.end,
			...(begin !== undefined && { begin: Math.min(begin, this.end) }),
			...lines,
		}
	}

	#lastAt(): number | undefined {
		const { end, low } = this.reader
		for (let number = end - 1; number >= Math.max(low, end - 20); number -= 1) {
			const at = this.#entries.one(number)?.at
			if (at !== undefined) return at
		}
		return undefined
	}

	get end(): number {
		return this.#shown?.end ?? Math.min(this.reader.end, this.#bounds.to ?? this.reader.end)
	}

	/** The place of the line `number`, or of the next one that is shown. */
	placeOf(number: number): number {
		const place = this.#shown ? this.#shown.placeOf(number) : number
		return Math.max(this.span().begin ?? place, Math.min(place, this.end - 1))
	}

	numberOf(place: number): number {
		return this.#shown ? this.#shown.number(place) : place
	}

	/** Rows that can be read at once. */
	at(from: number, to: number): LogRow[] | undefined {
		const shown = this.#shown
		const first = Math.max(from, shown ? shown.first : (this.span().begin ?? from))
		const last = Math.min(to, this.end)
		if (!shown) return this.#entries.range(first, last)
		const rows: LogRow[] = []
		for (let place = first; place < last; place += 1) {
			const row = this.#entries.one(shown.number(place))
			if (!row) return undefined
			const times = shown.times(place)
			rows.push(times > 1 ? { ...row, times } : row)
		}
		return rows
	}

	/** Any rows that are at hand, to see how a query is meant. */
	sample(): string[] {
		const { end, low } = this.reader
		return (this.reader.read(Math.max(low, end - 300), end) ?? []).map(({ text }) => text)
	}

	/** Makes another filter hold. What has to be waited for, if anything. */
	applied(filter: LogFilter, era: number): Promise<void> | undefined {
		this.#work.abort()
		const work = new AbortController()
		this.#work = work
		this.#era = era
		this.#bounds = {}
		const { since, until } = filter
		if (since === undefined && until === undefined) return this.#sieved(filter, work.signal)
		return this.#bounded(since, until, work.signal).then(() =>
			work.signal.aborted ? undefined : this.#sieved(filter, work.signal),
		)
	}

	async #bounded(since: number | undefined, until: number | undefined, signal: AbortSignal): Promise<void> {
		const at = (time: number) => numberAtTime(this.reader, time, this.#hint, signal)
		const from = since === undefined ? undefined : await at(since)
		const to = until === undefined ? undefined : await at(until)
		if (!signal.aborted)
			this.#bounds = { ...(from !== undefined && { from }), ...(to !== undefined && { to }) }
	}

	#sieved(filter: LogFilter, signal: AbortSignal): Promise<void> | undefined {
		const test = testOfView(filter, this.sample())
		if (!test) {
			this.#shown = undefined
			return undefined
		}
		const { promise: enough, resolve } = Promise.withResolvers<void>()
		const begun = performance.now()
		// A screenful is enough to begin with, or as much as came in a moment.
		const isEnough = () => shown.done || shown.length > 120 || performance.now() - begun > 50
		const shown = new Sieve(this.reader, {
			test,
			context: filter.only === '' ? 0 : filter.context,
			fold: filter.fold,
			...this.#bounds,
			progress: () => {
				if (isEnough()) resolve()
				if (this.#pace.isTime()) this.#tell()
			},
		})
		this.#shown = shown
		this.#pace.restart()
		void shown.run(signal).then(() => {
			resolve()
			if (this.#shown === shown && !this.#over) this.#tell()
		})
		return isEnough() ? undefined : enough
	}

	near(place: number): string[] {
		return (this.at(place - 100, place + 100) ?? []).map(({ text }) => text)
	}

	/** The place of exactly this line; `undefined` when it is not shown. */
	shownPlace(number: number): number | undefined {
		const { from, to } = this.#bounds
		if (!this.#shown) {
			return (from !== undefined && number < from) || (to !== undefined && number >= to) ? undefined : number
		}
		const place = this.#shown.placeOf(number)
		return place < this.#shown.end && this.#shown.number(place) === number ? place : undefined
	}

	/** The whole of what is shown, in pieces, oldest first. */
	async *lines(signal: AbortSignal): AsyncGenerator<readonly ShownLine[], void, undefined> {
		const { reader } = this
		await this.toBegin(signal)
		const { begin, low, end } = this.span()
		for (let from = begin ?? low; from < end && !signal.aborted; from += atOnce) {
			const to = Math.min(end, from + atOnce)
			let lines = this.#lines(from, to)
			if (!lines) {
				await reader.load(this.numberOf(from), this.numberOf(to - 1) + 1)
				lines = this.#lines(from, to) ?? []
			}
			yield lines
			await pause()
		}
	}

	#lines(from: number, to: number): ShownLine[] | undefined {
		const shown = this.#shown
		if (!shown) return this.reader.read(from, to)
		const lines: ShownLine[] = []
		for (let place = from; place < to; place += 1) {
			const number = shown.number(place)
			const [line] = this.reader.read(number, number + 1) ?? []
			if (!line) return undefined
			const times = shown.times(place)
			lines.push(times > 1 ? { ...line, times } : line)
		}
		return lines
	}
}
