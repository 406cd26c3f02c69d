/** The head of the home screen: how the node is, who it is, what could not be seen, what has changed. */
import type { Report } from '../../model/report.js'
import { duration, utcTime } from '../../report/times.js'
import { takenAt } from '../diagnoses.js'
import { counted } from '../format.js'
import { blank, clipped, items, type Line, paragraph, span, strong } from '../line.js'
import type { State } from '../state.js'
import type { Change } from '../subject.js'
import { verdicts } from '../words.js'

/** Up to `rows` lines; on a small window the facts and remarks are shortened, the verdict is not. */
export function verdictHead(state: State, width: number, rows: number): Line[] {
	const { subject, exam, change } = state
	if (!subject) return []
	const { report } = subject
	const roomy = rows >= 16
	const { word, tone } = verdicts[report.verdict]
	const sofar = exam.phase === 'asking' && exam.round === 1 ? 'so far: ' : ''
	const badge = [strong(` ${word}`, tone), span('  ')]
	const verdict = paragraph(sofar + report.summary, width - 1, { first: badge })
	const facts = items(factsOf(report), width - 2, 'faint').map(({ spans }) => ({
		spans: [span(' '), ...spans],
	}))
	const lines = [
		...clipped(verdict, roomy ? 4 : 3, width),
		...clipped(facts, roomy ? 3 : 1, width),
		...(sofar === '' ? blindLines(report, width) : []),
		...(change ? clipped(changeLines(change, report, width), roomy ? 4 : 2, width) : []),
		...(exam.phase === 'failed' ? failureLines(exam.error ?? '', width) : []),
	]
	return roomy ? [blank, ...lines, blank] : lines
}

function factsOf(report: Report): string[] {
	const { node } = report
	const uptime = node.uptimeSeconds === undefined ? '' : `up ${duration(node.uptimeSeconds * 1000)}`
	return [
		node.hostname,
		node.role === 'unknown' ? '' : node.role,
		node.k3sVersion ? `k3s ${node.k3sVersion}` : '',
		node.datastore ?? '',
		node.os ?? '',
		uptime,
		`taken ${utcTime(takenAt(report))} UTC`,
	].filter(Boolean)
}

/** How much could not be examined; nothing where all was. */
function blindLines(report: Report, width: number): Line[] {
	const { gaps, crashed } = report
	const unexamined = report.unexamined.filter(({ missing }) => missing.length > 0).length
	const parts = [
		gaps.length > 0 ? `${counted(gaps.length, 'question')} unanswered` : '',
		unexamined > 0 ? `${counted(unexamined, 'cause')} not examined` : '',
		crashed.length > 0 ? `${counted(crashed.length, 'rule')} failed` : '',
	].filter(Boolean)
	if (parts.length === 0) return []
	const matters = gaps.some(gap => gap.matters)
	const words = `${parts.join(', ')} (see 7)`
	return paragraph(words, width - 1, { first: [span(' ')], tone: matters ? 'warn' : 'faint' })
}

function changeLines(change: Change, report: Report, width: number): Line[] {
	const since = utcTime(Date.parse(change.since) || 0).slice(11)
	const title = (cause: string) => report.diagnoses.find(found => found.cause === cause)?.title ?? cause
	const verdict =
		change.before === change.now ? '' : `${verdicts[change.before].word} became ${verdicts[change.now].word}`
	const parts = [
		verdict,
		...change.gone.map(text => `gone: ${text}`),
		...change.fresh.map(cause => `new: ${title(cause)}`),
	].filter(Boolean)
	const words = `Since the look at ${since}: ${parts.length > 0 ? parts.join('; ') : 'nothing has changed'}.`
	return paragraph(words, width - 1, { first: [span(' ')], tone: 'accent' })
}

function failureLines(error: string, width: number): Line[] {
	return paragraph(`The last examination failed: ${error}`, width - 1, { first: [span(' ')], tone: 'bad' })
}
