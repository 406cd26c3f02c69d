/**
 * The yes. Nothing on a node is changed without a `Confirmed`, and only `confirm` makes one: for exactly one plan,
 * from what the operator typed, good for one run. It is checked by type and, in the room with the hands, at run time.
 */
import type { Plan } from './plan.js'

declare const mark: unique symbol

export interface Confirmed {
	readonly [mark]: 'confirmed'
	readonly fingerprint: string
}

export type Confirmation = { ok: true; confirmed: Confirmed } | { ok: false; why: string }

/** Confirmation -> the plan it was given for. A copy or a look-alike is not in here. */
const given = new WeakMap<object, Plan>()

/** What has to be typed: `y`, or for a destructive plan the node's name. */
export function answerWanted(plan: Pick<Plan, 'risk' | 'node'>): string {
	return plan.risk === 'destructive' ? plan.node.hostname : 'y'
}

/**
 * The operator's answer to a plan that was shown whole. `nodeName` is the name of the node that the operator is
 * looking at. Anything but the wanted answer, an empty one too, is a no.
 */
export function confirm(plan: Plan, answer: string, nodeName: string): Confirmation {
	const no = (why: string) => ({ ok: false, why }) as const
	const [refusal] = plan.refusals
	if (refusal) return no(refusal.why)
	if (plan.onlyTells) return no('there is nothing in it that the doctor could run')
	if (nodeName === '' || nodeName !== plan.node.hostname) return no(`the plan is for ${plan.node.hostname}`)
	const typed = answer.trim()
	const wanted = answerWanted(plan)
	const yes = plan.risk === 'destructive' ? typed === wanted : /^(y|yes)$/i.test(typed)
	if (!yes) return no(typed === '' || /^no?$/i.test(typed) ? 'not confirmed' : `"${wanted}" was not typed`)
	const confirmed = Object.freeze({ fingerprint: plan.fingerprint }) as Confirmed
	given.set(confirmed, frozen(plan))
	return { ok: true, confirmed }
}

/** The plan that was confirmed; `undefined` for anything that `confirm` did not make, or that was spent. */
export function planOf(confirmed: unknown): Plan | undefined {
	return typeof confirmed === 'object' && confirmed !== null ? given.get(confirmed) : undefined
}

/** Takes the confirmation back: a second run needs a second yes. Returns the plan as `planOf` does. */
export function spend(confirmed: unknown): Plan | undefined {
	const plan = planOf(confirmed)
	if (plan) given.delete(confirmed as object)
	return plan
}

/** The same value (a tree of data), which nobody can change any more, down to its leaves. */
export function frozen<T>(value: T): T {
	if (typeof value !== 'object' || value === null) return value
	Object.freeze(value)
	for (const part of Object.values(value)) frozen(part)
	return value
}
