/** One open log: its reader, what is shown of it, and what is looked for in it. Answers the app's wishes. */
import type { FindWhat, LogFilter, LogNews, LogWish } from '../../app/log/wishes.js'
import type { Growth, LogReader } from '../../host/logs/reader.js'
import type { YearHint } from '../../sources/journal/prefix.js'
import { nextIn } from './finding.js'
import { Hits } from './hits.js'
import { type Later, later, soon } from './later.js'
import { LaterStarts } from './later-starts.js'
import { Levels } from './levels.js'
import { tellEvery } from './pace.js'
import { numberAtTime } from './seek.js'
import { Shown } from './shown.js'
import { Sieve } from './sieve.js'
import { levelTags, startTest } from './tests.js'

/** What a screen and its surroundings need. */
const firstLines = 300

export class LogSession {
	readonly reader: LogReader
	readonly #hint: YearHint
	readonly #tell: (news: LogNews) => void
	/** What is shown of it. */
	readonly shown: Shown
	readonly #filter: LogFilter
	readonly #levels: Levels
	readonly #hits: Hits
	#starts: Sieve | undefined
	#laterStarts: LaterStarts | undefined
	#findWork = new AbortController()
	/** It was said that something is looked for. */
	#looking = false
	readonly #whole = new AbortController()
	#unfollow: (() => void) | undefined

	constructor(reader: LogReader, hint: YearHint, filter: LogFilter, tell: (news: LogNews) => void) {
		this.reader = reader
		this.#hint = hint
		this.#tell = tell
		this.#filter = filter
		this.shown = new Shown(reader, hint, () => tell({ is: 'span', span: this.shown.span() }))
		this.#levels = new Levels(reader, hint, tell)
		this.#hits = new Hits(reader, this.shown, tell)
	}

	/** Applies the first filter and goes to the spot; then the log is open. At once, where nothing has to be waited for. */
	async open(title: string, live: boolean, spot: { line?: number; at?: number }): Promise<void> {
		// Logs that are put together of others know nothing yet.
		const { reader } = this
		if (reader.begin === undefined && reader.low >= reader.end)
			await reader.reach(reader.end - firstLines, this.#whole.signal)
		const applied = this.shown.applied(this.#filter, 0)
		if (applied) await applied
		let at = this.shown.end - 1
		const { signal } = this.#whole
		if (spot.line !== undefined) {
			if (this.reader.begin === undefined) await this.reader.reach(Number.NEGATIVE_INFINITY, signal)
			at = this.shown.placeOf((this.reader.begin ?? this.reader.low) + spot.line - 1)
		} else if (spot.at !== undefined) {
			at = this.shown.placeOf(await numberAtTime(this.reader, spot.at, this.#hint, signal))
		}
		if (signal.aborted) return
		this.#tell({ is: 'opened', title, live, span: this.shown.span(), at })
		void this.#counted()
	}

	/** This is the journal of k3s itself, on a host that was examined then, or is still being examined. */
	watchStarts(examinedAt: number | undefined): void {
		this.#laterStarts = new LaterStarts(this.reader, this.#hint, starts =>
			this.#tell({ is: 'starts', starts }),
		)
		void this.#laterStarts.run(examinedAt, this.#whole.signal)
	}

	close(): void {
		this.#unfollow?.()
		this.shown.close()
		this.#hits.stop()
		for (const work of [this.#whole, this.#findWork]) work.abort()
		this.reader.close()
	}

	do(wish: Exclude<LogWish, { do: 'open' | 'save' | 'pager' }>): void {
		if ('era' in wish && wish.era !== this.shown.era && wish.do !== 'filter') return
		switch (wish.do) {
			case 'rows':
				void this.#rows(wish.from, wish.to)
				return
			case 'filter':
				void this.#refilter(wish.filter, wish.era, wish.keep)
				return
			case 'search':
				this.#hits.search(wish.query, wish.from)
				return
			case 'find':
				void this.#find(wish)
				return
			case 'follow':
				this.#follow(wish.on)
				// What came up to now is there.
				if (!wish.on) this.#heard('grown')
				return
			case 'strip':
				this.#levels.show(wish.buckets)
				return
			case 'stop':
				this.shown.stop()
				this.#hits.stop()
				this.#findWork.abort()
				this.#looking = false
				this.#tell({ is: 'busy', words: '' })
		}
	}

	async #rows(from: number, to: number): Promise<void> {
		const era = this.shown.era
		let rows = this.shown.at(from, to)
		if (!rows) {
			// What is not there at once: the index has to go further back, or the journal is asked again.
			const later = setTimeout(() => this.#tell({ is: 'busy', words: 'reading' }), tellEvery)
			await this.reader.reach(this.shown.numberOf(from), this.#whole.signal)
			await this.reader.load(this.shown.numberOf(from), this.shown.numberOf(to - 1) + 1)
			rows = this.shown.at(from, to)
			clearTimeout(later)
			this.#tell({ is: 'busy', words: '' })
		}
		if (rows && era === this.shown.era) {
			this.#tell({ is: 'rows', span: this.shown.span(), from: Math.max(from, this.shown.span().low), rows })
		}
	}

	async #refilter(filter: LogFilter, next: number, keep: number | undefined): Promise<void> {
		const applied = this.shown.applied(filter, next)
		if (applied) await applied
		if (this.shown.era !== next) return
		const shown = this.shown.sieve
		const number = keep ?? this.reader.end
		// As far as the cursor's own line: what is kept near it is what one wants to see.
		const until = performance.now() + 400
		while (shown && !shown.done && shown.low > number && performance.now() < until) {
			await soon()
		}
		if (this.shown.era === next)
			this.#tell({ is: 'filtered', span: this.shown.span(), at: this.shown.placeOf(number) })
	}

	#find({ what, from, step, at: time }: Extract<LogWish, { do: 'find' }>): void {
		this.#findWork.abort()
		const work = new AbortController()
		this.#findWork = work
		const answer = this.#found(what, from, step, time, work.signal)
		const looking = () => {
			this.#looking = true
			this.#tell({ is: 'busy', words: 'looking' })
		}
		const busy = answer instanceof Promise ? setTimeout(looking, tellEvery) : undefined
		later(answer, at => {
			clearTimeout(busy)
			if (work.signal.aborted) return
			if (this.#looking) this.#tell({ is: 'busy', words: '' })
			this.#looking = false
			this.#tell({ is: 'found', span: this.shown.span(), what, step, at })
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
		const number = this.shown.numberOf(from)
		if (what !== 'hit') this.#hits.leave()
		switch (what) {
			case 'last': {
				// Who goes there wants to see what comes, also where following was off.
				if (!this.#unfollow) this.#follow(true)
				const { end } = reader
				const last = () => {
					if (reader.end !== end) this.#grown()
					return this.shown.end - 1
				}
				return reader.refresh ? reader.refresh().then(last) : this.shown.end - 1
			}
			case 'first': {
				const { begin } = this.shown.span()
				return begin ?? this.#first(signal)
			}
			case 'time':
				return numberAtTime(reader, time, this.#hint, signal).then(found => this.shown.placeOf(found))
			case 'line': {
				const placed = () => this.shown.placeOf((reader.begin ?? 0) + time - 1)
				return reader.begin === undefined
					? reader.reach(Number.NEGATIVE_INFINITY, signal).then(placed)
					: placed()
			}
			case 'number':
				return this.shown.placeOf(time)
			case 'hit':
				return this.#hits.next(number, step, signal)
			case 'start': {
				if (!this.#starts) {
					this.#starts = new Sieve(reader, { test: startTest })
					void this.#starts.run(this.#whole.signal)
				}
				return nextIn(this.shown, this.#starts, number, step, signal)
			}
			default: {
				const tag = levelTags[what]
				return nextIn(this.shown, this.#levels.sieve, number, step, signal, kept => (kept & 3) === tag)
			}
		}
	}

	async #first(signal: AbortSignal): Promise<number | undefined> {
		await this.shown.toBegin(signal)
		return this.shown.span().begin
	}

	async #counted(): Promise<void> {
		await this.#levels.count(this.#whole.signal)
		if (!this.#whole.signal.aborted) this.#tell({ is: 'span', span: this.shown.span() })
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
			this.#tell({ is: 'span', span: this.shown.span() })
			return
		}
		this.#follow(false)
		this.#tell({
			is: 'ended',
			words: news === 'cut' ? 'The file was cut short: open it again to read on.' : 'The log ended.',
		})
	}

	#grown(): void {
		this.shown.grow()
		this.#levels.grow()
		this.#starts?.grow()
		this.#laterStarts?.grow()
		this.#hits.grow()
	}
}
