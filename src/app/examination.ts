/** What an examination's news do to the state: steps, first findings, the settled order, what has changed. */
import type { Report } from '../model/report.js'
import { listStart, type State } from './state.js'
import type { Change, SourceStep, Subject } from './subject.js'

export function withStep(state: State, step: SourceStep): State {
	const { steps } = state.exam
	const at = steps.findIndex(({ source }) => source === step.source)
	const next = at < 0 ? [...steps, step] : steps.map((old, index) => (index === at ? step : old))
	return { ...state, exam: { ...state.exam, steps: next } }
}

/** A new round. What was known stays on the screen until there is something newer. */
export function begin(state: State): State {
	const { exam } = state
	const { error: _, ...rest } = exam
	return {
		...state,
		exam: {
			...rest,
			phase: 'asking',
			seconds: 0,
			round: exam.round + 1,
			steps: exam.steps.map(({ source, title, asked }) => ({ source, title, asked, state: 'waiting' })),
		},
	}
}

/** What can be said so far. Known diagnoses keep their order, new ones come below: nothing jumps. */
export function found(state: State, subject: Subject): State {
	// In a later round the former result stays until the new one is whole: half an answer would look like news.
	if (state.exam.round > 1) return state
	const all = subject.report.diagnoses.map(({ cause }) => cause)
	const kept = state.order.filter(cause => all.includes(cause))
	const order = [...kept, ...all.filter(cause => !kept.includes(cause))]
	return atTop({ ...state, subject, order })
}

export function examined(state: State, subject: Subject): State {
	const before = state.exam.round > 1 ? state.subject?.report : undefined
	const { change: _, ...rest } = state
	const next: State = {
		...rest,
		subject,
		order: subject.report.diagnoses.map(({ cause }) => cause),
		exam: { ...state.exam, phase: 'done' },
		...(before && { change: changeOf(before, subject.report) }),
	}
	return { ...atTop(next), touched: true }
}

export function notExamined(state: State, error: string): State {
	return { ...state, exam: { ...state.exam, phase: 'failed', error } }
}

/** As long as nobody moved it, the cursor is on the first of the ranking. */
function atTop(state: State): State {
	const [home, ...deeper] = state.places.diagnoses
	if (state.touched || home?.kind !== 'diagnoses') return state
	const { at, top, row } = listStart
	const { id: _, ...list } = home
	return { ...state, places: { ...state.places, diagnoses: [{ ...list, at, top, row }, ...deeper] } }
}

function changeOf(before: Report, now: Report): Change {
	const had = new Set(before.diagnoses.map(({ cause }) => cause))
	const has = new Set(now.diagnoses.map(({ cause }) => cause))
	return {
		since: before.takenAt,
		fresh: now.diagnoses.filter(({ cause }) => !had.has(cause)).map(({ cause }) => cause),
		gone: before.diagnoses.filter(({ cause }) => !has.has(cause)).map(({ title }) => title),
		before: before.verdict,
		now: now.verdict,
	}
}
