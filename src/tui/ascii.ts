/** Every character outside ASCII replaced by one of the same width, so that columns stay where they are. */
import { columnsOf, graphemes } from '../app/columns.js'

const like: Readonly<Record<string, string>> = {
	'❯': '>',
	'›': '>',
	'►': '>',
	'→': '>',
	'←': '<',
	'↑': '^',
	'↓': 'v',
	'…': '~',
	'·': '.',
	'•': '-',
	'│': '|',
	'┊': ':',
	'─': '-',
	'└': '`',
	'█': '#',
	'░': '.',
	'✓': '+',
	'✗': 'x',
	'–': '-',
	'—': '-',
	'“': '"',
	'”': '"',
	'‘': "'",
	'’': "'",
	'≥': '>',
	'≤': '<',
	'×': 'x',
	' ': ' ',
}

const ascii = /^[\u0020-\u007e]*$/

export function toAscii(text: string): string {
	if (ascii.test(text)) return text
	return graphemes(text)
		.map(piece => (ascii.test(piece) ? piece : (like[piece] ?? '?'.repeat(columnsOf(piece)))))
		.join('')
}
