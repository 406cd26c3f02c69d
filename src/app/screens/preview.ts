/** Under a short list of diagnoses: the proof of the chosen one and what to do, as far as the rows reach. */
import type { DiagnosisCause } from '../../model/diagnosis.js'
import type { Report } from '../../model/report.js'
import { stepTexts } from '../../report/steps.js'
import { takenAt } from '../diagnoses.js'
import { blank, ends, fitted, heading, type Line, line, span, strong } from '../line.js'
import { risks } from '../words.js'
import { commandLines, findingLines } from './findings.js'
import { gutter } from './rows.js'

/** Fewer rows than this would tell too little. */
const fewest = 5

export function preview(report: Report, cause: DiagnosisCause, width: number, rows: number): Line[] {
	const diagnosis = report.diagnoses.find(candidate => candidate.cause === cause)
	if (!diagnosis || rows < fewest) return []
	const room = width - gutter
	const now = takenAt(report)
	const [remedy] = diagnosis.remedies
	const commands = remedy
		? remedy.steps.flatMap(step => stepTexts(step)).map(({ kind, text }) => ({ kind, text }))
		: []
	const help: Line[] = remedy
		? [
				blank,
				heading('What to do', width),
				indented(
					ends([strong(remedy.title)], [span(risks[remedy.risk].word, risks[remedy.risk].tone)], room),
				),
				...commands
					.slice(0, 4)
					.flatMap(({ kind, text }) =>
						kind === 'command'
							? commandLines(text, room).slice(0, 2).map(indented)
							: kind === 'words'
								? [indented(fitted(line(span('• ', 'faint'), span(text)), room))]
								: [],
					),
			]
		: []
	const left = rows - 2
	const helpRows = Math.min(help.length, Math.max(3, Math.ceil(left / 2)))
	const proof: Line[] = []
	for (const finding of diagnosis.findings) {
		const lines = findingLines(finding, room, now, 2).map(indented)
		if (proof.length > 0 && proof.length + lines.length > left - helpRows) break
		proof.push(...lines)
	}
	const why = proof.slice(0, Math.max(3, left - helpRows))
	return [blank, heading('Why we think so', width), ...why, ...help].slice(0, rows)
}

function indented({ spans }: Line): Line {
	return { spans: [span('  '), ...spans] }
}
