/** What the app asks of whoever holds the logs, and what comes back. All of it is data; old answers are dropped. */
import type { Start } from '../../model/evidence/index.js'
import type { LogRow } from '../../model/log-line.js'
import type { LogRef, LogSpot } from '../../model/log-ref.js'

/** What of a log is shown. */
export interface LogFilter {
	/** Only lines that match; '' shows all. */
	only: string
	/** So many lines around each that matches. */
	context: number
	/** Without the lines that mean nothing. */
	quiet: boolean
	/** Lines that say the same are counted instead of repeated. */
	fold: boolean
	/** Epoch milliseconds. */
	since?: number
	until?: number
}

export const showAll: LogFilter = { only: '', context: 0, quiet: false, fold: false }

export type FindWhat = 'hit' | 'error' | 'warning' | 'start' | 'time' | 'first' | 'last' | 'line' | 'number'

export type LogWish =
	| { do: 'open'; ref: LogRef; spot: LogSpot; filter: LogFilter; follow: boolean }
	/** Places from `from` up to before `to`. */
	| { do: 'rows'; era: number; from: number; to: number }
	/** Another filter. `keep`: number of the line that the cursor is on. */
	| { do: 'filter'; era: number; filter: LogFilter; keep: number | undefined }
	/** Looks for `query` everywhere; with `from` it also tells the nearest hit. */
	| { do: 'search'; era: number; query: string; from?: number }
	| { do: 'find'; era: number; what: FindWhat; from: number; step: 1 | -1; at?: number }
	| { do: 'follow'; on: boolean }
	| { do: 'strip'; buckets: number }
	/** Forgets what is being looked for or waited for. */
	| { do: 'stop' }
	| { do: 'save'; path: string }
	| { do: 'pager' }

/** Where the places of the filtered log begin and end, and how many lines the log itself has. */
export interface LogSpan {
	era: number
	/** First place that is known. */
	low: number
	/** First place there is, once it is known. */
	begin?: number
	end: number
	/** Number of the log's first line, once it is known, and of the one after its last. */
	firstLine?: number
	endLine: number
	/** Time of the newest line, epoch milliseconds. */
	lastAt?: number
}

export interface StripBucket {
	/** Epoch milliseconds of its beginning. */
	at: number
	errors: number
	warnings: number
}

export interface Strip {
	from: number
	to: number
	buckets: readonly StripBucket[]
	/** All of the log has been looked at. */
	done: boolean
}

export type LogNews =
	/** `at`: where to put the cursor, a place. */
	| { is: 'opened'; title: string; live: boolean; span: LogSpan; at: number }
	| { is: 'failed'; why: string }
	| { is: 'span'; span: LogSpan }
	| { is: 'rows'; span: LogSpan; from: number; rows: readonly LogRow[] }
	/** Another filter holds; `at` is where the line is now that the cursor was on. */
	| { is: 'filtered'; span: LogSpan; at: number }
	/** `nearest`: nobody asked for it by a key; it is meant for who still stands at this place. */
	| { is: 'found'; span: LogSpan; what: FindWhat; step: 1 | -1; at: number | undefined; nearest?: number }
	| {
			is: 'hits'
			query: string
			kind: 'text' | 'pattern' | 'fuzzy' | 'all'
			count: number
			done: boolean
	  }
	/** Something takes long; '' when it is over. */
	| { is: 'busy'; words: string }
	| { is: 'strip'; strip: Strip }
	/** Starts of k3s since the node was examined; the first may go on with one that was known then. */
	| { is: 'starts'; starts: readonly Start[] }
	/** The log ended, or was cut: what is said about it. */
	| { is: 'ended'; words: string }

/** A log that can be opened, for the picker. */
export interface LogSource {
	group: string
	name: string
	ref: LogRef
	/** Size, age, state: a few words. */
	says?: string
	filter?: LogFilter
}
