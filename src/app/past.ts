/** What was done on this node, and which remedy it speaks for. */
import type { Action, History } from '../model/action.js'
import type { Diagnosis, DiagnosisCause } from '../model/diagnosis.js'
import { type Offer, offersOf } from '../model/offer.js'
import { diagnosisOf } from './diagnoses.js'
import type { State } from './state.js'

/** As the node tells it now, else as it stood in what was examined. */
export function historyOf({ past, subject }: State): History {
	if (past && past.history.actions.length > 0) return past.history
	return { actions: subject?.report.actions ?? [], torn: past?.history.torn ?? 0 }
}

export function actionOf(state: State, id: string): Action | undefined {
	return historyOf(state).actions.find(action => action.id === id)
}

/** What failed twice here comes last. */
export function offered(state: State, diagnosis: Diagnosis): Offer[] {
	return offersOf(diagnosis, historyOf(state))
}

export function offeredFor(state: State, cause: DiagnosisCause): Offer[] {
	const diagnosis = diagnosisOf(state, cause)
	return diagnosis ? offered(state, diagnosis) : []
}

/** Something of it can be taken back, as far as the log tells. */
export function isUndoable({ kind, undoneBy, discarded, steps }: Action): boolean {
	return kind !== 'discard' && undoneBy === undefined && !discarded && steps.length > 0
}
