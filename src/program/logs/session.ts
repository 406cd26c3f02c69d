/** One open log: its reader, what is shown of it, and what is looked for in it. Answers the app's wishes. */
import type { FindWhat, LogFilter, LogNews, LogSpan, LogWish } from '../../app/log/wishes.js'
import { type Growth, type LogReader, pause } from '../../host/logs/reader.js'
import type { LogRow, RawLine } from '../../model/log-line.js'
import type { YearHint } from '../../sources/journal/prefix.js'
import { Entries } from './entries.js'
import { numberAtTime } from './seek.js'
import { Sieve } from './sieve.js'
import { stripOf } from './strip.js'
import { levelTags, levelTest, startTest, testOfQuery, testOfView } from './tests.js'

/** Milliseconds between two words about work that goes on. */
const tellEvery = 80
const stripEvery = 500
/** What a screen and its surroundings need. */
const firstLines = 300
/** Lines of a log that has no quick way to be looked through: errors are counted in so many of the newest. */
const mostSlow = 100_000

/** An answer that may have to be waited for; where it need not be, the screen is painted once, with it. */
type Later<T> = T | Promise<T>

function later<T, U>(value: Later<T>, next: (value: T) => Later<U>): Later<U> {
	return value instanceof Promise ? value.then(next) : next(value)
}

/** A line as it is saved. */
export type ShownLine = RawLine & { readonly times?: number }

/** Lines that are handed out together. */
const atOnce = 500

const waiting = Symbol('waiting')
const soon = () => new Promise<void>(resolve => setTimeout(resolve, 5))

export class LogSession {
	readonly reader: LogReader
	readonly #hint: YearHint
	readonly #tell: (news: LogNews) => void
	readonly #entries: Entries
	#filter: LogFilter
	#era = 0
	#shown: Sieve | undefined
	#bounds: { from?: number; to?: number } = {}
	#hits: Sieve | undefined
	#query = ''
	readonly #levels: Sieve
	#starts: Sieve | undefined
	#viewWork = new AbortController()
	#hitWork = new AbortController()
	#findWork = new AbortController()
	readonly #whole = new AbortController()
	#unfollow: (() => void) | undefined
	#told = 0
	/** Columns of the histogram; 0 when nobody looks at it. */
	#buckets = 0
	#strippedAt = 0

	constructor(reader: LogReader, hint: YearHint, filter: LogFilter, tell: (news: LogNews) => void) {
		this.reader = reader
		this.#hint = hint
		this.#tell = tell
		this.#filter = filter
		this.#entries = new Entries(reader, hint)
		this.#levels = new Sieve(reader, {
			test: levelTest(hint),
			slice: 2,
			progress: () => this.#stripNow(stripEvery),
		})
	}

	/** Applies the first filter and goes to the spot; then the log is open. At once, where nothing has to be waited for. */
	async open(title: string, live: boolean, spot: { line?: number; at?: number }): Promise<void> {
		// Logs that are put together of others know nothing yet.
		const { reader } = this
		if (reader.begin === undefined && reader.low >= reader.end)
			await reader.reach(reader.end - firstLines, this.#whole.signal)
		const applied = this.#applied(this.#filter, 0)
		if (applied) await applied
		let at = this.#end - 1
		const { signal } = this.#whole
		if (spot.line !== undefined) {
			if (this.reader.begin === undefined) await this.reader.reach(Number.NEGATIVE_INFINITY, signal)
			at = this.#placeOf((this.reader.begin ?? this.reader.low) + spot.line - 1)
		} else if (spot.at !== undefined) {
			at = this.#placeOf(await numberAtTime(this.reader, spot.at, this.#hint, signal))
		}
		if (signal.aborted) return
		this.#tell({ is: 'opened', title, live, span: this.span(), at })
		void this.#countLevels()
	}

	close(): void {
		this.#unfollow?.()
		for (const work of [this.#whole, this.#viewWork, this.#hitWork, this.#findWork]) work.abort()
		this.reader.close()
	}

	get filter(): LogFilter {
		return this.#filter
	}

	do(wish: Exclude<LogWish, { do: 'open' | 'save' | 'pager' }>): void {
		if ('era' in wish && wish.era !== this.#era && wish.do !== 'filter') return
		switch (wish.do) {
			case 'rows':
				void this.#rows(wish.from, wish.to)
				return
			case 'filter':
				void this.#refilter(wish.filter, wish.era, wish.keep)
				return
			case 'search':
				this.#search(wish.query, wish.from)
				return
			case 'find':
				void this.#find(wish)
				return
			case 'follow':
				this.#follow(wish.on)
				return
			case 'strip':
				this.#buckets = wish.buckets
				this.#tellStrip()
				return
			case 'stop':
				for (const work of [this.#viewWork, this.#hitWork, this.#findWork]) work.abort()
				this.#tell({ is: 'busy', words: '' })
		}
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
			end: this.#end,
			...(begin !== undefined && { begin: Math.min(begin, this.#end) }),
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

	#tellStrip(): void {
		if (this.#buckets === 0) return
		this.#strippedAt = performance.now()
		this.#tell({ is: 'strip', strip: stripOf(this.#levels, this.#buckets) })
	}

	#stripNow(after: number): void {
		if (this.#buckets > 0 && performance.now() - this.#strippedAt > after) this.#tellStrip()
	}

	get #end(): number {
		return this.#shown?.end ?? Math.min(this.reader.end, this.#bounds.to ?? this.reader.end)
	}

	/** The place of the line `number`, or of the next one that is shown. */
	#placeOf(number: number): number {
		const place = this.#shown ? this.#shown.placeOf(number) : number
		return Math.max(this.span().begin ?? place, Math.min(place, this.#end - 1))
	}

	#numberOf(place: number): number {
		return this.#shown ? this.#shown.number(place) : place
	}

	async #rows(from: number, to: number): Promise<void> {
		const era = this.#era
		let rows = this.#at(from, to)
		if (!rows) {
			// What is not there at once: the index has to go further back, or the journal is asked again.
			const later = setTimeout(() => this.#tell({ is: 'busy', words: 'reading' }), tellEvery)
			await this.reader.reach(this.#numberOf(from), this.#whole.signal)
			await this.reader.load(this.#numberOf(from), this.#numberOf(to - 1) + 1)
			rows = this.#at(from, to)
			clearTimeout(later)
			this.#tell({ is: 'busy', words: '' })
		}
		if (rows && era === this.#era) {
			this.#tell({ is: 'rows', span: this.span(), from: Math.max(from, this.span().low), rows })
		}
	}

	/** Rows that can be read at once. */
	#at(from: number, to: number): LogRow[] | undefined {
		const shown = this.#shown
		const first = Math.max(from, shown ? shown.first : (this.span().begin ?? from))
		const last = Math.min(to, this.#end)
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
	#sample(): string[] {
		const { end, low } = this.reader
		return (this.reader.read(Math.max(low, end - 300), end) ?? []).map(({ text }) => text)
	}

	/** Makes another filter hold. What has to be waited for, if anything. */
	#applied(filter: LogFilter, era: number): Promise<void> | undefined {
		this.#viewWork.abort()
		const work = new AbortController()
		this.#viewWork = work
		this.#era = era
		this.#filter = filter
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
		const test = testOfView(filter, this.#sample())
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
				this.#progress(() => ({ is: 'span', span: this.span() }))
			},
		})
		this.#shown = shown
		this.#told = performance.now()
		void shown.run(signal).then(() => {
			resolve()
			if (this.#shown === shown && !this.#whole.signal.aborted) this.#tell({ is: 'span', span: this.span() })
		})
		return isEnough() ? undefined : enough
	}

	async #refilter(filter: LogFilter, next: number, keep: number | undefined): Promise<void> {
		const applied = this.#applied(filter, next)
		if (applied) await applied
		if (this.#era !== next) return
		const shown = this.#shown
		const number = keep ?? this.reader.end
		// As far as the cursor's own line: what is kept near it is what one wants to see.
		const until = performance.now() + 400
		while (shown && !shown.done && shown.low > number && performance.now() < until) {
			await soon()
		}
		if (this.#era === next) this.#tell({ is: 'filtered', span: this.span(), at: this.#placeOf(number) })
	}

	#progress(news: () => LogNews): void {
		const now = performance.now()
		if (now - this.#told < tellEvery) return
		this.#told = now
		this.#tell(news())
	}

	#search(query: string, from: number | undefined): void {
		this.#hitWork.abort()
		const work = new AbortController()
		this.#hitWork = work
		this.#query = query
		this.#hits = undefined
		if (query === '') return
		const sample = from === undefined ? this.#sample() : [...this.#sample(), ...this.#near(from)]
		const { test, matcher } = testOfQuery(query, sample)
		const news = (): LogNews => ({
			is: 'hits',
			query,
			kind: matcher.kind,
			count: hits.passed,
			done: hits.done,
		})
		const hits = new Sieve(this.reader, { test, progress: () => this.#progress(news) })
		this.#hits = hits
		void hits.run(work.signal).then(() => {
			if (!work.signal.aborted) this.#tell(news())
		})
		this.#tell(news())
		if (from !== undefined) this.#nearest(hits, this.#numberOf(from), work.signal)
	}

	#near(place: number): string[] {
		return (this.#at(place - 100, place + 100) ?? []).map(({ text }) => text)
	}

	/** While a search is typed: its first hit from the cursor on, else the last one before it. */
	#nearest(hits: Sieve, number: number, signal: AbortSignal): void {
		const answer = later(this.#next(hits, number - 1, 1, signal), below =>
			below === undefined ? this.#next(hits, number, -1, signal) : below,
		)
		later(answer, at => {
			if (!signal.aborted) this.#tell({ is: 'found', span: this.span(), what: 'hit', step: 1, at })
		})
	}

	/** The next shown place after the line `number` among what a sieve keeps. Waits for the sieve to come that far. */
	#next(
		sieve: Sieve,
		number: number,
		step: 1 | -1,
		signal: AbortSignal,
		counts: (tag: number) => boolean = () => true,
	): Later<number | undefined> {
		const now = this.#nextNow(sieve, number, step, counts)
		return now === waiting ? this.#nextSoon(sieve, number, step, signal, counts) : now
	}

	#nextNow(
		sieve: Sieve,
		number: number,
		step: 1 | -1,
		counts: (tag: number) => boolean,
	): number | undefined | typeof waiting {
		if (step === 1 && sieve.low > number + 1 && !sieve.done) return waiting
		const first = sieve.placeOf(step === 1 ? number + 1 : number)
		for (let at = step === 1 ? first : first - 1; at >= sieve.first && at < sieve.end; at += step) {
			if (!counts(sieve.tag(at))) continue
			const place = this.#shownPlace(sieve.number(at))
			if (place !== undefined) return place
		}
		return sieve.done || step === 1 ? undefined : waiting
	}

	async #nextSoon(
		sieve: Sieve,
		number: number,
		step: 1 | -1,
		signal: AbortSignal,
		counts: (tag: number) => boolean,
	): Promise<number | undefined> {
		while (!signal.aborted) {
			if (!sieve.running) void sieve.run(signal)
			await soon()
			const now = this.#nextNow(sieve, number, step, counts)
			if (now !== waiting) return now
		}
		return undefined
	}

	/** The place of exactly this line; `undefined` when it is not shown. */
	#shownPlace(number: number): number | undefined {
		const { from, to } = this.#bounds
		if (!this.#shown) {
			return (from !== undefined && number < from) || (to !== undefined && number >= to) ? undefined : number
		}
		const place = this.#shown.placeOf(number)
		return place < this.#shown.end && this.#shown.number(place) === number ? place : undefined
	}

	#find({ what, from, step, at: time }: Extract<LogWish, { do: 'find' }>): void {
		this.#findWork.abort()
		const work = new AbortController()
		this.#findWork = work
		const answer = this.#found(what, from, step, time, work.signal)
		const slow = answer instanceof Promise
		const busy = slow ? setTimeout(() => this.#tell({ is: 'busy', words: 'looking' }), tellEvery) : undefined
		later(answer, at => {
			clearTimeout(busy)
			if (work.signal.aborted) return
			if (slow) this.#tell({ is: 'busy', words: '' })
			this.#tell({ is: 'found', span: this.span(), what, step, at })
		})
	}

	#found(
		what: FindWhat,
		from: number,
		step: 1 | -1,
		time = 0,
		signal: AbortSignal,
	): Later<number | undefined> {
		const { reader } = this
		const number = this.#numberOf(from)
		switch (what) {
			case 'last': {
				const last = () => {
					this.#grown()
					return this.#end - 1
				}
				return reader.refresh ? reader.refresh().then(last) : this.#end - 1
			}
			case 'first': {
				const { begin } = this.span()
				return begin ?? this.#first(signal)
			}
			case 'time':
				return numberAtTime(reader, time, this.#hint, signal).then(found => this.#placeOf(found))
			case 'line': {
				const placed = () => this.#placeOf((reader.begin ?? 0) + time - 1)
				return reader.begin === undefined
					? reader.reach(Number.NEGATIVE_INFINITY, signal).then(placed)
					: placed()
			}
			case 'number':
				return this.#placeOf(time)
			case 'hit':
				return this.#hits ? this.#next(this.#hits, number, step, signal) : undefined
			case 'start': {
				if (!this.#starts) {
					this.#starts = new Sieve(reader, { test: startTest })
					void this.#starts.run(this.#whole.signal)
				}
				return this.#next(this.#starts, number, step, signal)
			}
			default: {
				const tag = levelTags[what]
				return this.#next(this.#levels, number, step, signal, kept => (kept & 3) === tag)
			}
		}
	}

	async #first(signal: AbortSignal): Promise<number | undefined> {
		const shown = this.#shown
		if (shown) while (!shown.done && !signal.aborted) await soon()
		else await this.reader.reach(this.#bounds.from ?? Number.NEGATIVE_INFINITY, signal)
		return this.span().begin
	}

	async #countLevels(): Promise<void> {
		const limit = new AbortController()
		const signal = AbortSignal.any([this.#whole.signal, limit.signal])
		if (!this.reader.sift && this.reader.begin === undefined) {
			const most = this.reader.end - mostSlow
			const watch = setInterval(() => {
				if (this.#levels.low < most) limit.abort()
			}, 50)
			watch.unref()
			await this.#levels.run(signal)
			clearInterval(watch)
		} else await this.#levels.run(signal)
		if (this.#whole.signal.aborted) return
		this.#tellStrip()
		this.#tell({ is: 'span', span: this.span() })
	}

	#follow(on: boolean): void {
		this.#unfollow?.()
		this.#unfollow = undefined
		if (!on || !this.reader.follow) return
		this.#unfollow = this.reader.follow(news => this.#heard(news))
	}

	#heard(news: Growth): void {
		if (news === 'same' || news === 'renamed') return
		if (news === 'grown') {
			this.#grown()
			this.#tell({ is: 'span', span: this.span() })
			return
		}
		this.#follow(false)
		this.#tell({
			is: 'ended',
			words: news === 'cut' ? 'The file was cut short: open it again to read on.' : 'The log ended.',
		})
	}

	#grown(): void {
		this.#entries.forget(this.reader.end - 1)
		for (const sieve of [this.#shown, this.#hits, this.#levels, this.#starts]) sieve?.grow()
		this.#stripNow(2 * stripEvery)
		if (this.#hits && this.#query !== '') {
			const { passed, done } = this.#hits
			this.#tell({ is: 'hits', query: this.#query, kind: 'all', count: passed, done })
		}
	}

	/** The whole of what is shown, in pieces, oldest first. */
	async *shown(signal: AbortSignal): AsyncGenerator<readonly ShownLine[], void, undefined> {
		const { reader } = this
		const shown = this.#shown
		if (shown) while (!shown.done && !signal.aborted) await soon()
		else await reader.reach(this.#bounds.from ?? Number.NEGATIVE_INFINITY, signal)
		const { begin, low, end } = this.span()
		for (let from = begin ?? low; from < end && !signal.aborted; from += atOnce) {
			const to = Math.min(end, from + atOnce)
			let lines = this.#lines(from, to)
			if (!lines) {
				await reader.load(this.#numberOf(from), this.#numberOf(to - 1) + 1)
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
