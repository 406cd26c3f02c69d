/** Text as roff, for the macros of man(7). */

/** So that nothing in it is a request, an escape or a typographer's dash. */
export function roff(text: string): string {
	return text
		.replaceAll('\\', '\\e')
		.replaceAll('-', '\\-')
		.replaceAll("'", '\\(aq')
		.replaceAll('`', '\\(ga')
		.replaceAll('^', '\\(ha')
		.replaceAll('~', '\\(ti')
		.replaceAll('…', '...')
		.replace(/^\./gm, '\\&.')
}

const columns = 78

/** Roff as lines that a person can read, too. No line begins with what would be a request. */
export function filled(text: string): string {
	const lines: string[] = []
	let line = ''
	for (const word of text.split(' ')) {
		if (line !== '' && line.length + 1 + word.length > columns) {
			lines.push(line)
			line = ''
		}
		line = line === '' ? word.replace(/^\./, '\\&.') : `${line} ${word}`
	}
	return [...lines, line].join('\n')
}

/** An argument of a macro: in quotes, of which it holds none. */
export function quotedRoff(text: string): string {
	return `"${roff(text).replaceAll('"', '\\(dq')}"`
}

export const bold = (text: string) => `\\fB${roff(text)}\\fR`
export const italic = (text: string) => `\\fI${roff(text)}\\fR`

/** A term and what it means. */
export function item(term: string, says: string): string[] {
	return ['.TP', term, filled(roff(says))]
}

/** A command as it is typed, on lines of its own. */
export function example(line: string): string[] {
	return ['.PP', '.RS 4', '.nf', roff(line), '.fi', '.RE']
}
