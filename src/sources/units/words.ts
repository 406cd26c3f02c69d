/** Words of a systemd setting: blanks part them, quotes and backslashes bind them (systemd.syntax). */

const escapes: Readonly<Record<string, string>> = {
	a: '\u0007',
	b: '\b',
	f: '\f',
	n: '\n',
	r: '\r',
	t: '\t',
	v: '\v',
	s: ' ',
}

function escaped(text: string, at: number): { character: string; length: number } {
	const letter = text[at] ?? ''
	const hex = letter === 'x' ? /^[0-9A-Fa-f]{2}/.exec(text.slice(at + 1, at + 3))?.[0] : undefined
	if (hex) return { character: String.fromCharCode(Number.parseInt(hex, 16)), length: 3 }
	return { character: escapes[letter] ?? letter, length: 1 }
}

/** An unfinished quote reaches to the end. */
export function splitWords(text: string): string[] {
	const words: string[] = []
	let word: string[] | undefined
	let quote = ''
	for (let at = 0; at < text.length; at += 1) {
		const character = text[at] ?? ''
		if (character === '\\' && at + 1 < text.length) {
			const read = escaped(text, at + 1)
			word ??= []
			word.push(read.character)
			at += read.length
		} else if (quote !== '') {
			if (character === quote) quote = ''
			else word?.push(character)
		} else if (character === '"' || character === "'") {
			quote = character
			word ??= []
		} else if (character === ' ' || character === '\t' || character === '\n' || character === '\r') {
			if (word) words.push(word.join(''))
			word = undefined
		} else {
			word ??= []
			word.push(character)
		}
	}
	if (word) words.push(word.join(''))
	return words
}
