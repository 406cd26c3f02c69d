/**
 * JUnit's XML as CI systems read it: one suite per area, one case per cause. A case fails when its cause is at least
 * likely and at or above the level that also sets the exit status; what could not be looked for is skipped, and why.
 */
import { type Area, causes, isCauseId } from '../model/causes.js'
import type { Diagnosis } from '../model/diagnosis.js'
import { plainDeep } from '../model/plain-text.js'
import type { Report } from '../model/report.js'
import { element, type Markup, rendered } from './html/markup.js'
import {
	actionSentence,
	citation,
	confidenceWord,
	maskedSentence,
	nodeFacts,
	severityWord,
	takenAt,
	verdictWord,
} from './parts.js'
import { stepTexts } from './steps.js'

export type JunitLevel = 'critical' | 'warning' | 'never'

type Outcome = 'passed' | 'failed' | 'errored' | 'skipped'

interface Case {
	area: Area | 'unknown'
	outcome: Outcome
	markup: Markup
}

export function junitReport(unsafe: Report, failOn: JunitLevel = 'critical'): string {
	const report = plainDeep(unsafe)
	const cases = casesOf(report, failOn)
	const areas = [...new Set(cases.map(({ area }) => area))]
	const root = element(
		'testsuites',
		{ name: 'k3s-doctor', ...counts(cases, true), time: seconds(report) },
		areas.map((area, index) => {
			const own = cases.filter(each => each.area === area)
			return element(
				'testsuite',
				{
					name: area,
					...counts(own),
					time: '0',
					timestamp: new Date(takenAt(report)).toISOString().slice(0, 19),
					hostname: report.node.hostname,
				},
				index === 0 ? properties(report) : undefined,
				own.map(({ markup }) => markup),
			)
		}),
	)
	return `<?xml version="1.0" encoding="UTF-8"?>\n${rendered(root)}\n`
}

function counts(cases: readonly Case[], top = false) {
	const count = (wanted: Outcome) => cases.filter(({ outcome }) => outcome === wanted).length
	return {
		tests: cases.length,
		failures: count('failed'),
		errors: count('errored'),
		// The outermost element has no such attribute in the schema that CI systems check against.
		...(!top && { skipped: count('skipped') }),
	}
}

const seconds = ({ ms }: Report) => ((ms.judge + (ms.ask ?? 0)) / 1000).toFixed(3)

function properties(report: Report): Markup {
	const given: [string, string][] = [
		['verdict', verdictWord[report.verdict]],
		['summary', report.summary],
		...nodeFacts(report),
		['k3s-doctor', report.doctor.version],
		...report.gaps.map(({ source, file, detail }): [string, string] => [
			`gap ${source}`,
			`${file}: ${detail}`,
		]),
		...(report.actions ?? []).map((action): [string, string] => ['action', actionSentence(action)]),
		...report.notes.map((note): [string, string] => ['note', note]),
	]
	const masked = maskedSentence(report)
	if (masked) given.push(['masked', masked])
	return element(
		'properties',
		{},
		given.map(([name, value]) => element('property', { name, value })),
	)
}

/** One case for each rule, in the order of the taxonomy, and what was diagnosed beside it. */
function casesOf(report: Report, failOn: JunitLevel): Case[] {
	const known = (report.rules ?? []).map(({ cause }) => cause)
	const spoken = [...report.diagnoses, ...report.unexamined, ...report.crashed].map(({ cause }) => cause)
	return [...new Set([...known, ...spoken])].map(cause => {
		const area = isCauseId(cause) ? causes[cause].area : 'unknown'
		const { outcome, inside } = verdictOn(report, cause, failOn)
		const markup = element('testcase', { classname: `k3s.${area}`, name: cause, time: '0' }, inside)
		return { area, outcome, markup }
	})
}

function verdictOn(
	report: Report,
	cause: string,
	failOn: JunitLevel,
): { outcome: Outcome; inside?: Markup | Markup[] } {
	const crashed = report.crashed.find(each => each.cause === cause)
	if (crashed) {
		const message = `The rule failed: ${crashed.error}`
		return { outcome: 'errored', inside: element('error', { message, type: 'crashed' }) }
	}
	const diagnosis = report.diagnoses.find(each => each.cause === cause)
	if (diagnosis) {
		const text = words(diagnosis, report)
		if (!fails(diagnosis, failOn)) return { outcome: 'passed', inside: element('system-out', {}, text) }
		const follows = diagnosis.explainedBy ? ` (follows from ${diagnosis.explainedBy})` : ''
		const message = `${diagnosis.title}${follows}`
		return { outcome: 'failed', inside: element('failure', { message, type: diagnosis.severity }, text) }
	}
	const unexamined = report.unexamined.find(each => each.cause === cause)
	if (!unexamined) return { outcome: 'passed' }
	const settle = unexamined.askFor ? ` Settled by: ${unexamined.askFor}` : ''
	return {
		outcome: 'skipped',
		inside: element('skipped', { message: `Not examined: ${unexamined.because}${settle}` }),
	}
}

function fails({ severity, confidence }: Diagnosis, failOn: JunitLevel): boolean {
	if (failOn === 'never' || confidence === 'possible') return false
	return severity === 'critical' || (failOn === 'warning' && severity === 'warning')
}

function words(
	{ title, explain, severity, confidence, findings, remedies }: Diagnosis,
	report: Report,
): string {
	const now = takenAt(report)
	return [
		`${severityWord[severity]}, ${confidenceWord[confidence]}: ${title}`,
		explain,
		'',
		...findings.flatMap(finding => [
			`- ${finding.says} (${citation(finding, now)})`,
			...(finding.quote?.text ? [`    ${finding.quote.text}`] : []),
		]),
		...remedies.flatMap(remedy => [
			'',
			`${remedy.title} (${remedy.risk}): ${remedy.why}`,
			...remedy.steps
				.flatMap(stepTexts)
				.map(({ kind, text }) => (kind === 'command' ? `  $ ${text}` : `  ${text}`)),
		]),
		'',
	].join('\n')
}
