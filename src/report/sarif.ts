/** SARIF 2.1.0: one rule per cause, one result per diagnosis, its evidence as locations in the bundle. */
import { causes, isCauseId } from '../model/causes.js'
import type { Diagnosis, Finding, Unexamined } from '../model/diagnosis.js'
import { plainDeep } from '../model/plain-text.js'
import type { Report, ReportRule } from '../model/report.js'
import { citation, riskWord, takenAt } from './parts.js'
import { stepTexts } from './steps.js'

const schema = 'https://docs.oasis-open.org/sarif/sarif/v2.1.0/errata01/os/schemas/sarif-schema-2.1.0.json'
const homepage = 'https://docs.k3s.io'

const levels = { critical: 'error', warning: 'warning', info: 'note' } as const

export function sarifReport(unsafe: Report): string {
	const report = plainDeep(unsafe)
	const rules = rulesOf(report)
	const indexes = new Map(rules.map(({ id }, index) => [id, index]))
	const { node, doctor } = report
	const log = {
		$schema: schema,
		version: '2.1.0',
		runs: [
			{
				tool: {
					driver: {
						name: 'k3s-doctor',
						version: doctor.version,
						semanticVersion: doctor.version,
						informationUri: homepage,
						rules,
					},
				},
				automationDetails: { id: `k3s-doctor/${node.hostname}` },
				invocations: [invocation(report)],
				originalUriBaseIds: {
					BUNDLE: { description: { text: 'The bundle of the node: a folder, or the top of its archive.' } },
				},
				results: [
					...report.diagnoses.map((diagnosis, rank) => result(report, diagnosis, rank, indexes)),
					...report.unexamined.map(each => open(report, each, indexes)),
				],
				columnKind: 'utf16CodeUnits',
				properties: {
					verdict: report.verdict,
					summary: report.summary,
					takenAt: report.takenAt,
					from: report.from,
					node,
					masked: report.masked ?? [],
					actions: (report.actions ?? []).map(({ at, cause, title, outcome, user }) => ({
						at: new Date(at).toISOString(),
						cause,
						title,
						user,
						outcome: outcome ?? 'unknown',
					})),
				},
			},
		],
	}
	return `${JSON.stringify(log, null, 2)}\n`
}

/** Every cause of the taxonomy, and what else was diagnosed: the index of a rule says nothing of this node. */
function rulesOf({ diagnoses, rules = [] }: Report) {
	const judged = new Map<string, ReportRule>(rules.map(rule => [rule.cause, rule]))
	const others = diagnoses.map(({ cause }) => cause).filter(cause => !isCauseId(cause))
	return [...Object.keys(causes), ...new Set(others)].map(id => {
		const rule = judged.get(id)
		const means = isCauseId(id) ? causes[id].means : 'a fatal message that no rule knows'
		const doc = rule?.docs.find(url => /^https:\/\/[!-~]+$/.test(url))
		return {
			id,
			name: pascal(id),
			shortDescription: { text: ended(rule?.title ?? capital(means)) },
			fullDescription: { text: ended(rule?.explain ?? capital(means)) },
			help: { text: ended(`${rule?.explain ?? capital(means)} See k3s-doctor explain ${id}`) },
			helpUri: doc ?? homepage,
			defaultConfiguration: { level: levels[rule?.severity ?? 'warning'] },
			...(isCauseId(id) && { properties: { tags: [causes[id].area] } }),
		}
	})
}

const pascal = (id: string) => id.replace(/(?:^|-)([a-z0-9])/g, (_, letter: string) => letter.toUpperCase())
const capital = (text: string) => text.charAt(0).toUpperCase() + text.slice(1)
const ended = (text: string) => `${text.replace(/[.\s]+$/, '')}.`

const confidenceRank = { certain: 100, likely: 70, possible: 30 } as const

function result(
	report: Report,
	diagnosis: Diagnosis,
	position: number,
	indexes: ReadonlyMap<string, number>,
) {
	const { cause, severity, confidence, explain, findings, explains, explainedBy, remedies } = diagnosis
	const quoted = findings.filter(({ quote }) => quote !== undefined)
	const possible = confidence === 'possible'
	const now = takenAt(report)
	return {
		ruleId: cause,
		ruleIndex: indexes.get(cause) ?? -1,
		// Only a failure has a level.
		kind: possible ? 'review' : 'fail',
		level: possible ? 'none' : levels[severity],
		message: { text: messageOf(diagnosis) },
		rank: Math.max(0, confidenceRank[confidence] - Math.min(position, 29)),
		locations: [location(report, quoted[0])],
		...(quoted.length > 1 && {
			relatedLocations: quoted.slice(1, 40).map((finding, index) => ({
				id: index + 1,
				...location(report, finding),
				message: { text: ended(finding.says) },
			})),
		}),
		partialFingerprints: { 'causeOnNode/v1': `${cause}@${report.node.hostname}` },
		properties: {
			severity,
			confidence,
			explain,
			explains,
			explainedBy: explainedBy ?? null,
			findings: findings.map(finding => `${finding.says} (${citation(finding, now)})`),
			remedies: remedies.map(remedy => ({
				title: remedy.title,
				why: remedy.why,
				risk: riskWord[remedy.risk],
				steps: remedy.steps.flatMap(stepTexts).map(({ text }) => text),
			})),
		},
	}
}

function messageOf({ title, findings, explainedBy }: Diagnosis): string {
	const why = findings[0] ? ` ${ended(findings[0].says)}` : ''
	return `${ended(title)}${why}${explainedBy ? ` Follows from ${explainedBy}.` : ''}`
}

/** The line in the bundle where there is one, and the node either way. */
function location({ node }: Report, finding: Finding | undefined) {
	const quote = finding?.quote
	const line = quote?.line
	const logicalLocations = [
		{ name: node.unit, fullyQualifiedName: `${node.hostname}/${node.unit}`, kind: 'resource' },
	]
	if (!quote) return { logicalLocations }
	return {
		physicalLocation: {
			artifactLocation: { uri: uriOf(quote.file), uriBaseId: 'BUNDLE' },
			...(line !== undefined && line >= 1 && { region: { startLine: line, snippet: { text: quote.text } } }),
		},
		logicalLocations,
	}
}

/** A bundle's file name as a relative reference. Halves of surrogate pairs have no encoding. */
function uriOf(file: string): string {
	return file
		.replace(/[\ud800-\udbff](?![\udc00-\udfff])|(?<![\ud800-\udbff])[\udc00-\udfff]/g, '\ufffd')
		.split('/')
		.map(encodeURIComponent)
		.join('/')
}

/** A cause that could not be looked for is open; one that this kind of node cannot have is not applicable. */
function open(
	report: Report,
	{ cause, title, missing, because, askFor }: Unexamined,
	indexes: ReadonlyMap<string, number>,
) {
	return {
		ruleId: cause,
		ruleIndex: indexes.get(cause) ?? -1,
		kind: missing.length > 0 ? 'open' : 'notApplicable',
		level: 'none',
		message: { text: ended(`Not examined: ${title}. ${capital(because)}`) },
		locations: [location(report, undefined)],
		...(askFor && { properties: { askFor } }),
	}
}

function invocation({ takenAt: at, gaps, crashed, notes }: Report) {
	const time = new Date(Date.parse(at) || 0).toISOString()
	const gapNote = (text: string, level: 'note' | 'warning' | 'error') => ({ level, message: { text } })
	return {
		executionSuccessful: crashed.length === 0,
		endTimeUtc: time,
		toolExecutionNotifications: [
			...gaps.map(({ source, file, detail, matters }) =>
				gapNote(`${source}: ${file}: ${detail}`, matters ? 'warning' : 'note'),
			),
			...crashed.map(({ cause, error }) => gapNote(`The rule ${cause} failed: ${error}`, 'error')),
			...notes.map(note => gapNote(note, 'note')),
		],
	}
}
