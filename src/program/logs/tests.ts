/** What lines are looked for, as tests that are quick on a gigabyte. */
import { type Matcher, matcherOf } from '../../app/search.js'
import type { Test } from '../../host/logs/reader.js'
import type { LogRow } from '../../model/log-line.js'
import { fingerprint } from '../../sources/journal/fingerprint.js'
import type { YearHint } from '../../sources/journal/prefix.js'
import { readEntry } from '../../sources/log/entry.js'
import { isNoise } from '../../sources/log/noise.js'
import { suspicious } from '../../sources/log/severity.js'

const ascii = /^[\u0020-\u007e]+$/

/** `query` as it is typed; `among` decides whether it is taken literally. */
export function testOfQuery(query: string, among: Iterable<string>): { test: Test; matcher: Matcher } {
	const matcher = matcherOf(query, among)
	const line = (text: string) => (matcher.test(text) ? 1 : 0)
	if (matcher.kind !== 'text' || matcher.inverse) return { matcher, test: { line } }
	const small = query === query.toLowerCase()
	if (!small) return { matcher, test: { line, bytes: Buffer.from(query, 'utf8'), sure: true } }
	if (!ascii.test(query)) return { matcher, test: { line } }
	// Letters that fold to others (K to the Kelvin sign) are not found in latin1; nobody writes them.
	return {
		matcher,
		test: { line, near: new RegExp(query.replace(/[\\^$.*+?()[\]{}|/-]/g, '\\$&'), 'gi'), sure: true },
	}
}

export const levelTags = { error: 1, warning: 2 } as const

/** Errors and warnings: the tag is the minute of the line times four, plus its kind. */
export function levelTest(hint: YearHint): Test {
	let last = 0
	return {
		near: suspicious(),
		line: text => {
			const entry = readEntry({ number: 0, text: text.length > 2_000 ? text.slice(0, 2_000) : text }, hint)
			const kind = kindOf(entry)
			if (kind === 0) return 0
			last = entry.at === undefined ? last : Math.floor(entry.at / 60_000)
			return (last << 2) | kind
		},
	}
}

export function kindOf({ level }: Pick<LogRow, 'level'>): number {
	if (level === 'error' || level === 'fatal' || level === 'panic') return levelTags.error
	return level === 'warning' ? levelTags.warning : 0
}

export interface ViewWishes {
	/** Only lines that match. */
	only: string
	/** Without the lines that mean nothing. */
	quiet: boolean
	/** Lines that say the same are counted instead of repeated. */
	fold: boolean
}

/** `undefined` when all lines are wanted. */
export function testOfView({ only, quiet, fold }: ViewWishes, among: Iterable<string>): Test | undefined {
	const query = only === '' ? undefined : testOfQuery(only, among).test
	if (!query && !quiet && !fold) return undefined
	const fails = (text: string) => query?.line(text) === 0 || (quiet && isNoise(text))
	if (fold) {
		return {
			line: text => (fails(text) ? 0 : sameness(text)),
			...(query?.bytes && { bytes: query.bytes }),
			...(query?.near && { near: query.near }),
		}
	}
	if (query && !quiet) return query
	return {
		line: text => (fails(text) ? 0 : 1),
		...(query?.bytes && { bytes: query.bytes }),
		...(query?.near && { near: query.near }),
	}
}

/** Equal for lines that say the same with other times, numbers and names. Never 0. */
function sameness(text: string): number {
	return fingerprint(text) | 0 || 1
}

/** The first line of each start of k3s. */
export const startTest: Test = {
	bytes: Buffer.from('Starting k3s '),
	line: text => (text.includes('msg="Starting k3s ') ? 1 : 0),
}
