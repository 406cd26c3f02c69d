/** A row of a log as lines of the screen: made once for each row and way of looking at it. */
import type { DiagnosisCause } from '../../model/diagnosis.js'
import type { LogRow } from '../../model/log-line.js'
import { columnsOf, dropColumns, shorten, takeColumns, wrap } from '../columns.js'
import { harmless, type Line, type Span, span, type Tone } from '../line.js'
import type { Matcher } from '../search.js'
import { joined } from './joined.js'
import type { ColumnStyle, TimeStyle } from './place.js'
import { clock, distance } from './time.js'

export interface RowLook {
	width: number
	left: number
	wrap: boolean
	times: TimeStyle
	columns: ColumnStyle
	/** Time of the line with the cursor, for relative times. */
	near: number | undefined
	matcher: Matcher
	/** Changes whenever any of the above does. */
	key: string
}

export interface RowLines {
	/** The row's lines without the pointer of the cursor. */
	lines: readonly (readonly Span[])[]
}

const known = new WeakMap<LogRow, { key: string; lines: readonly (readonly Span[])[] }>()
/** Of a longer line only so much is shown; the line by itself shows all. */
const longest = 8_000
const mostRows = 100
const whoWidth = 14

export const letters = {
	panic: 'P',
	fatal: 'F',
	error: 'E',
	warning: 'W',
	info: ' ',
	debug: 'D',
	trace: 'T',
} as const

export function toneOf({ level }: LogRow): Tone | undefined {
	if (level === 'error' || level === 'fatal' || level === 'panic') return 'bad'
	if (level === 'warning') return 'warn'
	return level === 'debug' || level === 'trace' ? 'faint' : undefined
}

/** Columns in front of the words. */
export function indentOf({ width, times, columns }: Pick<RowLook, 'width' | 'times' | 'columns'>): number {
	if (columns === 'raw') return 2
	return timeWidth(width, times) + 2 + (columns === 'all' && width >= 100 ? whoWidth + 1 : 0)
}

function timeWidth(width: number, times: TimeStyle): number {
	if (times === 'off') return 0
	return (width >= 110 && times !== 'relative' ? 12 : times === 'relative' ? 9 : 8) + 1
}

/** `mark` is the sign in front: quoted by a diagnosis, marked by hand, or neither. */
export function rowLines(row: LogRow, look: RowLook, quoted: DiagnosisCause | undefined, marked: boolean) {
	const key = `${look.key} ${quoted ?? ''} ${marked}`
	const made = known.get(row)
	if (made?.key === key) return made.lines
	const lines = make(row, look, quoted, marked)
	known.set(row, { key, lines })
	return lines
}

function make(row: LogRow, look: RowLook, quoted: DiagnosisCause | undefined, marked: boolean): Span[][] {
	const { width, columns } = look
	const tone = toneOf(row)
	const head: Span[] = []
	const sign = marked ? '•' : quoted !== undefined ? '►' : ' '
	const letter = row.continues ? '│' : letters[row.level]
	const front = sign === ' ' ? span(sign) : span(sign, 'mark')
	if (columns === 'raw') head.push(front, span(letter, letter === ' ' ? undefined : tone))
	else {
		const room = timeWidth(width, look.times)
		if (room > 0) {
			const time = row.at === undefined ? '' : timeWords(row.at, look)
			head.push(span(time.padEnd(room).slice(0, room), 'faint'))
		}
		head.push(front)
		head.push(
			letter === ' '
				? span(letter)
				: { ...span(letter, tone), ...(tone && tone !== 'faint' && { bold: true as const }) },
		)
		if (columns === 'all' && width >= 100) {
			const who = shorten(harmless(row.of === undefined ? row.who : `${row.of + 1} ${row.who}`), whoWidth)
			head.push(span(` ${who}${' '.repeat(Math.max(0, whoWidth - columnsOf(who)))}`, 'faint'))
		} else if (row.of !== undefined) head.push(span(String(row.of + 1), 'faint'))
	}
	head.push(span(' '))
	const indent = head.reduce((sum, { text }) => sum + columnsOf(text), 0)
	const room = Math.max(1, width - indent)
	const { text, fieldsAt } = wordsOf(row, columns)
	const pieces = look.wrap ? wrap(text, room).slice(0, mostRows) : [cut(text, look.left, room)]
	const blanks = span(' '.repeat(indent))
	let at = look.wrap ? 0 : look.left
	return pieces.map((piece, index) => {
		const faintFrom = fieldsAt === undefined ? undefined : Math.max(0, fieldsAt - at)
		at += piece.length + 1
		return joined([...(index === 0 ? head : [blanks]), ...painted(piece, look.matcher, tone, faintFrom)])
	})
}

function timeWords(at: number, { times, near, width }: RowLook): string {
	if (times === 'relative') return near === undefined ? '' : distance(at - near)
	return clock(at, times, width >= 110)
}

function cut(text: string, left: number, room: number): string {
	const rest = left > 0 ? dropColumns(text, left) : text
	if (columnsOf(rest.length > room * 20 ? rest.slice(0, room * 20) : rest) <= room) return rest
	return room > 1 ? `${takeColumns(rest, room - 1)}…` : takeColumns(rest, room)
}

/** The words of a row, and where in them the fields begin. */
export function wordsOf(row: LogRow, columns: ColumnStyle): { text: string; fieldsAt?: number } {
	const times = row.times === undefined ? '' : `(×${row.times}) `
	if (columns === 'raw') return { text: times + harmless(row.text.slice(0, longest)) }
	const says = times + harmless(row.says.slice(0, longest))
	if (columns === 'message' || row.fields === '') return { text: says }
	return { text: `${says} ${harmless(row.fields.slice(0, longest))}`, fieldsAt: says.length }
}

/** What the search finds stands out; fields step back. */
function painted(
	piece: string,
	matcher: Matcher,
	tone: Tone | undefined,
	faintFrom: number | undefined,
): Span[] {
	const spans: Span[] = []
	const plain = (from: number, to: number) => {
		const split = faintFrom === undefined ? to : Math.max(from, Math.min(faintFrom, to))
		if (split > from) spans.push({ text: piece.slice(from, split), ...(tone && { tone }) })
		if (to > split) spans.push({ text: piece.slice(split, to), tone: 'faint' })
	}
	let at = 0
	for (const [from, to] of matcher.hits(piece)) {
		if (from > at) plain(at, from)
		spans.push({ text: piece.slice(from, to), tone: 'hit' })
		at = to
	}
	if (at < piece.length) plain(at, piece.length)
	return spans
}

export function lineOf(spans: readonly Span[], chosen: boolean, first: boolean): Line {
	const pointer: Span = chosen && first ? { text: '❯', tone: 'mark' } : { text: ' ' }
	if (!chosen) return { spans: [pointer, ...spans] }
	return { spans: [pointer, ...spans.map(each => ({ ...each, bold: true as const }))] }
}
