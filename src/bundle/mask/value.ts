/** A value inside a text: where it begins and ends, with or without quotes, as in a shell, JSON or TOML. */

export interface Span {
	from: number
	to: number
	/** How it is closed: '' without quotes. */
	quote: string
}

const longest = 8000

/** The quote that opens at `at`: `"`, `'`, or with a backslash before it, as JSON and logs write it. */
function quoteAt(text: string, at: number): string {
	const character = text[at] ?? ''
	if (character === '"' || character === "'") return character
	const next = text[at + 1] ?? ''
	return character === '\\' && (next === '"' || next === "'") ? character + next : ''
}

/** `ends`: what ends a value without quotes, besides blanks. An unfinished quote ends with its line. */
export function valueAt(text: string, at: number, ends: RegExp): Span {
	const quote = quoteAt(text, at)
	const from = at + quote.length
	const limit = Math.min(text.length, from + longest)
	let to = from
	for (; to < limit; to += 1) {
		const character = text[to] ?? ''
		if (character === '\n') break
		if (quote === '') {
			if (character === ' ' || character === '\t' || character === '\r' || ends.test(character)) break
			if (character === '\\' && (text[to + 1] === '\n' || quoteAt(text, to) !== '')) break
		} else if (text.startsWith(quote, to)) break
		// An escaped character is part of the value, an escaped quote above all.
		else if (character === '\\' && quote === '"') to += 1
	}
	return { from, to: Math.min(to, text.length), quote }
}
