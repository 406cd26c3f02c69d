import type { PlannedStep } from '../model/plan.js'

/** The doctor does something there; telling and waiting are nothing done. */
export function acts({ kind }: PlannedStep): boolean {
	return kind !== 'tell' && kind !== 'wait'
}
