/** Lines to text with colours. What comes in is already cut to the window; nothing here changes a width. */
import { columnsOf } from '../app/columns.js'
import { frameOf } from '../app/frame.js'
import type { Line, Span } from '../app/line.js'
import type { State } from '../app/state.js'
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
			: withMarksJoined(line.spans)
					.map(part => paintSpan(part, theme, letters))
					.join('')
		// An empty text would have no height.
		return text === '' ? ' ' : text
	}
}

/** Rows of the whole screen as text, made once for each state: whoever paints it paints the same. */
export type RowsOf = (state: State) => readonly string[]

export function rowsPainter(look: Look): RowsOf {
	const paint = painter(look)
	const made = new WeakMap<State, readonly string[]>()
	return state => {
		const known = made.get(state)
		if (known) return known
		const rows = frameOf(state).lines.map(line => paint(line, state.size.columns))
		made.set(state, rows)
		return rows
	}
}

const marks = /^\p{Mark}+/u
/** The first of the marks; what comes before it is told from them at once. */
const firstMark = 0x300

/**
 * Marks that begin a span stand on the character before it: where a change of colours comes between the two, some
 * terminals give them a column of their own.
 */
function withMarksJoined(spans: readonly Span[]): readonly Span[] {
	if (!spans.some(({ text }) => text.charCodeAt(0) >= firstMark && marks.test(text))) return spans
	const joined: Span[] = []
	for (const part of spans) {
		const own = marks.exec(part.text)?.[0] ?? ''
		const before = joined.at(-1)
		if (own === '' || !before) {
			joined.push(part)
			continue
		}
		joined[joined.length - 1] = { ...before, text: before.text + own }
		joined.push({ ...part, text: part.text.slice(own.length) })
	}
	return joined
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
