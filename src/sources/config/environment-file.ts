/** An environment file as systemd reads it: `NAME=value` lines, quotes as in a shell, no expansion. */

export interface Variable {
	name: string
	value: string
	/** 1-based. */
	line: number
}

const assignment = /^\s{0,100}(export\s{1,20})?([A-Za-z_][A-Za-z0-9_]{0,200})\s{0,20}=/

/** The value that begins at `at`, and where it ends. Quotes may reach over lines. */
function readValue(text: string, at: number): { value: string; end: number } {
	const parts: string[] = []
	let quote = ''
	/** Blanks that count only when something follows. */
	let blanks = ''
	let end = at
	while (end < text.length) {
		const character = text[end] ?? ''
		if (quote === '' && character === '\n') break
		if (character === '\\' && quote !== "'" && end + 1 < text.length) {
			const next = text[end + 1] ?? ''
			// Inside double quotes a backslash guards only what would be special.
			const kept = quote === '"' && !/["\\`$\n]/.test(next) ? `\\${next}` : next
			if (next !== '\n') parts.push(blanks, kept)
			if (next !== '\n') blanks = ''
			end += 2
			continue
		}
		if (quote !== '') {
			if (character === quote) quote = ''
			else parts.push(character)
		} else if (character === '"' || character === "'") {
			quote = character
			parts.push(blanks)
			blanks = ''
		} else if (character === ' ' || character === '\t' || character === '\r') {
			if (parts.length) blanks += character
		} else {
			parts.push(blanks, character)
			blanks = ''
		}
		end += 1
	}
	return { value: parts.join(''), end }
}

/** `shell`: the file is read by a shell (OpenRC), which takes `export` as well. */
export function readEnvironmentFile(text: string, shell: boolean): Variable[] {
	const variables: Variable[] = []
	let line = 1
	for (let at = 0; at < text.length; ) {
		const newline = text.indexOf('\n', at)
		const lineEnd = newline < 0 ? text.length : newline
		const head = assignment.exec(text.slice(at, Math.min(lineEnd, at + 400)))
		let end = lineEnd
		if (head && (shell || head[1] === undefined)) {
			const read = readValue(text, at + head[0].length)
			end = read.end
			variables.push({ name: head[2] ?? '', value: read.value, line })
		}
		for (let from = text.indexOf('\n', at); from >= 0 && from <= end; from = text.indexOf('\n', from + 1))
			line += 1
		at = end + 1
	}
	return variables
}
