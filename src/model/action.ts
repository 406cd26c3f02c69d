/** An action: one run of a plan. What is told while it runs, how it ended, and what the audit log keeps of it. */
import type { DiagnosisCause } from './diagnosis.js'
import type { Plan, PlanCause } from './plan.js'
import type { Risk } from './remedy.js'

export type StepOutcome = 'done' | 'failed' | 'killed'

/** Told while a plan runs. `index` counts the plan's steps from 0; times are epoch milliseconds. */
export type RunEvent =
	| { kind: 'step'; index: number; at: number }
	| { kind: 'output'; index: number; stream: 'out' | 'err'; text: string }
	/** While something is waited for. */
	| { kind: 'progress'; index: number; says: string; elapsedMs: number }
	| {
			kind: 'step-end'
			index: number
			outcome: StepOutcome
			ms: number
			exit?: number
			/** Why it failed, or what was seen. */
			detail?: string
	  }

/**
 * `changed`: what was shown is no longer what would be done; nothing was run. `refused`: it could not begin. `stopped`:
 * between two steps, because the operator said so or the terminal went away.
 */
export type RunOutcome = 'done' | 'failed' | 'stopped' | 'killed' | 'changed' | 'refused'

export interface RunResult {
	outcome: RunOutcome
	/** The action's id, once it has begun. */
	id?: string
	/** Step (from 0) at which it ended early. */
	failedAt?: number
	/** Steps that were carried out. */
	done: number
	/** What happened, in a sentence. */
	detail: string
	/** Something was changed that can be taken back. */
	undoable: boolean
	/** The audit log that tells of it. */
	audit?: string
	/** When the first step began, epoch milliseconds. */
	beganAt?: number
	/** The plan as it would be now, when it has changed. */
	plan?: Plan
}

/** What the re-examination said. `unknown`: the cause could no longer be looked for. */
export type VerifyOutcome = 'fixed' | 'not-fixed' | 'fixed-but-new' | 'unknown'

export interface Verified {
	outcome: VerifyOutcome
	/** In a sentence. */
	says: string
	/** Causes that are there now and were not before. */
	fresh: DiagnosisCause[]
	at: number
}

export interface ActionStep {
	says: string
	/** Secrets hidden. */
	argv?: string[]
	/** Absent: it was begun, and nobody lived to tell how it ended. */
	outcome?: StepOutcome
	exit?: number
	ms?: number
	/** SHA-256 of the output, in hex. */
	output?: string
	detail?: string
}

/** One action as the audit log tells it. */
export interface Action {
	/** Position in the history, from 1, oldest first. */
	number: number
	id: string
	at: number
	kind: Plan['kind']
	user: string
	uid: number
	tty?: string
	ssh?: string
	node: string
	cause: PlanCause
	title: string
	risk: Risk
	fingerprint: string
	/** The action's own folder: copies, and the record that an undo is made from. */
	folder: string
	/** In an undo or discard: the id of the action that it was about. */
	of?: string
	/** Steps of the plan, in words. */
	planned: string[]
	/** Steps that were begun. */
	steps: ActionStep[]
	/** Absent: it was cut off (power, kill) or is still running. */
	outcome?: Exclude<RunOutcome, 'changed'>
	detail?: string
	verified?: Verified
	/** Id of the undo that took it back. */
	undoneBy?: string
	/** Its folder was deleted. */
	discarded?: boolean
}

/** What the audit log holds, read whole. */
export interface History {
	/** Oldest first. */
	actions: Action[]
	/** Lines that could not be read: torn by a power cut, or not ours. */
	torn: number
}
