/** One root cause as text: why we think so, what follows from it, what to do. */
import type { Diagnosis, Finding } from '../../model/diagnosis.js'
import { plainLine } from '../../model/plain-text.js'
import type { Remedy } from '../../model/remedy.js'
import { stepTexts } from '../steps.js'
import { duration, nearTime } from '../times.js'
import { confidenceWord, type Paint, severityTone, severityWord } from './paint.js'
import { shorten, wrap } from './wrap.js'

export interface TextContext {
	width: number
	paint: Paint
	/** The node's clock, epoch milliseconds. */
	now: number
	/** No characters outside ASCII. */
	ascii: boolean
	/** A diagnosis of this report in a line: its title, and what speaks for it most. */
	brief: (cause: string) => string
}

const mostFindings = 5

export function diagnosisText(diagnosis: Diagnosis, number: number, context: TextContext): string[] {
	const { paint, width } = context
	const head = `${number}. ${severityWord[diagnosis.severity]}`
	const tail = `${confidenceWord[diagnosis.confidence]} · ${diagnosis.cause}`.replace(
		'·',
		context.ascii ? '-' : '·',
	)
	const lines = [
		`${paint(severityTone[diagnosis.severity], paint('strong', head))}  ${paint('strong', diagnosis.title)}`,
		`   ${paint('faint', tail)}${diagnosis.at ? paint('faint', `, last seen ${duration(context.now - diagnosis.at)} before`) : ''}`,
		...indent(wrap(diagnosis.explain, width - 3), 3),
		'',
		`   ${paint('strong', 'Why')}`,
		...diagnosis.findings.slice(0, mostFindings).flatMap(finding => findingText(finding, context)),
	]
	const more = diagnosis.findings.length - mostFindings
	if (more > 0) lines.push(paint('faint', `     and ${more} more of this kind`))
	if (diagnosis.explains.length > 0) {
		lines.push('', `   ${paint('strong', 'Follows from it')}`)
		for (const cause of diagnosis.explains) lines.push(...bullet(context.brief(cause), 5, context))
	}
	lines.push(...diagnosis.remedies.flatMap((remedy, index) => remedyText(remedy, index, context)))
	if (diagnosis.docs.length > 0) lines.push('', ...diagnosis.docs.map(url => `   ${paint('faint', url)}`))
	return lines
}

function findingText(finding: Finding, context: TextContext): string[] {
	const { paint, width, now } = context
	const lines = bullet(finding.says, 5, context)
	const { quote } = finding
	const facts = [
		quote ? `${quote.file}${quote.line ? `:${quote.line}` : ''}` : finding.source,
		finding.at ? nearTime(finding.at, now) : '',
		finding.count && finding.count > 1 ? `${finding.count} times` : '',
	].filter(Boolean)
	lines.push(`       ${paint('faint', shorten(facts.join('  '), width - 7, context.ascii ? '...' : '…'))}`)
	if (quote?.text && plainLine(quote.text) !== finding.says) {
		const text = wrap(plainLine(quote.text).trimEnd(), width - 9)
		const bar = context.ascii ? '|' : '│'
		lines.push(...text.slice(0, 4).map(line => `       ${paint('faint', bar)} ${line}`))
		if (text.length > 4) lines.push(`       ${paint('faint', `${bar} ${context.ascii ? '...' : '…'}`)}`)
	}
	return lines
}

const riskWords = { safe: 'safe', restart: 'restarts something', destructive: 'DESTRUCTIVE' }

function remedyText(remedy: Remedy, index: number, context: TextContext): string[] {
	const { paint, width } = context
	const head = index === 0 ? 'What to do' : 'Or'
	const risk = remedy.risk === 'destructive' ? paint('bad', riskWords.destructive) : riskWords[remedy.risk]
	const lines = [
		'',
		`   ${paint('strong', head)}: ${remedy.title}  ${paint('faint', '(')}${risk}${paint('faint', ')')}`,
	]
	lines.push(...indent(wrap(remedy.why, width - 5), 5))
	if (remedy.interrupts && remedy.interrupts !== 'nothing') {
		lines.push(...indent(wrap(`Interrupts: ${remedy.interrupts}`, width - 5), 5))
	}
	for (const step of remedy.steps) {
		for (const { kind, text } of stepTexts(step)) {
			// Commands are never wrapped: a copied line must be the whole command.
			if (kind === 'command') lines.push(`     ${paint('command', `$ ${plainLine(text)}`)}`)
			else if (kind === 'words') lines.push(...bullet(text, 5, context))
			else lines.push(...text.split('\n').map(line => `       ${line}`))
		}
	}
	return lines
}

function bullet(text: string, at: number, { width, ascii }: TextContext): string[] {
	const [first = '', ...rest] = wrap(text, width - at - 2)
	return [`${' '.repeat(at)}${ascii ? '-' : '•'} ${first}`, ...rest.map(line => ' '.repeat(at + 2) + line)]
}

function indent(lines: readonly string[], by: number): string[] {
	return lines.map(line => ' '.repeat(by) + line)
}
