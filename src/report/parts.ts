/** What every format says, before it is dressed: the facts of the node, roots and consequences, gaps by their reason. */
import type { Action } from '../model/action.js'
import type { Confidence, Diagnosis, Finding, Severity, Weight } from '../model/diagnosis.js'
import type { Report, Verdict } from '../model/report.js'
import { duration, nearTime, utcTime } from './times.js'

export const verdictWord: Record<Verdict, string> = {
	down: 'DOWN',
	degraded: 'DEGRADED',
	'at-risk': 'AT RISK',
	healthy: 'HEALTHY',
	starting: 'STARTING',
	'not-examined': 'NOT EXAMINED',
}

export const severityWord: Record<Severity, string> = {
	critical: 'CRITICAL',
	warning: 'WARNING',
	info: 'NOTE',
}

export const confidenceWord: Record<Confidence, string> = {
	certain: 'certain',
	likely: 'likely',
	possible: 'possible',
}

export const weightWord: Record<Weight, string> = { proof: 'proof', strong: 'strong sign', hint: 'hint' }

export const riskWord = { safe: 'safe', restart: 'restarts something', destructive: 'DESTRUCTIVE' } as const

/** When the node was asked, epoch milliseconds. */
export function takenAt(report: Report): number {
	return Date.parse(report.takenAt) || 0
}

/** Label and value of what is known of the node. */
export function nodeFacts({ node, service, takenAt, from }: Report): [label: string, value: string][] {
	const facts: [string, string | undefined][] = [
		['Node', node.hostname],
		['Role', node.role === 'unknown' ? undefined : node.role],
		['k3s', node.k3sVersion],
		['Service', `${node.unit}, ${service.replaceAll('-', ' ')}`],
		['Datastore', node.datastore],
		['System', [node.os, node.kernel, node.arch].filter(Boolean).join(', ')],
		['Up', node.uptimeSeconds === undefined ? undefined : duration(node.uptimeSeconds * 1000)],
		['Addresses', node.addresses.join(', ')],
		['Data directory', node.dataDir],
		['Asked as', node.root ? 'root' : 'an ordinary user'],
		['Taken', `${utcTime(Date.parse(takenAt) || 0)} UTC, from ${from}`],
	]
	return facts.flatMap(([label, value]) => (value ? [[label, value]] : []))
}

/** Root causes that are at least likely, in rank order. */
export function rootsOf({ diagnoses }: Report): Diagnosis[] {
	return diagnoses.filter(({ explainedBy, confidence }) => !explainedBy && confidence !== 'possible')
}

/** The diagnoses that follow from `root`, those of this report that it names. */
export function consequencesOf({ diagnoses }: Report, root: Diagnosis): Diagnosis[] {
	return diagnoses.filter(({ cause }) => root.explains.includes(cause))
}

/** Those that little speaks for. */
export function possibleOf({ diagnoses }: Report): Diagnosis[] {
	return diagnoses.filter(({ explainedBy, confidence }) => !explainedBy && confidence === 'possible')
}

/** Where a finding was seen, when and how often. */
export function citation({ quote, source, at, count }: Finding, now: number): string {
	const place = quote ? `${quote.file}${quote.line === undefined ? '' : `:${quote.line}`}` : source
	const often = count !== undefined && count > 1 ? `${count} times` : ''
	return [place, at === undefined ? '' : nearTime(at, now), often].filter(Boolean).join(', ')
}

export interface GapGroup {
	detail: string
	commands: string[]
}

/** Questions of one source that failed for the same reason are one gap to a reader; what matters comes first. */
export function gapGroups({ gaps }: Report): GapGroup[] {
	const groups = new Map<string, GapGroup>()
	for (const { source, why, unasked, detail, askFor } of gaps.toSorted(
		(a, b) => Number(b.matters) - Number(a.matters),
	)) {
		// Each program words a refusal in its own way; how a command failed may differ in what matters.
		const key = `${source}: ${why === 'failed' || unasked ? detail : why}`
		const group = groups.get(key) ?? { detail: `${source}: ${detail}`, commands: [] }
		if (askFor !== '') group.commands.push(askFor)
		groups.set(key, group)
	}
	return [...groups.values()]
}

/** Causes that could not be looked for although this node may have them. */
export function blindCauses({ unexamined }: Report): Report['unexamined'] {
	return unexamined.filter(({ missing }) => missing.length > 0)
}

/** An action of the audit log in a sentence. */
export function actionSentence({
	at,
	title,
	cause,
	user,
	outcome,
	detail,
	verified,
	undoneBy,
}: Action): string {
	const how = outcome ?? 'cut off, its end is not known'
	const more = [detail, verified?.says, undoneBy && `taken back by ${undoneBy}`].filter(Boolean).join('; ')
	return `${utcTime(at)} UTC, ${user || 'somebody'}: ${title} (${cause}): ${how}${more ? `. ${more}` : ''}`
}

export interface MaskedKind {
	kind: string
	count: number
	files: string[]
}

/** What was masked, by kind, most first. */
export function maskedKinds({ masked = [] }: Pick<Report, 'masked'>): MaskedKind[] {
	const kinds = new Map<string, MaskedKind>()
	for (const { kind, file, count } of masked) {
		const known = kinds.get(kind) ?? { kind, count: 0, files: [] }
		known.count += count
		if (!known.files.includes(file)) known.files.push(file)
		kinds.set(kind, known)
	}
	return [...kinds.values()].sort((a, b) => b.count - a.count)
}

/** What was masked, in a sentence; `undefined` where nobody kept count. */
export function maskedSentence({ masked }: Pick<Report, 'masked'>): string | undefined {
	if (masked === undefined) return undefined
	const kinds = maskedKinds({ masked })
	if (kinds.length === 0) return 'Nothing secret was found in the evidence.'
	const shown = kinds.map(({ kind, count, files }) =>
		files.length === 1
			? `${kind} (${count}, in ${files[0]})`
			: `${kind} (${count}, in ${files.length} files)`,
	)
	return `Masked: ${shown.join('; ')}.`
}

const counted = (count: number, one: string) => `${count} ${one}${count === 1 ? '' : 's'}`

/** How the report came about. */
export function provenance({ examined, gaps, ms, doctor }: Report): string {
	const asked = ms.ask === undefined ? '' : `asked in ${(ms.ask / 1000).toFixed(1)} s, `
	return `${counted(examined.length, 'source')} answered, ${counted(gaps.length, 'question')} did not; ${asked}judged in ${Math.round(ms.judge)} ms; k3s-doctor ${doctor.version}`
}
