/** What changed between two looks at a node: in diagnoses, versions, configuration, certificates, starts. Pure. */
import type { Evidence } from '../../model/evidence/index.js'
import type { Report, Verdict } from '../../model/report.js'
import { certificateChanges } from './certificates.js'
import { configurationChanges } from './configuration.js'
import { diagnosisChanges } from './diagnoses.js'
import { startChanges } from './starts.js'
import { versionChanges } from './versions.js'

export interface Side {
	report: Report
	evidence: Evidence
}

/** `fresh`: only in B. `gone`: only in A. */
export interface Change {
	kind: 'fresh' | 'gone' | 'changed'
	what: string
	before?: string
	after?: string
}

export interface Section {
	name: 'diagnoses' | 'versions' | 'configuration' | 'certificates' | 'starts'
	title: string
	changes: Change[]
	/** Why there is nothing to compare, e.g. because one side has no such evidence. */
	blind?: string
}

export interface Look {
	from: string
	hostname: string
	takenAt: string
	verdict: Verdict
	summary: string
}

export interface Comparison {
	schema: 1
	a: Look
	b: Look
	sections: Section[]
	/** What a reader has to know beforehand: two nodes, or A is the newer one. */
	notes: string[]
}

export function compare(a: Side, b: Side): Comparison {
	return {
		schema: 1,
		a: lookOf(a),
		b: lookOf(b),
		sections: [
			{ name: 'diagnoses', title: 'Diagnoses', changes: diagnosisChanges(a.report, b.report) },
			{ name: 'versions', title: 'Versions and system', changes: versionChanges(a, b) },
			{ name: 'configuration', title: 'Configuration', ...configurationChanges(a.evidence, b.evidence) },
			{ name: 'certificates', title: 'Certificates', ...certificateChanges(a, b) },
			{ name: 'starts', title: 'Starts and restarts', ...startChanges(a, b) },
		],
		notes: notesOn(a.report, b.report),
	}
}

function lookOf({ report }: Side): Look {
	const { from, takenAt, verdict, summary, node } = report
	return { from, hostname: node.hostname, takenAt, verdict, summary }
}

function notesOn(a: Report, b: Report): string[] {
	const notes: string[] = []
	if (a.node.hostname !== b.node.hostname)
		notes.push(`These are two nodes: ${a.node.hostname} and ${b.node.hostname}`)
	if (a.node.role !== b.node.role) notes.push(`A is ${a.node.role}, B is ${b.node.role}`)
	if (Date.parse(a.takenAt) > Date.parse(b.takenAt)) notes.push('A was taken after B')
	return notes
}

/** Changes between two maps of words; what stands in `secret` cannot be compared, because it is masked. */
export function changesBetween(
	before: ReadonlyMap<string, string>,
	after: ReadonlyMap<string, string>,
): Change[] {
	const names = [...new Set([...before.keys(), ...after.keys()])]
	return names.flatMap((what): Change[] => {
		const was = before.get(what)
		const is = after.get(what)
		if (was === undefined && is !== undefined) return [{ kind: 'fresh', what, after: is }]
		if (was !== undefined && is === undefined) return [{ kind: 'gone', what, before: was }]
		if (was === undefined || is === undefined || unmarked(was) === unmarked(is)) return []
		return [{ kind: 'changed', what, before: was, after: is }]
	})
}

/** Masks of different bundles are made with different keys: whether the secrets behind them are equal is not known. */
function unmarked(text: string): string {
	return text.replace(/<redacted(?:-[0-9a-f]+)?>/g, '<redacted>')
}
