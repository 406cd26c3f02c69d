/** One line of an answer: its 1-based number and its text without the line end. */
export interface Line {
	number: number
	text: string
}

/** Characters of a line that are read; no table of a command has longer ones. */
const longest = 8192

/** The lines of a text that hold anything, in order. What is overlong is cut. */
export function* linesOf(text: string | undefined): Generator<Line, void, undefined> {
	if (!text) return
	let number = 0
	let at = 0
	while (at < text.length) {
		number += 1
		const next = text.indexOf('\n', at)
		const end = next < 0 ? text.length : next
		const line = text.slice(at, Math.min(end, at + longest)).trimEnd()
		at = end + 1
		if (line !== '') yield { number, text: line }
	}
}

/** The first line that holds anything, without blanks around it; `undefined` when there is none. */
export function firstLine(text: string | undefined): string | undefined {
	for (const line of linesOf(text)) return line.text.trim()
	return undefined
}

/** The words of a line. */
export function wordsOf(line: string): string[] {
	const trimmed = line.trim()
	return trimmed === '' ? [] : trimmed.split(/\s+/)
}

/** `/proc` writes blanks and backslashes of names as octal: `My\040Disk`. */
export function unescapeOctal(text: string): string {
	return text.includes('\\')
		? text.replace(/\\([0-3][0-7]{2})/g, (_, octal: string) => String.fromCharCode(Number.parseInt(octal, 8)))
		: text
}
