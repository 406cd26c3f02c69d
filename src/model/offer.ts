/** In which order remedies are offered: one that failed twice on this node comes last, and says so. */
import type { Action, History } from './action.js'
import type { Diagnosis } from './diagnosis.js'
import type { Remedy } from './remedy.js'

export interface Offer {
	remedy: Remedy
	/** Position among the remedies of its cause, from 1: what `--remedy` takes. */
	number: number
	/** How often it was tried here since it last helped, without helping. */
	failures: number
}

const tooOften = 2

/** Remedies in the rule's order, those that failed twice at the end. */
export function offersOf(
	{ cause, remedies }: Pick<Diagnosis, 'cause' | 'remedies'>,
	history: History,
): Offer[] {
	const offers = remedies.map((remedy, index) => ({
		remedy,
		number: index + 1,
		failures: failuresOf(history.actions.filter(action => isOf(action, cause, remedy))),
	}))
	return [
		...offers.filter(({ failures }) => failures < tooOften),
		...offers.filter(({ failures }) => failures >= tooOften),
	]
}

function isOf(action: Action, cause: string, { title }: Remedy): boolean {
	return action.kind === 'remedy' && action.cause === cause && action.title === title
}

/** What the operator stopped says nothing about the remedy. */
function failuresOf(actions: readonly Action[]): number {
	let failures = 0
	for (const { outcome, verified } of actions) {
		if (verified?.outcome === 'fixed' || verified?.outcome === 'fixed-but-new') failures = 0
		else if (outcome === 'failed' || verified?.outcome === 'not-fixed') failures += 1
	}
	return failures
}
