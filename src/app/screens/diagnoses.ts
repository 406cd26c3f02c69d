/** Home: the verdict, then root causes in rank order, their consequences folded under them. */
import type { Diagnosis } from '../../model/diagnosis.js'
import type { Report } from '../../model/report.js'
import { duration } from '../../report/times.js'
import { type Listed, listing, takenAt } from '../diagnoses.js'
import { counted } from '../format.js'
import {
	blank,
	cell,
	ends,
	fitted,
	heading,
	type Line,
	line,
	number,
	paragraph,
	type Span,
	span,
	strong,
} from '../line.js'
import type { ListView } from '../list.js'
import type { ListState, State } from '../state.js'
import type { Subject } from '../subject.js'
import { confidences, severities } from '../words.js'
import { suppressionWords } from './diagnosis.js'
import { nodeSummary } from './node.js'
import { preview } from './preview.js'
import { progressLines } from './progress.js'
import { gutter, type Row, rowsView } from './rows.js'
import { verdictHead } from './verdict.js'

export function diagnosesView(state: State, list: ListState, width: number, rows: number): ListView {
	const { subject } = state
	const report = subject?.report
	const asking = state.exam.phase === 'asking'
	const head = verdictHead(state, width, rows)
	const progress = (room: number) => progressLines(state, width, room)
	if (!subject || !report) return { ...rowsView([], list, width, { head, empty: progress(rows) }) }
	const room = rows - head.length
	return rowsView(rowsOf(state, report, list), list, width, {
		head,
		empty: asking ? progress(room) : nothingFound(subject, width),
		below: (row, left) => {
			if (asking && state.exam.round === 1) return [blank, ...progress(left - 1)]
			return row.target.kind === 'diagnosis' ? preview(report, row.target.cause, width, left) : []
		},
	})
}

function rowsOf(state: State, report: Report, list: ListState): Row[] {
	const { roots, possible, suppressed } = listing(state)
	const rows = (listed: readonly Listed[], group?: string) =>
		listed.flatMap(item => [
			rootRow(item, state, report, list.unfolded.includes(item.diagnosis.cause), group),
			...(list.unfolded.includes(item.diagnosis.cause)
				? item.consequences.map(diagnosis => consequenceRow(diagnosis, group))
				: []),
		])
	return [
		...rows(roots),
		...rows(possible, 'Possible, with little to show for it'),
		...rows(suppressed, 'Put aside'),
	]
}

function rootRow(
	{ diagnosis, consequences, suppression }: Listed,
	state: State,
	report: Report,
	unfolded: boolean,
	group: string | undefined,
): Row {
	const reason = suppression ? suppressionWords(suppression) : (diagnosis.findings[0]?.says ?? '')
	const fresh = state.change?.fresh.includes(diagnosis.cause) === true
	const folded = consequences.length > 0
	return {
		id: diagnosis.cause,
		search: `${diagnosis.title} ${diagnosis.cause} ${reason} ${severities[diagnosis.severity].word}`,
		target: {
			kind: 'diagnosis',
			cause: diagnosis.cause,
			suppressed: suppression !== undefined,
			foldable: folded,
		},
		...(group !== undefined && { group }),
		height: folded && !unfolded ? 3 : 2,
		lines: width => [
			titleLine(diagnosis, report, width, fresh),
			reasonLine(diagnosis, report, width, reason),
			...(folded && !unfolded ? [foldedLine(consequences, width)] : []),
		],
	}
}

const severityWidth = 8
const indent = severityWidth + 2
/** Below this the confidence and the age move into the second line. */
const wide = 76

function ageOf({ at }: Diagnosis, report: Report): string {
	if (at === undefined) return ''
	const age = takenAt(report) - at
	return age < 1000 ? 'now' : duration(age)
}

function titleLine(diagnosis: Diagnosis, report: Report, width: number, fresh: boolean): Line {
	const { word, tone } = severities[diagnosis.severity]
	const left: Span[] = [
		{ ...cell(word, severityWidth, tone), bold: true },
		span('  '),
		strong(diagnosis.title),
		...(fresh ? [span('  new', 'accent')] : []),
	]
	if (width < wide) return ends(left, [], width)
	const right = [cell(confidences[diagnosis.confidence], 9), number(ageOf(diagnosis, report), 7, 'faint')]
	return ends(left, right, width)
}

function reasonLine(diagnosis: Diagnosis, report: Report, width: number, reason: string): Line {
	const age = ageOf(diagnosis, report)
	const facts = width < wide ? `${confidences[diagnosis.confidence]}${age === '' ? '' : `, ${age}`}: ` : ''
	return fitted(line(span(' '.repeat(indent)), span(facts, 'faint'), span(reason)), width)
}

function foldedLine(consequences: readonly Diagnosis[], width: number): Line {
	const titles = consequences.map(({ title }) => title).join('; ')
	const words = `└ leads to ${counted(consequences.length, 'more', 'more')}: ${titles}`
	return fitted(line(span(' '.repeat(indent)), span(words, 'faint')), width)
}

function consequenceRow(diagnosis: Diagnosis, group: string | undefined): Row {
	const { word, tone } = severities[diagnosis.severity]
	return {
		id: diagnosis.cause,
		search: `${diagnosis.title} ${diagnosis.cause}`,
		target: { kind: 'diagnosis', cause: diagnosis.cause, suppressed: false, foldable: false },
		...(group !== undefined && { group }),
		lines: width => [
			fitted(
				line(
					span(`${' '.repeat(indent)}└ `, 'faint'),
					span(diagnosis.title),
					span(`  ${word.toLowerCase()}`, tone),
				),
				width,
			),
		],
	}
}

/** A healthy node shows what was looked at, not an empty page. */
function nothingFound(subject: Subject, width: number): Line[] {
	const { report } = subject
	const { gaps, examined, rules = [], unexamined } = report
	const looked = rules.length - unexamined.length
	const found = looked > 0 ? `None of ${counted(looked, 'cause')} was found` : 'No cause was found'
	const title = `${found}. Looked at`
	const room = width - gutter
	const each = 26
	const columns = Math.max(1, Math.floor(room / each))
	const high = Math.ceil(examined.length / columns)
	const lines = Array.from({ length: high }, (_, row) =>
		line(
			span('  '),
			...Array.from({ length: columns }, (_, column) => examined[column * high + row]).flatMap(name =>
				name === undefined ? [] : [span('✓ ', 'good'), cell(name, each - 3), span(' ')],
			),
		),
	)
	const unseen =
		gaps.length > 0
			? [
					blank,
					...paragraph(`${counted(gaps.length, 'question')} had no answer; 7 shows which.`, room, {
						first: [span('  ')],
					}),
				]
			: []
	return [
		heading(title, width),
		...lines.map(content => fitted(content, width)),
		...unseen,
		blank,
		heading('The node in short (4 shows more)', width),
		...nodeSummary(subject, width),
	]
}
