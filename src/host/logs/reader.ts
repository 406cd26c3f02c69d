/** What can be read backwards: a file, a packed file, the journal, a text in memory. */
import type { RawLine } from '../../model/log-line.js'

/** What lines are looked for. */
export interface Test {
	/** 0: it does not pass. Any other whole number of 32 bits is kept with the line and means what the asker likes. */
	line(text: string): number
	/** Quick means that only lines in which one of these stands can pass; each such line is still asked. */
	bytes?: Buffer
	/** The same as a pattern with the flag `g`, for text in latin1. */
	near?: RegExp
	/** `near` or `bytes` alone decide: the line need not be asked, and 1 is kept with it. */
	sure?: boolean
}

export interface Sifted {
	/** Numbers of lines that pass, the newest first, and what was kept with each. */
	kept: readonly number[]
	tags: readonly number[]
	/** All lines from this number on have been looked at. */
	low: number
}

export interface LogReader {
	/** Lowest number that can be read without waiting. */
	readonly low: number
	/** Number of the first line, once it is known. */
	readonly begin: number | undefined
	/** One more than the number of the last line. */
	readonly end: number
	/** Lines from `from` up to before `to`, as far as they exist; `undefined` when `reach` has to come first. */
	read(from: number, to: number): RawLine[] | undefined
	/** Goes back until line `low` can be read, or the beginning is there. Yields to others every few milliseconds. */
	reach(low: number, signal: AbortSignal): Promise<void>
	/** Brings lines back to hand that were let go. */
	load(from: number, to: number): Promise<void>
	/** Looks at lines before `before`, for about so many milliseconds; `undefined` when `reach` has to come first. */
	sift?(test: Test, before: number, ms: number): Sifted | undefined
	/** Tells when lines were added, not more often than ten times a second. Returns what ends it. */
	follow?(grown: (news: Growth) => void): () => void
	/** Looks once whether it has grown. */
	refresh?(): Promise<void>
	close(): void
}

/** `same`: nothing that counts. `cut`: what was there is gone, the log must be opened anew. `renamed`: a new file stands in its place. */
export type Growth = 'same' | 'grown' | 'cut' | 'renamed' | 'ended'

/** Of longer lines only so many bytes are taken. */
export const longestLine = 64 * 1024

export const pause = () => new Promise<void>(resolve => setImmediate(resolve))
