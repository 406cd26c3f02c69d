/** Everything that was asked: what had no answer, the sources, each file with how its question went. */
import type { Bundle, Entry } from '../../model/bundle.js'
import type { Gap } from '../../model/gap.js'
import type { Report } from '../../model/report.js'
import { shellLine } from '../../model/shell.js'
import { shortenStart } from '../columns.js'
import { whyWords } from '../document/document.js'
import { bytes, milliseconds } from '../format.js'
import { cell, ends, line, number, paragraph, type Span, span, widthOf } from '../line.js'
import type { ListView } from '../list.js'
import { remembering } from '../memo.js'
import type { ListState, State } from '../state.js'
import type { SourceStep, Subject } from '../subject.js'
import { stepMarks } from './progress.js'
import { type Row, rowsView } from './rows.js'

const sorts = ['as asked', 'name', 'duration', 'size'] as const

export function evidenceView(state: State, list: ListState, width: number): ListView {
	const { subject } = state
	const empty = [line(span('  Nothing has been asked yet.'))]
	if (!subject) return rowsView([], list, width, { empty })
	const files = fileRows(subject, `${list.sort % sorts.length} ${list.inverse ? 'inverse' : ''}`)
	const rows = all(files, subject, state.exam.steps)
	return rowsView(rows, list, width, { empty, sorts })
}

// Keyed by the sorted files, so that a key press does not join thousands of rows again.
const joined = new WeakMap<readonly Row[], { steps: readonly SourceStep[]; rows: readonly Row[] }>()

function all(files: readonly Row[], { report }: Subject, steps: readonly SourceStep[]): readonly Row[] {
	const known = joined.get(files)
	if (known && known.steps === steps) return known.rows
	const rows = [...unseenRows(report), ...steps.map(sourceRow), ...files, ...blindRows(report)]
	joined.set(files, { steps, rows })
	return rows
}

/** What keeps the doctor from seeing: questions without an answer, and its own failures. */
function unseenRows({ gaps, crashed }: Report): Row[] {
	return [
		...crashed.map(
			({ cause, error }): Row => ({
				id: `crashed ${cause}`,
				group: 'Rules that failed (a fault of the doctor, not of the node)',
				search: `${cause} ${error}`,
				target: { kind: 'words', text: error },
				lines: width => [ends([cell(cause, 26, 'bad'), span(` ${error}`)], [], width)],
			}),
		),
		...[...gaps].sort((a, b) => Number(b.matters) - Number(a.matters)).map(gapRow),
	]
}

/** What could not be looked for therefore. */
function blindRows({ unexamined }: Report): Row[] {
	return unexamined
		.filter(({ missing }) => missing.length > 0)
		.map(
			({ cause, title, because, askFor }): Row => ({
				id: `unexamined ${cause}`,
				group: 'Causes that were not examined',
				search: `${cause} ${title} ${because}`,
				target: askFor ? { kind: 'command', text: askFor } : { kind: 'words', text: because },
				lines: width => [ends([cell(cause, 26), span(` ${because}`, 'faint')], [], width)],
			}),
		)
}

/** What is missing, and the command that would close it. */
function gapRow({ file, why, unasked, detail, askFor, matters }: Gap): Row {
	return {
		id: `gap ${file}`,
		group: 'Without an answer',
		search: `${file} ${detail} ${askFor} gap`,
		target: { kind: 'command', text: askFor },
		height: 2,
		lines: width => [
			ends(
				[span('✗ ', matters ? 'bad' : 'warn'), cell(file, 34), span(` ${detail}`)],
				[span(unasked ? 'not asked' : whyWords[why], matters ? 'bad' : 'warn')],
				width,
			),
			...paragraph(askFor, width, { first: [span('  $ ', 'faint')], tone: 'command' }).slice(0, 1),
		],
	}
}

function sourceRow(step: SourceStep): Row {
	const { source, title, asked, state, ms, says } = step
	const { mark, word } = stepMarks[state]
	return {
		id: `source ${source}`,
		group: 'Sources',
		search: `${title} ${source} ${asked} ${says ?? ''}`,
		target: { kind: 'words', text: asked },
		lines: width => [
			ends(
				[
					mark,
					span(' '),
					cell(title, 22),
					span(` ${says || (state === 'answered' ? asked : word)}`, 'faint'),
				],
				[number(ms === undefined ? '' : milliseconds(ms), 8, 'faint')],
				width,
			),
		],
	}
}

interface Filed {
	entry: Entry
	size: number | undefined
}

const fileRows = remembering(({ bundle }: Subject, order: string): readonly Row[] => {
	const [sort = '0', inverse] = order.split(' ')
	const asked = new Set<string>()
	const filed = bundle.entries.flatMap((entry): Filed[] => {
		if (asked.has(entry.file)) return []
		asked.add(entry.file)
		return [{ entry, size: sizeOf(bundle, entry.file) }]
	})
	// Files that nobody entered: other tools' bundles have them.
	for (const file of bundle.files.keys()) {
		if (!asked.has(file)) filed.push({ entry: { file }, size: sizeOf(bundle, file) })
	}
	const sorted = sortedBy(filed, Number(sort))
	if (inverse) sorted.reverse()
	return sorted.map(fileRow)
})

const sizeOf = (bundle: Bundle, file: string) => bundle.files.get(file)?.length

function sortedBy(filed: Filed[], sort: number): Filed[] {
	if (sort === 1) return filed.sort((a, b) => (a.entry.file < b.entry.file ? -1 : 1))
	if (sort === 2) return filed.sort((a, b) => (b.entry.ms ?? -1) - (a.entry.ms ?? -1))
	if (sort === 3) return filed.sort((a, b) => (b.size ?? -1) - (a.size ?? -1))
	return filed
}

function fileRow({ entry, size }: Filed): Row {
	const { file, argv, exit, ms, why, stderr } = entry
	const failed = why !== undefined || (exit !== undefined && exit !== 0)
	const how = why ? whyWords[why] : exit === undefined || exit === 0 ? '' : `exit ${exit}`
	const asked = argv ? shellLine(argv) : ''
	return {
		id: `file ${file}`,
		group: 'Files',
		search: `${file} ${asked} ${how} ${stderr ?? ''}`,
		target: { kind: 'file', file },
		lines: width => {
			const right: Span[] = [
				span(how, why === 'absent' ? 'faint' : failed ? 'warn' : undefined),
				number(size === undefined ? '' : bytes(size), 9),
				number(ms === undefined ? '' : milliseconds(ms), 9, 'faint'),
			]
			if (width < 90) {
				const room = Math.max(12, width - widthOf(right) - 2)
				return [ends([cell(shortenStart(file, room), room)], right, width)]
			}
			return [ends([cell(shortenStart(file, 44), 44), span(`  ${asked}`, 'faint')], right, width)]
		},
	}
}
