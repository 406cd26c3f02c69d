/** Lines of a log as they travel from whoever reads it to the screen. */
import type { Level } from './evidence/index.js'

/**
 * A line as it stands in its log. Lines have whole numbers that follow each other: 0 is what came first after the log
 * was opened, -1 the last line before that. So the end can be read before anybody knows how long the log is.
 */
export interface RawLine {
	readonly number: number
	/** Without its line end; of a very long line only the beginning. */
	readonly text: string
	/** Bytes of the whole line, where `text` is only its beginning. */
	readonly bytes?: number
	/** Epoch milliseconds, where the log tells it beside the line. */
	readonly at?: number
	/** syslog's priority, 0 (emergency) to 7 (debug), where the log tells it beside the line. */
	readonly priority?: number
}

/** A line that was read into its parts, once. */
export interface LogRow extends RawLine {
	readonly level: Level
	/** Who spoke: a program, a source file of Kubernetes; '' when it does not say. */
	readonly who: string
	/** What was said, without time, severity and speaker. */
	readonly says: string
	/** `key=value …` that go with it, as written; '' when there are none. */
	readonly fields: string
	/** Where in `text` the words of the program begin, after the journal's or the container runtime's own. */
	readonly bodyAt: number
	/** It belongs to the line above: a stack trace, a text of several lines. */
	readonly continues: boolean
	/** So many lines that say the same are folded into this one, itself included. */
	readonly times?: number
	/** Which of several merged logs it is from, counted from 0. */
	readonly of?: number
}
