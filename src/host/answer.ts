/** How answers of the hands are made. Times in milliseconds. */
import type { WhyNot } from '../model/bundle.js'
import type { Answer, CommandResult, Unavailable } from './host.js'

/** Milliseconds since `started`, a value of `performance.now()`. */
export function since(started: number): number {
	return Math.round(performance.now() - started)
}

export function answered<T>(value: T, started: number): Answer<T> {
	return { ok: true, value, ms: since(started) }
}

export function unanswered(
	why: WhyNot,
	detail: string,
	asked: string,
	started: number,
	partial?: CommandResult,
): Answer<never> {
	const unavailable: Unavailable = { why, detail, asked }
	if (partial) unavailable.partial = partial
	return { ok: false, unavailable, ms: since(started) }
}

/** The code of a Node error (`ENOENT`, `CERT_HAS_EXPIRED` …), also of one that gathers several. */
export function codeOf(error: unknown): string {
	if (typeof error !== 'object' || error === null) return ''
	if ('code' in error && typeof error.code === 'string') return error.code
	return error instanceof AggregateError ? codeOf(error.errors[0]) : ''
}

/** The first line of an error's message, without control characters, at most 300 characters. */
export function messageOf(error: unknown): string {
	const message = error instanceof Error ? error.message : String(error)
	const line = message.split('\n', 1)[0] ?? ''
	return line.replace(/[\u0000-\u001f\u007f]/g, ' ').slice(0, 300) || codeOf(error)
}

const whys: ReadonlyMap<string, WhyNot> = new Map([
	['ENOENT', 'absent'],
	['ENOTDIR', 'absent'],
	['EACCES', 'denied'],
	['EPERM', 'denied'],
	['ETIMEDOUT', 'timeout'],
	['EIO', 'unreadable'],
	['EISDIR', 'unreadable'],
	['ELOOP', 'unreadable'],
	['EAGAIN', 'unreadable'],
	['ESTALE', 'unreadable'],
])

/** What a system error means for a question. */
export function whyOf(error: unknown): WhyNot {
	return whys.get(codeOf(error)) ?? 'failed'
}
