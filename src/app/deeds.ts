/** Plans that are looked at, and the run: what their messages do to the state, and what has to be asked for. */
import type { RunEvent, RunResult } from '../model/action.js'
import type { Plan } from '../model/plan.js'
import { type Wish, wishKey } from '../model/wish.js'
import { examined } from './examination.js'
import { type Effect, type Message, only, type Step, say } from './message.js'
import { isRunning, type PlanAsked, withEvent } from './run.js'
import { listStart, placeOf, type State, withPlace } from './state.js'

/** What is known of the plan that one looks at. */
export function askedAt(state: State): PlanAsked | undefined {
	const place = placeOf(state)
	return place.kind === 'plan' ? state.plans[wishKey(place.wish)] : undefined
}

/** Whatever way led there: a plan that is looked at is asked for, and so is the history. */
export function askToKnow(state: State): Step {
	const place = placeOf(state)
	const effects: Effect[] = []
	let next = state
	const looks = state.subject !== undefined && state.exam.phase !== 'asking'
	if (place.kind === 'plan' && looks && !askedAt(state)) {
		next = withPlan(next, place.wish, {})
		effects.push({ kind: 'plan', wish: place.wish })
	}
	if (state.tab === 'actions' && looks && !state.past && state.mode === 'live') {
		next = { ...next, past: { history: { actions: [], torn: 0 }, backups: {} } }
		effects.push({ kind: 'past' })
	}
	return [next, effects]
}

function withPlan(state: State, wish: Wish, asked: PlanAsked): State {
	return { ...state, plans: { ...state.plans, [wishKey(wish)]: asked } }
}

/** An answer to a question that nobody asks any more is not kept: it may be older than what is known now. */
export function planned(state: State, { wish, plan, why }: Extract<Message, { type: 'planned' }>): State {
	const asked = state.plans[wishKey(wish)]
	if (!asked || asked.plan || asked.why !== undefined) return state
	return withPlan(state, wish, {
		...(plan && { plan }),
		...(why !== undefined && { why }),
	})
}

/** What was planned follows from an older look at the node; a yes to it can no longer be given. */
export function withoutPlans(state: State): State {
	const { prompt, ...rest } = state
	if (prompt?.kind !== 'confirm') return { ...state, plans: {} }
	const text = 'The node was looked at again: nothing was run. Look at the plan once more.'
	return { ...rest, plans: {}, notice: { text, tone: 'warn' } }
}

export function ranOn(state: State, event: RunEvent): State {
	return state.run ? { ...state, run: withEvent(state.run, event) } : state
}

export function attend(state: State, text: string): Step {
	if (!isRunning(state.run)) return only(state)
	const next = { ...state, run: { ...state.run, attend: text } }
	const here = placeOf(state).kind === 'run'
	return say(next, here ? 'This is for you to do.' : 'The action waits for you: 6 Actions.', 'warn')
}

export function runOver(state: State, result: RunResult, verifies: boolean): State {
	const { run, prompt, ...rest } = state
	if (!run) return state
	const kept = prompt && prompt.kind !== 'stop' ? { prompt } : {}
	if (result.outcome === 'changed') return { ...shownAgain(rest, run.wish, result.plan), ...kept }
	const { attend: _, ...over } = run
	return {
		...rest,
		...kept,
		plans: {},
		run: { ...over, phase: verifies ? 'verifying' : 'over', result },
	}
}

/** Nothing was run: the plan as it is now is looked at in the place of the run. */
function shownAgain(state: State, wish: Wish, plan: Plan | undefined): State {
	const gone = 'The newest examination no longer offers this.'
	const asked: PlanAsked = plan ? { plan, changed: true } : { why: gone, changed: true }
	const next = withPlan({ ...state, plans: {} }, wish, asked)
	const text = 'The node changed since this was shown. Nothing was run: this is how it would be now.'
	const back = placeOf(next).kind === 'run' ? withPlace(next, { kind: 'plan', wish, ...listStart }) : next
	return { ...back, notice: { text, tone: 'warn' } }
}

export function verified(state: State, message: Extract<Message, { type: 'verified' }>): State {
	const { subject, verified: verdict, why } = message
	const { run } = state
	const told: State = run
		? {
				...state,
				run: {
					...run,
					phase: 'over',
					...(verdict && { verified: verdict }),
					...(why !== undefined && { blind: why }),
				},
			}
		: state
	if (!subject) return told
	// A look of its own: what is different from before is news.
	return examined(withoutPlans({ ...told, exam: { ...told.exam, round: told.exam.round + 1 } }), subject)
}
