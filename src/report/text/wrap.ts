/** Breaks text at blanks to a width in terminal columns; a word longer than the line is cut. */
import stringWidth from 'string-width'

export function columnsOf(text: string): number {
	// Plain ASCII, which is nearly all of it, needs no tables.
	return /^[\u0020-\u007e]*$/.test(text) ? text.length : stringWidth(text)
}

export function wrap(text: string, width: number): string[] {
	return text.split('\n').flatMap(paragraph => wrapLine(paragraph, Math.max(10, width)))
}

function wrapLine(text: string, width: number): string[] {
	const lines: string[] = []
	let line = ''
	let used = 0
	for (const word of text.split(' ')) {
		const size = columnsOf(word)
		if (line !== '' && used + 1 + size <= width) {
			line += ` ${word}`
			used += 1 + size
			continue
		}
		if (line !== '') lines.push(line)
		const pieces = size > width ? cut(word, width) : [word]
		lines.push(...pieces.slice(0, -1))
		line = pieces.at(-1) ?? ''
		used = columnsOf(line)
	}
	lines.push(line)
	return lines
}

function cut(word: string, width: number): string[] {
	const pieces: string[] = []
	let piece = ''
	let used = 0
	for (const char of word) {
		const size = columnsOf(char)
		if (used + size > width) {
			pieces.push(piece)
			piece = ''
			used = 0
		}
		piece += char
		used += size
	}
	return [...pieces, piece]
}

/** Shortens to a width, with an ellipsis where something was cut. */
export function shorten(text: string, width: number, ellipsis = '…'): string {
	if (columnsOf(text) <= width) return text
	return (cut(text, Math.max(1, width - columnsOf(ellipsis)))[0] ?? '') + ellipsis
}
