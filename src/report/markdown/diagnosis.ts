/** A root cause in Markdown: what speaks for it, what follows from it, what mends it. */
import type { Diagnosis, Finding } from '../../model/diagnosis.js'
import type { Remedy } from '../../model/remedy.js'
import type { Report } from '../../model/report.js'
import { citation, consequencesOf, riskWord, takenAt } from '../parts.js'
import { gathered, stepTexts } from '../steps.js'
import type { Detail } from './detail.js'
import { code, fence, prose } from './escape.js'

const words = { critical: 'critical', warning: 'warning', info: 'note' } as const

export function headline({ title, severity, confidence, cause }: Diagnosis): string {
	return `**${prose(title)}** (${words[severity]}, ${confidence}, ${code(cause)})`
}

/** Why we think so: as a numbered item, so that the causes can be spoken of. */
export function evidenceLines(report: Report, root: Diagnosis, detail: Detail): string[] {
	const now = takenAt(report)
	const lines = [
		`1. ${headline(root)}`,
		'',
		...findingLines(root.findings, detail.findings, { ...detail, minor: false }, now, '   '),
	]
	const consequences = consequencesOf(report, root)
	if (consequences.length > 0) {
		lines.push('', '   Follows from it:', '')
		for (const consequence of consequences) {
			lines.push(`   - ${headline(consequence)}`)
			const { consequenceFindings: most } = detail
			if (most > 0)
				lines.push(...findingLines(consequence.findings, most, { ...detail, minor: true }, now, '     '))
		}
	}
	return lines
}

interface Quoting extends Pick<Detail, 'quote' | 'minorQuotes'> {
	minor: boolean
}

function findingLines(
	findings: readonly Finding[],
	most: number,
	quoting: Quoting,
	now: number,
	indent: string,
): string[] {
	const lines = findings.slice(0, most).flatMap(finding => findingText(finding, quoting, now, indent))
	const more = findings.length - most
	return more > 0 ? [...lines, `${indent}- and ${more} more`] : lines
}

function findingText(finding: Finding, { quote, minorQuotes, minor }: Quoting, now: number, indent: string) {
	const { says, weight } = finding
	const lines = [`${indent}- ${prose(says)} (${code(citation(finding, now))})`]
	const text = finding.quote?.text.trim() ?? ''
	const wanted = quote > 0 && (minorQuotes || (!minor && weight !== 'hint'))
	if (!wanted || text === '' || text === says) return lines
	const shown = text.length > quote ? `${text.slice(0, quote)} …` : text
	return [...lines, ...fence(shown, `${indent}  `)]
}

export function remedyLines({ title, explain, remedies }: Diagnosis, how: Detail['remedies']): string[] {
	const shown = how === 'first' ? remedies.slice(0, 1) : remedies
	return [
		`- **${prose(title)}**: ${prose(explain)}`,
		...shown.flatMap(remedy => [
			`  - ${prose(remedy.title)} (${riskWord[remedy.risk]})`,
			...(how === 'titles' ? [] : [`    ${prose(remedy.why)}`, ...stepLines(remedy)]),
		]),
		...(shown.length < remedies.length ? [`  - and ${remedies.length - shown.length} other remedies`] : []),
	]
}

function stepLines({ steps }: Remedy): string[] {
	return gathered(steps.flatMap(stepTexts)).flatMap(({ kind, text }) => {
		if (kind === 'words') return [`    - ${prose(text)}`]
		return fence(text, '    ', kind === 'command' ? 'sh' : '')
	})
}
