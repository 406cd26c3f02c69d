/** Quotes and braces of JSON inside of other texts, where each may stand behind any number of backslashes. */

/** `"`, `'`, `\"`, `\\\"` at `at`, with the backslashes before it; '' when there is none. */
export function quoteToken(text: string, at: number): string {
	let end = at
	while (text[end] === '\\' && end - at < 64) end += 1
	const mark = text[end]
	return mark === '"' || mark === "'" ? text.slice(at, end + 1) : ''
}

/** Where the brace or bracket at `at` is closed, braces in quotes apart; `undefined`: not before `limit`. */
export function closeOf(text: string, at: number, limit: number): number | undefined {
	let depth = 0
	let quote = ''
	for (let position = at; position < limit; position += 1) {
		const character = text[position] ?? ''
		if (character === '\\' || character === '"' || character === "'") {
			const token = quoteToken(text, position)
			if (token === '') continue
			if (quote === '') quote = token
			else if (quote === token) quote = ''
			position += token.length - 1
		} else if (quote === '' && (character === '{' || character === '[')) depth += 1
		else if (quote === '' && (character === '}' || character === ']')) {
			depth -= 1
			if (depth === 0) return position
		}
	}
	return undefined
}

/** The quote that is open at `at`, as the line before it tells; '' when none is. */
export function openQuote(text: string, at: number): string {
	const open: string[] = []
	const near = Math.max(0, at - 2000)
	const begin = near + text.slice(near, at).lastIndexOf('\n') + 1
	for (let position = begin; position < at; position += 1) {
		const token = quoteToken(text, position)
		if (token === '') continue
		const inner = open.indexOf(token)
		// An apostrophe is no quote, unless it stands before a word.
		const opens = !token.endsWith("'") || !/\w/.test(text[position - 1] ?? '')
		if (inner >= 0) open.length = inner
		else if (opens) open.push(token)
		position += token.length - 1
	}
	return open.at(-1) ?? ''
}
