/** The report for others: its format and contents, what was masked in it, and where it can go. */
import { contents } from '../../report/contents.js'
import { maskedKinds } from '../../report/parts.js'
import { type Format, formats } from '../../report/render.js'
import { documentOf } from '../document/document.js'
import { cleanLine } from '../document/window.js'
import { bytes, counted } from '../format.js'
import { blank, cell, ends, fitted, heading, type Line, line, number, span } from '../line.js'
import type { ListView } from '../list.js'
import { allContents, allFormats, bundleName, reportName } from '../report-order.js'
import type { ListState, State } from '../state.js'
import type { ReportChoice } from '../target.js'
import { gutter, type Row, rowsView } from './rows.js'

export function reportView(state: State, list: ListState, width: number): ListView {
	const empty = [line(span('  There is no report yet.'))]
	if (!state.subject) return rowsView([], list, width, { empty })
	const rows = [...ways(state), ...choices(state), ...maskedRows(state)]
	return rowsView(rows, list, width, { empty, below: (_, left) => beginning(state, width, left) })
}

const labelWidth = 14

function choiceRow(
	group: string,
	choice: ReportChoice,
	label: string,
	says: string,
	{ mark, key }: { mark?: string; key?: string } = {},
): Row {
	const marked = mark ? [span(`${mark} `, mark.includes('x') ? 'accent' : 'faint')] : []
	const keyed = key ? [span(key, 'accent')] : []
	return {
		id: typeof choice === 'string' ? choice : Object.values(choice).join(),
		group,
		search: `${label} ${says}`,
		target: { kind: 'report', choice },
		lines: width => [ends([...marked, cell(label, labelWidth), span(says, 'faint')], keyed, width)],
	}
}

function ways(state: State): Row[] {
	const group = 'This report'
	return [
		choiceRow(group, 'read', 'Read it', [sizeOf(state), maskedWords(state)].filter(Boolean).join('; ')),
		choiceRow(group, 'save', 'Save it', reportName(state), { key: 'X' }),
		choiceRow(group, 'copy', 'Copy it', 'to the clipboard of your terminal, where it allows that', {
			key: 'C',
		}),
		choiceRow('All evidence, for whoever has the doctor too', 'bundle', 'Save a bundle', bundleName(state)),
	]
}

/** How long it has become. */
function sizeOf({ written, wanted }: State): string {
	if (written?.order !== wanted) return 'it is being written'
	if (written.error !== undefined) return `it could not be written: ${written.error}`
	const { text } = written
	return text === undefined
		? 'it is being written'
		: `${counted(text.split('\n').length - 1, 'line')}, ${bytes(text.length)}`
}

function maskedWords({ subject }: State): string {
	const count = (subject?.report.masked ?? []).reduce((sum, each) => sum + each.count, 0)
	return count > 0 ? `${counted(count, 'secret')} in the evidence masked` : ''
}

const radio = (chosen: boolean) => (chosen ? '(x)' : '( )')
const box = (chosen: boolean) => (chosen ? '[x]' : '[ ]')

function choices({ wanted }: State): Row[] {
	return [
		...allFormats.map(format =>
			choiceRow('Format', { format }, format, formats[format].says, {
				mark: radio(format === wanted.format),
			}),
		),
		...allContents.map(content =>
			choiceRow('Contents', { content }, content, contents[content], {
				mark: box(wanted.contents.includes(content)),
			}),
		),
		choiceRow(
			'Names and addresses',
			'anonymise',
			'anonymise',
			'each replaced, always by the same; diagnoses stay',
			{ mark: box(wanted.anonymise) },
		),
	]
}

const maskedTitle = 'Masked in the evidence, and so in every report'

/** What was masked, by kind, and where it stands: never the value. */
function maskedRows({ subject }: State): Row[] {
	const { masked } = subject?.report ?? {}
	const words = (text: string): Row => ({
		id: 'masked',
		group: maskedTitle,
		search: text,
		target: { kind: 'words', text },
		lines: width => [fitted(line(span(text, 'faint')), width)],
	})
	if (masked === undefined) return [words('nobody kept count of what was masked in this bundle')]
	if (masked.length === 0) return [words('nothing secret was found')]
	return maskedKinds({ masked }).map(({ kind, count, files }): Row => {
		const [first = ''] = files
		const held = subject?.bundle.files.has(first)
		const where = files.length === 1 ? first : `in ${files.length} files: ${files.join(', ')}`
		return {
			id: `masked ${kind}`,
			group: maskedTitle,
			search: `${kind} ${files.join(' ')}`,
			target: held ? { kind: 'file', file: first } : { kind: 'words', text: `${kind}: ${where}` },
			lines: width => [
				ends([number(String(count), 4), span('  '), span(kind), span(`  ${where}`, 'faint')], [], width),
			],
		}
	})
}

/** Fewer rows than this would show only a title. */
const fewest = 6

/** Formats that a person reads as they are. */
const readable: ReadonlySet<Format> = new Set(['text', 'markdown'])

/** Where there is room: how the report begins. */
function beginning(state: State, width: number, rows: number): Line[] {
	if (rows < fewest || !readable.has(state.wanted.format)) return []
	const { lines } = documentOf(state, { report: true })
	if (lines.length === 0) return []
	const shown = lines
		.slice(0, rows - 2)
		.map(text => fitted(line(span('  '), span(cleanLine(text, width * 2))), width))
	return [blank, heading('How it begins', width - gutter), ...shown]
}
