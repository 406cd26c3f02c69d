/** The diagnoses as they are listed: roots, what follows from them, what is merely possible, what was put aside. */
import type { Diagnosis, DiagnosisCause } from '../model/diagnosis.js'
import type { Report } from '../model/report.js'
import type { State } from './state.js'
import type { Suppression } from './subject.js'

export interface Listed {
	diagnosis: Diagnosis
	consequences: readonly Diagnosis[]
	suppression?: Suppression
}

export interface Listing {
	roots: readonly Listed[]
	possible: readonly Listed[]
	suppressed: readonly Listed[]
}

export function diagnosisOf(state: State, cause: DiagnosisCause): Diagnosis | undefined {
	return state.subject?.report.diagnoses.find(diagnosis => diagnosis.cause === cause)
}

export function titleOf({ diagnoses }: Report, cause: DiagnosisCause): string {
	return diagnoses.find(diagnosis => diagnosis.cause === cause)?.title ?? cause
}

/** The node's clock when it was looked at, epoch milliseconds. */
export function takenAt({ takenAt: at }: Report): number {
	return Date.parse(at) || 0
}

/** In the order that the state keeps, so that nothing moves under the cursor while more is found. */
export function listing(state: State): Listing {
	const all = state.subject?.report.diagnoses ?? []
	const byCause = new Map(all.map(diagnosis => [diagnosis.cause, diagnosis]))
	const ordered = [
		...state.order.flatMap(cause => byCause.get(cause) ?? []),
		...all.filter(({ cause }) => !state.order.includes(cause)),
	]
	const isRoot = ({ explainedBy }: Diagnosis) => explainedBy === undefined || !byCause.has(explainedBy)
	const listed = ordered.filter(isRoot).map((diagnosis): Listed => {
		const suppression = state.suppressed.find(({ cause }) => cause === diagnosis.cause)
		const consequences = ordered.filter(
			({ cause, explainedBy }) => explainedBy === diagnosis.cause && cause !== diagnosis.cause,
		)
		return { diagnosis, consequences, ...(suppression && { suppression }) }
	})
	const open = listed.filter(({ suppression }) => !suppression)
	return {
		roots: open.filter(({ diagnosis }) => diagnosis.confidence !== 'possible'),
		possible: open.filter(({ diagnosis }) => diagnosis.confidence === 'possible'),
		suppressed: listed.filter(({ suppression }) => suppression),
	}
}
