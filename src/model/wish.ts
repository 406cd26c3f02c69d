/** What the operator wants done: it becomes a plan, which is shown before anything else happens. */
import type { DiagnosisCause } from './diagnosis.js'
import type { Remedy } from './remedy.js'

export type Wish =
	/** A remedy of a diagnosis, counted from 1. */
	| { kind: 'remedy'; cause: DiagnosisCause; number: number }
	/** What no diagnosis asks for: a pod to be deleted, a node to be cordoned. */
	| { kind: 'own'; remedy: Remedy }
	/** An action, by its id, is taken back. */
	| { kind: 'undo'; action: string }
	/** An action's backup is deleted. */
	| { kind: 'discard'; action: string }

/** The same for wishes that are the same. */
export function wishKey(wish: Wish): string {
	switch (wish.kind) {
		case 'remedy':
			return `${wish.kind} ${wish.cause} ${wish.number}`
		case 'own':
			return `${wish.kind} ${JSON.stringify(wish.remedy)}`
		default:
			return `${wish.kind} ${wish.action}`
	}
}
