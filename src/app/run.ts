/** What a run's news do to the state: its steps, their output, how it ended and whether it helped. */
import type { History, RunEvent, RunResult, StepOutcome, Verified } from '../model/action.js'
import type { Plan } from '../model/plan.js'
import type { Wish } from '../model/wish.js'

/** A plan that was asked for. Neither a plan nor a reason: it is on its way. */
export interface PlanAsked {
	plan?: Plan
	/** Why there is none. */
	why?: string
	/** The node changed since it was shown before: it is to be looked at once more. */
	changed?: true
}

/** What was done on this node. */
export interface Past {
	history: History
	/** Bytes that the copies of an action take, by its id. */
	backups: Readonly<Record<string, number>>
	/** Why it could not be read. */
	why?: string
}

export interface StepRun {
	state: 'waiting' | 'running' | StepOutcome
	/** Second of the run at which it began. */
	since?: number
	ms?: number
	exit?: number
	/** Why it failed, or what was seen. */
	detail?: string
	/** While it waits for something. */
	sees?: string
	/** Whole lines of output, the newest last; `rest` is the line that is still being written. */
	output: readonly string[]
	rest: string
	/** Lines that are no longer kept. */
	dropped: number
}

export interface Run {
	wish: Wish
	plan: Plan
	phase: 'running' | 'verifying' | 'over'
	seconds: number
	steps: readonly StepRun[]
	/** It was asked to stop. */
	stopping?: 'after-step' | 'kill'
	/** What a person has to do now, in the words of the step. */
	attend?: string
	/** What the look afterwards sees. */
	sees?: string
	result?: RunResult
	verified?: Verified
	/** Why it could not be judged. */
	blind?: string
}

const waiting: StepRun = { state: 'waiting', output: [], rest: '', dropped: 0 }
const mostLines = 1000
const longestLine = 4000

export function begunRun(wish: Wish, plan: Plan): Run {
	return { wish, plan, phase: 'running', seconds: 0, steps: plan.steps.map(() => waiting) }
}

/** Something is still being changed, or may be. */
export function isRunning(run: Run | undefined): run is Run {
	return run?.phase === 'running'
}

/** The step that runs now, else where it ended early. */
export function stepAt({ steps, result }: Run): number | undefined {
	const running = steps.findIndex(({ state }) => state === 'running')
	return running >= 0 ? running : result?.failedAt
}

export function withEvent(run: Run, event: RunEvent): Run {
	const change = (index: number, next: (step: StepRun) => StepRun): Run => ({
		...run,
		steps: run.steps.map((step, at) => (at === index ? next(step) : step)),
	})
	switch (event.kind) {
		case 'step': {
			const { attend: _, ...rest } = change(event.index, step => ({
				...step,
				state: 'running',
				since: run.seconds,
			}))
			return rest
		}
		case 'output':
			return change(event.index, step => withOutput(step, event.text))
		case 'progress':
			return change(event.index, step => ({ ...step, sees: event.says }))
		case 'step-end':
			return change(event.index, ({ sees: _, ...step }) => {
				const { output, rest } = step
				return {
					...step,
					state: event.outcome,
					ms: event.ms,
					output: rest === '' ? output : [...output, rest],
					rest: '',
					...(event.exit !== undefined && { exit: event.exit }),
					...(event.detail !== undefined && { detail: event.detail }),
				}
			})
	}
}

/** A carriage return begins the line anew, as on a terminal. */
function withOutput(step: StepRun, text: string): StepRun {
	const lines = (step.rest + text).split(/\r?\n/).map(written => {
		const last = written.replace(/\r+$/, '').split('\r').at(-1) ?? ''
		return last.slice(0, longestLine)
	})
	const rest = lines.pop() ?? ''
	const all = [...step.output, ...lines]
	const dropped = Math.max(0, all.length - mostLines)
	return { ...step, output: all.slice(dropped), rest, dropped: step.dropped + dropped }
}
