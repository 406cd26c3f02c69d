/**
 * Cookies in headers, in what logs make of headers, and in printed structures: each value of theirs opens a session,
 * whatever it looks like, JSON of any spelling as well. Names, and what a cookie says about itself, stay.
 */
import { closeOf, openQuote, quoteToken } from './braces.js'
import type { Hide } from './hide.js'
import { isHarmless } from './names.js'

const begins =
	/(?<![A-Za-z0-9])(?:set-)?cookies?2?(?:\\{0,8}["']|&quot;)?[ \t]{0,4}(?:=>|[:=])[ \t]{0,4}(?:(\[)\s{0,100})?(?:(\\{0,8}["'])|&quot;)?/gi
/** `curl -b 'a=b'`; a file's name has no sign in it. */
const curls = /(?<=[ \t])(?:--cookie[ \t]{1,4}|(?<=\bcurl\b[^\n|;&]{0,500})-b[ \t]{0,4})()(["'])/g
/** The same without quotes, and as programs print them: `<Cookie a=X for …>`, `Cookie(name='a', value='X')`. */
const printed =
	/((?<=[ \t])(?:--cookie[ \t]{1,4}|(?<=\bcurl\b[^\n|;&]{0,500})-b[ \t]{0,4})[^\s"'=]{1,100}=|<Cookie [^\s=>]{1,100}=|\bCookie\([^)\n]{0,300}?\bvalue=["']?)([^\s"',)<>]{1,4000})/g
/** What a cookie says about itself, and words for it in structures. */
const attributes =
	/^(?:name|path|domain|expires|expiry|max-?age|http-?only|secure|same-?site|version|priority|partitioned)$/i
const name = /[\s;,]{0,20}(?:([!#$%&*+.^_`|~\w-]{1,100}?)(=|%3d))?/iy
/** The next cookie, or the next field of the log. */
const next = /[\s,]{1,20}[!#$%&*+.^_`|~\w-]{1,100}=/y
/** Between the headers of a list. */
const comma = /\\{0,8}["']\s{0,20},\s{0,100}\\{0,8}["']/y
/** `"name": "value"` and its likes inside of a structure. */
const pair =
	/([{,\s](\\{0,8}["']?)([^"'\\:={},\s]{1,100})\2\s{0,40}[:=]\s{0,40})(?:(\\{0,8}["'])((?:(?!\4)(?:\\+[^\\\n]|[^\\\n]))*)|([^\s"'{}[\],\\]+))/g
const longest = 8000

function at(pattern: RegExp, text: string, position: number): RegExpExecArray | null {
	pattern.lastIndex = position
	return pattern.exec(text)
}

/** How a header ends: with this quote or a less deeply escaped one, with `]`, or with its line. */
type End = string

function isEnd(text: string, position: number, end: End): boolean {
	const character = text[position]
	if (character === '\n' || character === '\r') return true
	if (end === ']') return character === ']'
	const token = character === '\\' || character === '"' || character === "'" ? quoteToken(text, position) : ''
	if (token !== '') return end !== '' && token.at(-1) === end.at(-1) && token.length <= end.length
	// The line's end as JSON writes it.
	return character === '\\' && /^\\+[nr]/.test(text.slice(position, position + 8))
}

function lineEnd(text: string, from: number, limit: number): number {
	const found = text.indexOf('\n', from)
	return found < 0 ? limit : Math.min(found, limit)
}

/** The end of the value that begins at `from`. Quotes and JSON are passed over whole. */
function valueEnd(text: string, from: number, limit: number, end: End): number {
	const quote = isEnd(text, from, end) ? '' : quoteToken(text, from)
	const closed = quote === '' ? -1 : text.indexOf(quote, from + quote.length)
	const close = closed < lineEnd(text, from, limit) ? closed : -1
	let position = close < 0 ? from : close + quote.length
	for (; position < limit; position += 1) {
		const character = text[position]
		if (character === '{') {
			const closed = closeOf(text, position, lineEnd(text, position, limit))
			if (closed !== undefined) position = closed
			// Cut off, and the quotes in it are those around it: nothing tells where it would have ended.
			else if (end !== '' && text.startsWith(end, position + 1)) return lineEnd(text, from, limit)
			continue
		}
		if (character === ';' || isEnd(text, position, end)) break
		if ((character === ' ' || character === '\t' || character === ',') && at(next, text, position)) break
		// Escaped quotes count once.
		if (character === '\\') position += Math.max(0, quoteToken(text, position).length - 1)
	}
	return Math.min(position, limit)
}

/** `session=X; lang=Y` from `from` on. */
function maskHeader(text: string, from: number, end: End, hide: Hide): { masked: string; to: number } {
	const limit = Math.min(text.length, from + longest)
	const parts: string[] = []
	let position = from
	while (position < limit && !isEnd(text, position, end)) {
		const named = at(name, text, position)
		const begin = position + (named?.[0].length ?? 0)
		if (begin >= limit || text.slice(position, begin).includes('\n')) break
		const to = valueEnd(text, begin, limit, end)
		const value = text.slice(begin, to)
		const kept = named?.[1] === undefined ? !/^(?:\{|%7b)/i.test(value) : attributes.test(named[1])
		// `cookies=3 dropped=4` is no header.
		if (position === from && named?.[1] === undefined && kept && text[to] !== ';') break
		parts.push(text.slice(position, begin), kept ? value : hideValue(value, hide))
		if (to === position) break
		position = to
	}
	return { masked: parts.join(''), to: position }
}

function hideValue(value: string, hide: Hide): string {
	const [, before = '', quote = '', inner = '', after = ''] =
		/^(\s*)(\\{0,8}["']|)([\s\S]*?)(\2\s*)$/.exec(value) ?? []
	return inner === '' ? value : `${before}${quote}${hide(inner, 'cookie')}${after}`
}

/** `{"session": "X"}`, `[{"name": "session", "value": "X"}]`. */
function maskStructure(text: string, hide: Hide): string {
	return text.replace(
		pair,
		(whole, before: string, _quote, key: string, quote = '', quoted?: string, plain?: string) => {
			const value = quoted ?? plain ?? ''
			const open =
				attributes.test(key) || isHarmless(value) || (plain !== undefined && /^\d{1,4}$/.test(plain))
			return open ? whole : `${before}${quote}${hide(value, 'cookie')}`
		},
	)
}

export function maskCookies(text: string, hide: Hide): string {
	const masked = text.replace(printed, (_, before: string, value: string) => before + hide(value, 'cookie'))
	return maskFrom(begins, maskFrom(curls, masked, hide), hide)
}

/** `begin` finds where a header's value begins: its list's bracket and its quote are the groups. */
function maskFrom(begin: RegExp, text: string, hide: Hide): string {
	const parts: string[] = []
	let from = 0
	begin.lastIndex = 0
	for (let found = begin.exec(text); found; found = begin.exec(text)) {
		const [, bracket, quote = ''] = found
		const list = bracket || undefined
		let position = begin.lastIndex
		if (quote === '' && text[position] === '{') {
			const opens = list === undefined ? position : text.lastIndexOf('[', position)
			const limit = Math.min(text.length, opens + longest)
			const to = closeOf(text, opens, limit) ?? lineEnd(text, opens, limit)
			parts.push(text.slice(from, opens), maskStructure(text.slice(opens, to), hide))
			from = to
		} else {
			const end = quote || (list === undefined ? openQuote(text, position) : ']')
			for (let more = true; more; ) {
				const { masked, to } = maskHeader(text, position, end, hide)
				parts.push(text.slice(from, position), masked)
				from = to
				const between = list === undefined || quote === '' ? null : at(comma, text, to)
				more = between !== null
				position = to + (between?.[0].length ?? 0)
			}
		}
		begin.lastIndex = Math.max(begin.lastIndex, from)
	}
	return from === 0 ? text : parts.join('') + text.slice(from)
}
