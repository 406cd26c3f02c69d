/** The order in which an experienced operator would work. */
import { causes } from '../model/causes.js'
import type { Confidence, Diagnosis, Severity } from '../model/diagnosis.js'

const confidences: readonly Confidence[] = ['certain', 'likely', 'possible']
const severities: readonly Severity[] = ['critical', 'warning', 'info']

/** A workload's own trouble never comes before the node's. */
const lastAreas = new Set(['workload', 'images', 'storage', 'addons'])

function place(diagnosis: Diagnosis): number[] {
	const area = diagnosis.cause === 'unknown-fatal' ? 'service' : causes[diagnosis.cause].area
	return [
		// What is merely possible stands below all that is shown.
		diagnosis.confidence === 'possible' ? 1 : 0,
		// A node that is down comes before one that warns, even where the warning is certain and the other is
		// only likely: the operator was called because of the former.
		severities.indexOf(diagnosis.severity),
		// What fails now comes before what may fail some day.
		diagnosis.effect === 'at-risk' ? 1 : 0,
		confidences.indexOf(diagnosis.confidence),
		diagnosis.cause === 'unknown-fatal' ? 1 : 0,
		lastAreas.has(area) ? 1 : 0,
		// What explains more is nearer to the root.
		-diagnosis.explains.length,
		-diagnosis.findings.filter(({ weight }) => weight === 'proof').length,
		-(diagnosis.at ?? 0),
	]
}

function compare(a: readonly number[], b: readonly number[]): number {
	for (const [index, value] of a.entries()) {
		const difference = value - (b[index] ?? 0)
		if (difference !== 0) return difference
	}
	return 0
}

/** Roots first, in rank order; then what they explain, in the order of their roots. */
export function rank(diagnoses: readonly Diagnosis[]): Diagnosis[] {
	const sorted = diagnoses
		.map(diagnosis => ({ diagnosis, key: place(diagnosis) }))
		.sort((a, b) => compare(a.key, b.key) || (a.diagnosis.cause < b.diagnosis.cause ? -1 : 1))
		.map(({ diagnosis }) => diagnosis)
	const roots = sorted.filter(({ explainedBy }) => !explainedBy)
	const folded = roots.flatMap(root => sorted.filter(({ explainedBy }) => explainedBy === root.cause))
	const rest = sorted.filter(diagnosis => diagnosis.explainedBy && !folded.includes(diagnosis))
	return [...roots, ...folded, ...rest]
}
