import type { Diagnosis } from '../../model/diagnosis.js'
import type { Report } from '../../model/report.js'
import type { Change } from './compare.js'

export function diagnosisChanges(a: Report, b: Report): Change[] {
	const before = new Map(a.diagnoses.map(diagnosis => [diagnosis.cause, diagnosis]))
	const after = new Map(b.diagnoses.map(diagnosis => [diagnosis.cause, diagnosis]))
	const changes: Change[] = []
	for (const [cause, is] of after) {
		const was = before.get(cause)
		const what = `${is.title} (${cause})`
		if (!was) changes.push({ kind: 'fresh', what, after: stateOf(is) })
		else if (stateOf(was) !== stateOf(is))
			changes.push({ kind: 'changed', what, before: stateOf(was), after: stateOf(is) })
	}
	for (const [cause, was] of before) {
		if (after.has(cause)) continue
		const blind = b.unexamined.find(each => each.cause === cause && each.missing.length > 0)
		const what = `${was.title} (${cause})`
		// Not seen is not mended.
		if (blind) changes.push({ kind: 'changed', what, before: stateOf(was), after: 'not examined' })
		else changes.push({ kind: 'gone', what, before: stateOf(was) })
	}
	return changes
}

function stateOf({ severity, confidence, explainedBy }: Diagnosis): string {
	return `${severity}, ${confidence}${explainedBy ? `, follows from ${explainedBy}` : ''}`
}
