/** Under a short list of diagnoses: the chosen one, whole where there is room, else its proof and what to do. */
import type { Diagnosis, DiagnosisCause } from '../../model/diagnosis.js'
import type { Report } from '../../model/report.js'
import { stepTexts } from '../../report/steps.js'
import { takenAt } from '../diagnoses.js'
import { blank, clipped, ends, heading, type Line, line, paragraph, span, strong } from '../line.js'
import { risks } from '../words.js'
import { diagnosisBlocks } from './diagnosis.js'
import { commandLines, findingLines } from './findings.js'
import { gutter } from './rows.js'

/** Fewer rows than this would tell too little. */
const fewest = 5

export function preview(report: Report, cause: DiagnosisCause, width: number, rows: number): Line[] {
	const diagnosis = report.diagnoses.find(candidate => candidate.cause === cause)
	if (!diagnosis || rows < fewest) return []
	const whole = wholeLines(diagnosis, report, width)
	return whole.length <= rows ? whole : briefLines(diagnosis, report, width, rows)
}

function wholeLines(diagnosis: Diagnosis, report: Report, width: number): Line[] {
	const [, ...blocks] = diagnosisBlocks(diagnosis, report, width - gutter, undefined)
	return blocks.flatMap(({ title, lines }) => [
		...(title === undefined ? [] : [blank, heading(title, width)]),
		...lines.map(indented),
	])
}

function briefLines(diagnosis: Diagnosis, report: Report, width: number, rows: number): Line[] {
	const room = width - gutter
	const help = helpLines(diagnosis, width)
	const left = rows - 2
	const helpRows = Math.min(help.length, Math.max(3, Math.ceil(left / 2)))
	const proof: Line[] = []
	for (const finding of diagnosis.findings) {
		const lines = findingLines(finding, room, takenAt(report), 2).map(indented)
		if (proof.length > 0 && proof.length + lines.length > left - helpRows) break
		proof.push(...lines)
	}
	const why = clipped(proof, Math.max(3, left - helpRows), width)
	return clipped([blank, heading('Why we think so', width), ...why, ...help], rows, width)
}

function helpLines({ remedies: [remedy] }: Diagnosis, width: number): Line[] {
	if (!remedy) return []
	const room = width - gutter
	const { word, tone } = risks[remedy.risk]
	return [
		blank,
		heading('What to do', width),
		indented(ends([strong(remedy.title)], [span(word, tone)], room)),
		...remedy.steps
			.flatMap(step => stepTexts(step))
			.flatMap(({ kind, text }) => {
				if (kind === 'command') return clipped(commandLines(text, room), 2, room).map(indented)
				if (kind === 'content') return []
				return clipped(paragraph(text, room, { first: [span('• ', 'faint')] }), 2, room).map(indented)
			}),
	]
}

function indented({ spans }: Line): Line {
	return line(span('  '), ...spans)
}
