/** From the wish to the run: its plan is opened, a yes is asked for and taken, a run is stopped or gone on with. */
import { confirm } from '../../model/confirmed.js'
import type { Plan } from '../../model/plan.js'
import type { Wish } from '../../model/wish.js'
import { discardableAt, undoableAt } from '../can.js'
import { askedAt } from '../deeds.js'
import type { Key } from '../keys/key.js'
import { only, type Step, say } from '../message.js'
import { promptOf, promptText } from '../prompt.js'
import { begunRun, isRunning } from '../run.js'
import { into, listStart, type Prompt, placeOf, type State, withPlace } from '../state.js'

/**
 * Shows what a wish comes to, on a page of its own. This is the one way to anything that changes the node: whoever
 * wants a remedy carried out, also one made by hand (`{kind: 'own', remedy}`), opens its plan here.
 */
export function openPlan(state: State, wish: Wish): Step {
	return only(into(state, { kind: 'plan', wish, ...listStart }))
}

/** Asks whether the plan that is shown is to be carried out. */
export function run(state: State): Step {
	const place = placeOf(state)
	if (place.kind !== 'plan') return only(state)
	const { plan, why } = askedAt(state) ?? {}
	if (!plan) return say(state, why ?? 'The node is still being looked at; the plan comes then.', 'warn')
	const [refusal] = plan.refusals
	if (refusal) return say(state, `This is not run: ${refusal.why}.`, 'warn')
	if (plan.onlyTells)
		return say(state, 'There is nothing in it that the doctor could run: it is for you to do.', 'warn')
	// The plan refuses already; whatever made it, here nothing is run.
	if (state.readOnly) return say(state, 'Nothing is run here: it can be looked at and copied.', 'warn')
	if (isRunning(state.run)) return say(state, 'An action is running (6 shows it); one at a time.', 'warn')
	if (state.exam.phase === 'asking')
		return say(state, 'The examination is still under way; the plan may change with it.', 'warn')
	return only({ ...state, prompt: { ...promptOf('confirm', ''), plan } })
}

/** Questions that one key answers; whatever is not the yes is a no. */
export function wantsOneKey({ kind, plan }: Prompt): boolean {
	return kind === 'stop' || (kind === 'confirm' && plan?.risk !== 'destructive')
}

export function answer(state: State, key: Key): Step {
	const { prompt, ...rest } = state
	if (prompt?.kind === 'stop') return stopped(rest, key)
	return confirmed(state, key === 'y' || key === 'Y' ? 'y' : '')
}

/** The yes, for the very plan that is on the screen. */
export function confirmed(state: State, typed = state.prompt ? promptText(state.prompt) : ''): Step {
	const { prompt, ...rest } = state
	const place = placeOf(state)
	const plan = prompt?.plan
	if (!plan || place.kind !== 'plan' || askedAt(state)?.plan !== plan)
		return say(rest, 'Nothing was run: look at the plan again.', 'warn')
	const confirmation = confirm(plan, typed, state.subject?.evidence.node.hostname ?? '')
	if (!confirmation.ok) return say(rest, `Nothing was run: ${confirmation.why}.`)
	return [begun(rest, place.wish, plan), [{ kind: 'run', confirmed: confirmation.confirmed }]]
}

function begun(state: State, wish: Wish, plan: Plan): State {
	const next = withPlace({ ...state, run: begunRun(wish, plan), plans: {} }, { kind: 'run', ...listStart })
	// An undo that was opened from the run it takes back stands in its place.
	const stack = next.places[next.tab]
	if (stack.at(-2)?.kind !== 'run') return next
	return { ...next, places: { ...next.places, [next.tab]: [...stack.slice(0, -2), ...stack.slice(-1)] } }
}

/** Leaves, unless something is being changed: that has to come to an end that one knows. */
export function leave(state: State, interrupted: boolean): Step {
	if (isRunning(state.run)) return only({ ...state, prompt: promptOf('stop', '') })
	return [state, [{ kind: 'leave', interrupted }]]
}

function stopped(state: State, key: Key): Step {
	if (!isRunning(state.run)) return only(state)
	const how = key === 'k' ? 'kill' : key === 's' || key === 'ctrl-c' ? 'after-step' : undefined
	if (!how) return say(state, 'It goes on.')
	const run = { ...state.run, stopping: how } as const
	const words = how === 'kill' ? 'The running step is being killed.' : 'It stops when this step is done.'
	const [said] = say({ ...state, run }, words, 'warn')
	return [said, [{ kind: 'stop', how }]]
}

/** What only a person can do is done. */
export function attended(state: State): Step {
	if (!isRunning(state.run) || state.run.attend === undefined) return only(state)
	const { attend: _, ...run } = state.run
	return [{ ...state, run }, [{ kind: 'attended' }]]
}

/** The plan that takes an action back: the one under the cursor, or the one that one looks at. */
export function undo(state: State): Step {
	const action = undoableAt(state)
	return action === undefined ? only(state) : openPlan(state, { kind: 'undo', action })
}

export function discard(state: State): Step {
	const action = discardableAt(state)
	return action === undefined ? only(state) : openPlan(state, { kind: 'discard', action })
}
