/**
 * Go's reader takes no notice of indentation inside quotes and brackets; the one used here does. So what stands in
 * them is laid on one line first. The text keeps its length: every offset means the same as before.
 */

const blank = (text: string) => text.replace(/[\n\r\t]/g, ' ')

/** Offset behind the quoted text that begins at `at`; `undefined` when it does not end. */
function quotedEnd(text: string, at: number): number | undefined {
	const quote = text[at]
	for (let position = at + 1; position < text.length; position += 1) {
		const character = text[position]
		if (character === '\\' && quote === '"') position += 1
		else if (character === quote) {
			if (quote === "'" && text[position + 1] === "'") position += 1
			else return position + 1
		}
	}
	return undefined
}

interface Flat {
	text: string
	end: number
}

/** The brackets that open at `at`, on one line and without comments. */
function flatBrackets(text: string, at: number): Flat | undefined {
	const parts: string[] = []
	let depth = 0
	for (let position = at; position < text.length; position += 1) {
		const character = text[position] ?? ''
		const before = text[position - 1] ?? ''
		const atStart = /[\s[{,:]/.test(before)
		if ((character === '"' || character === "'") && atStart) {
			const end = quotedEnd(text, position)
			if (end === undefined) return undefined
			parts.push(blank(text.slice(position, end)))
			position = end - 1
			continue
		}
		if (character === '#' && /\s/.test(before)) {
			const newline = text.indexOf('\n', position)
			const end = newline < 0 ? text.length : newline
			parts.push(' '.repeat(end - position))
			position = end - 1
			continue
		}
		parts.push(blank(character))
		if (character === '[' || character === '{') depth += 1
		if (character === ']' || character === '}') depth -= 1
		if (depth === 0) return { text: parts.join(''), end: position + 1 }
	}
	return undefined
}

function lineEnd(text: string, at: number): number {
	const newline = text.indexOf('\n', at)
	return newline < 0 ? text.length : newline
}

/** Offset behind a block text (`|`, `>`) whose header stands on the line of `at`. */
function blockEnd(text: string, at: number, column: number): number {
	let from = lineEnd(text, at) + 1
	while (from < text.length) {
		const end = lineEnd(text, from)
		const line = text.slice(from, end)
		const indent = /^ {0,200}/.exec(line)?.[0].length ?? 0
		if (line.trim() !== '' && indent <= column) break
		from = end + 1
	}
	return Math.min(from, text.length)
}

function endsPlainWord(text: string, at: number): boolean {
	const character = text[at] ?? ''
	return /\s/.test(character) || (character === ':' && /\s/.test(text[at + 1] ?? '\n'))
}

/** The text with everything in quotes and brackets on one line each; from an open quote or bracket on, as it was. */
export function flatten(text: string): string {
	const parts: string[] = []
	let copied = 0
	/** Column of the key whose value is read; block texts are indented deeper. */
	let column: number | undefined
	let lineBegin = 0
	/** A value, a key or an item may begin here. */
	let atStart = true
	for (let at = 0; at < text.length; ) {
		const character = text[at] ?? ''
		if (character === '\n') {
			atStart = true
			at += 1
			lineBegin = at
			column = undefined
			continue
		}
		if (character === ' ' || character === '\t' || character === '\r') {
			at += 1
			continue
		}
		const next = text[at + 1] ?? '\n'
		const endsWord = /\s/.test(next)
		if (character === '#' && (at === lineBegin || /\s/.test(text[at - 1] ?? ''))) at = lineEnd(text, at)
		else if (atStart && endsWord && (character === '-' || character === '?')) at += 1
		else if (character === ':' && endsWord) {
			atStart = true
			at += 1
		} else if (
			atStart &&
			(character === '"' || character === "'" || character === '[' || character === '{')
		) {
			const end = character === '"' || character === "'" ? quotedEnd(text, at) : undefined
			const flat = end === undefined ? flatBrackets(text, at) : { text: blank(text.slice(at, end)), end }
			if (!flat) break
			parts.push(text.slice(copied, at), flat.text)
			column ??= at - lineBegin
			copied = flat.end
			at = flat.end
			atStart = false
		} else if (atStart && (character === '|' || character === '>')) {
			at = blockEnd(text, at, column ?? 0)
			lineBegin = at
			column = undefined
		} else {
			// An anchor or a tag stands before its value.
			const isProperty: boolean = atStart && (character === '&' || character === '!')
			if (atStart) column ??= at - lineBegin
			do at += 1
			while (at < text.length && !endsPlainWord(text, at))
			atStart = isProperty
		}
	}
	return parts.length ? parts.join('') + text.slice(copied) : text
}
