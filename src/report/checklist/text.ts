/** A checklist as text: what failed first, what passed in a line each. */
import type { ChecklistReport, CheckOutcome, CheckResult, CheckStatus } from '../../model/checklist.js'
import { plainDeep } from '../../model/plain-text.js'
import { stepTexts } from '../steps.js'
import { toAscii } from '../text/ascii.js'
import type { TextOptions } from '../text/index.js'
import { type Paint, painter, type Tone } from '../text/paint.js'
import { wrap } from '../text/wrap.js'
import { utcTime } from '../times.js'
import { counted, headline, statusWord, verdictWords } from './words.js'

const tones: Record<CheckStatus, Tone> = { fail: 'bad', warn: 'warn', 'not-examined': 'accent', pass: 'good' }
const order: readonly CheckStatus[] = ['fail', 'warn', 'not-examined', 'pass']

/** Behind the status word. */
const indent = 6

interface Context {
	width: number
	paint: Paint
}

export function checklistText(unsafe: ChecklistReport, options: TextOptions): string {
	const report = plainDeep(unsafe)
	const context = { width: Math.max(60, Math.min(options.width, 120)), paint: painter(options.colour) }
	const { paint, width } = context
	const lines = [
		...wrap(headline(report), width).map(line => paint('strong', line)),
		paint('faint', `${report.from}, ${utcTime(Date.parse(report.takenAt) || 0)} UTC`),
		'',
		...verdictLines(report, context),
		...order.flatMap(status => {
			const those = report.checks.filter(check => check.status === status)
			if (those.length === 0) return []
			// What passed needs no air.
			return status === 'pass'
				? ['', ...those.flatMap(check => checkLines(check, context))]
				: those.flatMap(check => ['', ...checkLines(check, context)])
		}),
		...leftLines(report, context),
		...report.wrote.flatMap(words => ['', ...wrap(words, width).map(line => paint('faint', line))]),
		'',
		...wrap(footWords(report), width).map(line => paint('faint', line)),
	]
	const text = `${lines.join('\n')}\n`
	return options.ascii ? toAscii(text) : text
}

function verdictLines(report: ChecklistReport, { paint, width }: Context): string[] {
	const word = verdictWords(report)
	const [first = '', ...rest] = wrap(counted(report), width - word.length - 2)
	return [
		`${paint(tones[report.verdict], paint('strong', word))}  ${first}`,
		...rest.map(line => ' '.repeat(word.length + 2) + line),
	]
}

function checkLines({ title, status, results, explain, docs }: CheckOutcome, context: Context): string[] {
	const { paint, width } = context
	const head = paint(tones[status], statusWord[status].padEnd(indent))
	if (status === 'pass') {
		const says = results.map(result => result.says).join('; ')
		const [first = '', ...rest] = wrap(`${title}: ${says}`, width - indent)
		return [`${head}${first}`, ...rest.map(line => ' '.repeat(indent) + line)]
	}
	const [first = '', ...rest] = wrap(title, width - indent)
	const pad = ' '.repeat(indent)
	return [
		`${head}${paint('strong', first)}`,
		...rest.map(line => ' '.repeat(indent) + paint('strong', line)),
		...results.toSorted(byStatus).flatMap(result => resultLines(result, context)),
		...(status === 'fail'
			? wrap(`Why it matters: ${explain}`, width - indent).map(line => pad + paint('faint', line))
			: []),
		...(status === 'not-examined' ? [] : docs.slice(0, 1).map(url => pad + paint('faint', url))),
	]
}

const byStatus = (a: CheckResult, b: CheckResult) => order.indexOf(a.status) - order.indexOf(b.status)

function resultLines({ status, says, quote, advice }: CheckResult, { paint, width }: Context): string[] {
	const pad = ' '.repeat(indent)
	const mark = status === 'pass' ? 'ok: ' : status === 'not-examined' ? 'not examined: ' : ''
	const where = quote ? `${quote.file}${quote.line === undefined ? '' : `:${quote.line}`}` : ''
	return [
		...wrap(`${mark}${says}`, width - indent).map(line => pad + line),
		...(where && status !== 'pass' ? [pad + paint('faint', where)] : []),
		...(status === 'pass' ? [] : advice.flatMap(stepTexts)).flatMap(({ kind, text }) =>
			kind === 'command'
				? [`${pad}${paint('command', `$ ${text}`)}`]
				: wrap(text.trimEnd(), width - indent - 2).map(
						line => `${pad}${kind === 'content' ? '  ' : ''}${line}`,
					),
		),
	]
}

function leftLines({ left }: ChecklistReport, { paint, width }: Context): string[] {
	if (left.length === 0) return []
	const reasons = new Map<string, string[]>()
	for (const { title, because } of left) reasons.set(because, [...(reasons.get(because) ?? []), title])
	return [
		'',
		...[...reasons].flatMap(([because, those]) =>
			wrap(`Left out, because ${because}: ${those.join('; ')}`, width).map(line => paint('faint', line)),
		),
	]
}

function footWords({ ms, doctor }: ChecklistReport): string {
	const asked = ms.ask === undefined ? 'Judged' : `Asked in ${(ms.ask / 1000).toFixed(1)} s, judged`
	return `${asked} in ${Math.round(ms.judge)} ms; k3s-doctor ${doctor.version}`
}
