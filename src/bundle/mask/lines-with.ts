/**
 * Changes only the lines in which something stands. Patterns for sentences try each word of a text; most lines of a log
 * hold nothing that could begin one.
 */

/** `sign` has the flag `g`. `change` gets a line without its end; it must not need the lines around it. */
export function changeLinesWith(text: string, sign: RegExp, change: (line: string) => string): string {
	const parts: string[] = []
	let from = 0
	sign.lastIndex = 0
	for (let found = sign.exec(text); found; found = sign.exec(text)) {
		const begin = text.lastIndexOf('\n', found.index) + 1
		const next = text.indexOf('\n', found.index)
		const end = next < 0 ? text.length : next
		const line = text.slice(begin, end)
		const changed = change(line)
		if (changed !== line) {
			parts.push(text.slice(from, begin), changed)
			from = end
		}
		sign.lastIndex = end
	}
	return from === 0 ? text : parts.join('') + text.slice(from)
}
