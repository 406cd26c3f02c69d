/** Lines to text with colours. What comes in is already cut to the window; nothing here changes a width. */
import { columnsOf } from '../app/columns.js'
import type { Line, Span } from '../app/line.js'
import { toAscii } from './ascii.js'
import type { Look, Theme } from './theme.js'
import { themeOf } from './theme.js'

export type Painter = (line: Line, width: number) => string

export function painter(look: Look): Painter {
	const theme = themeOf(look)
	const letters = look.ascii ? toAscii : (text: string) => text
	return (line, width) => {
		const text = line.selected
			? selectedRow(line.spans, width, letters)
			: line.spans.map(part => paintSpan(part, theme, letters)).join('')
		// An empty text would have no height.
		return text === '' ? ' ' : text
	}
}

function paintSpan({ text, tone, bold, inverse }: Span, theme: Theme, letters: (text: string) => string) {
	if (text === '') return ''
	const codes = [tone ? theme[tone] : '', bold ? '1' : '', inverse ? '7' : ''].filter(Boolean).join(';')
	return codes === '' ? letters(text) : `\u001b[${codes}m${letters(text)}\u001b[0m`
}

/** The row with the cursor: inverse from edge to edge, without inner colours, which would be unreadable there. */
function selectedRow(spans: readonly Span[], width: number, letters: (text: string) => string): string {
	const text = spans.map(({ text: part }) => part).join('')
	const rest = ' '.repeat(Math.max(0, width - columnsOf(text)))
	return `\u001b[7m${letters(text)}${rest}\u001b[0m`
}
