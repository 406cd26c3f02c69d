/** The text report: the verdict, the root causes with proof and remedies, and what could not be seen. */
import { plainDeep } from '../../model/plain-text.js'
import type { Report } from '../../model/report.js'
import { actionSentence, blindCauses, gapGroups, maskedSentence, provenance } from '../parts.js'
import { duration, utcTime } from '../times.js'
import { toAscii } from './ascii.js'
import { diagnosisText, type TextContext } from './diagnosis.js'
import { confidenceWord, painter, verdictTone, verdictWord } from './paint.js'
import { wrap } from './wrap.js'

export interface TextOptions {
	/** Columns. Below 60 lines may be wider than asked for. */
	width: number
	colour: boolean
	ascii?: boolean
}

export function textReport(unsafe: Report, { width, colour, ascii = false }: TextOptions): string {
	const report = plainDeep(unsafe)
	const paint = painter(colour)
	const roots = report.diagnoses.filter(
		({ explainedBy, confidence }) => !explainedBy && confidence !== 'possible',
	)
	const context: TextContext = {
		width: Math.max(60, Math.min(width, 120)),
		paint,
		ascii,
		now: Date.parse(report.takenAt) || 0,
		brief: cause => briefly(report, cause),
	}
	const lines = [
		...headText(report, context),
		'',
		...roots.flatMap((diagnosis, index) => [...diagnosisText(diagnosis, index + 1, context), '']),
		...possibleText(report, context),
		...(roots.length === 0 ? lookedAtText(report, context) : []),
		...blindText(report, context),
		...doneText(report, context),
		...footText(report, context),
	]
	const text = `${lines.join('\n').replace(/\n{3,}/g, '\n\n')}\n`
	return ascii ? toAscii(text) : text
}

function briefly({ diagnoses }: Report, cause: string): string {
	const diagnosis = diagnoses.find(each => each.cause === cause)
	const says = diagnosis?.findings[0]?.says
	return `${diagnosis?.title ?? cause}${says ? `: ${says}` : ''}`
}

function headText(report: Report, { paint, width }: TextContext): string[] {
	const { node } = report
	const facts = [
		node.role === 'unknown' ? '' : node.role,
		node.k3sVersion ? `k3s ${node.k3sVersion}` : '',
		node.datastore ?? '',
		node.os ?? '',
		node.arch ?? '',
		node.uptimeSeconds === undefined ? '' : `up ${duration(node.uptimeSeconds * 1000)}`,
	].filter(Boolean)
	const badge = paint(verdictTone[report.verdict], paint('strong', verdictWord[report.verdict]))
	const [first = '', ...rest] = wrap(report.summary, width - verdictWord[report.verdict].length - 2)
	return [
		...wrap(facts.length > 0 ? `${node.hostname}: ${facts.join(', ')}` : node.hostname, width).map(line =>
			paint('strong', line),
		),
		paint('faint', `${report.from}, taken ${utcTime(Date.parse(report.takenAt) || 0)} UTC`),
		'',
		`${badge}  ${first}`,
		...rest.map(line => ' '.repeat(verdictWord[report.verdict].length + 2) + line),
	]
}

function possibleText(report: Report, { paint, width, ascii }: TextContext): string[] {
	const possible = report.diagnoses.filter(
		({ explainedBy, confidence }) => !explainedBy && confidence === 'possible',
	)
	if (possible.length === 0) return []
	const bullet = ascii ? '-' : '•'
	return [
		paint('strong', 'Possible, with little to show for it'),
		...possible.flatMap(({ title, cause, findings }) => {
			const says = findings[0] ? `: ${findings[0].says}` : ''
			const [first = '', ...rest] = wrap(`${title}${says} (${confidenceWord.possible}, ${cause})`, width - 4)
			return [`  ${bullet} ${first}`, ...rest.map(line => `    ${line}`)]
		}),
		'',
	]
}

function lookedAtText(report: Report, { paint, width }: TextContext): string[] {
	if (report.examined.length === 0) return []
	return [
		paint('strong', 'Looked at'),
		...wrap(report.examined.join(', '), width - 2).map(line => `  ${line}`),
		'',
	]
}

const mostGaps = 8

function blindText(report: Report, { paint, width, ascii }: TextContext): string[] {
	const bullet = ascii ? '-' : '•'
	const blind = blindCauses(report)
	if (report.gaps.length === 0 && report.crashed.length === 0 && blind.length === 0) return []
	const lines = [paint('strong', 'Not seen')]
	const groups = gapGroups(report)
	for (const { detail, commands } of groups.slice(0, mostGaps)) {
		const [first = '', ...rest] = wrap(detail, width - 4)
		lines.push(`  ${bullet} ${first}`, ...rest.map(line => `    ${line}`))
		lines.push(...commands.slice(0, 2).map(command => `    ${paint('command', `$ ${command}`)}`))
		const more = commands.length - 2
		if (more > 0)
			lines.push(paint('faint', `    and ${more} more ${more === 1 ? 'question' : 'questions'} of this kind`))
	}
	if (groups.length > mostGaps) {
		lines.push(paint('faint', `    and ${groups.length - mostGaps} more, see --format json`))
	}
	if (blind.length > 0) {
		const names = blind.map(({ cause }) => cause)
		const shown = names.slice(0, 12).join(', ') + (names.length > 12 ? `, and ${names.length - 12} more` : '')
		lines.push(
			...wrap(`Therefore ${names.length} causes were not examined: ${shown}`, width - 2).map(
				line => `  ${line}`,
			),
		)
	}
	for (const { cause, error } of report.crashed) {
		lines.push(...wrap(`The rule ${cause} failed: ${error}`, width - 4).map(line => `  ${bullet} ${line}`))
	}
	return [...lines, '']
}

const mostActions = 5

/** Newest first. */
function doneText({ actions = [] }: Report, { paint, width, ascii }: TextContext): string[] {
	if (actions.length === 0) return []
	const lines = actions
		.slice(-mostActions)
		.toReversed()
		.flatMap(action => {
			const [first = '', ...rest] = wrap(actionSentence(action), width - 4)
			return [`  ${ascii ? '-' : '•'} ${first}`, ...rest.map(line => `    ${line}`)]
		})
	const more = actions.length - mostActions
	if (more > 0) lines.push(paint('faint', `    and ${more} before, see k3s-doctor history`))
	return [paint('strong', 'Done by the doctor on this node'), ...lines, '']
}

function footText(report: Report, { paint, width }: TextContext): string[] {
	const notes = report.notes.flatMap(note => wrap(`Note: ${note}`, width))
	const sentence = maskedSentence(report)
	const masked = sentence ? wrap(sentence, width) : []
	return [
		...notes,
		...masked.map(line => paint('faint', line)),
		...wrap(provenance(report), width).map(line => paint('faint', line)),
	]
}
