/** What can happen to the app, and what it wants done. Both are data; `update` performs nothing. */
import type { RunEvent, RunResult, Verified } from '../model/action.js'
import type { Confirmed } from '../model/confirmed.js'
import type { DiagnosisCause } from '../model/diagnosis.js'
import type { Live } from '../model/live.js'
import type { Plan } from '../model/plan.js'
import type { Wish } from '../model/wish.js'
import type { LookedUp, ObjectRef } from './cluster/object.js'
import type { Key } from './keys/key.js'
import type { LogNews, LogSource, LogWish } from './log/wishes.js'
import type { ReportOrder, Written } from './report-order.js'
import type { Past } from './run.js'
import type { Notice, State } from './state.js'
import type { SourceStep, Subject, Suppression } from './subject.js'

export type Message =
	/** All keys of one read: held keys and slow lines deliver several at once, and none may be lost. */
	| { type: 'keys'; keys: readonly Key[] }
	| { type: 'paste'; text: string }
	| { type: 'resize'; columns: number; rows: number }
	/** A source began, answered or failed. */
	| { type: 'source'; step: SourceStep }
	/** What can be said so far; more is coming. */
	| { type: 'found'; subject: Subject }
	| { type: 'examined'; subject: Subject }
	| { type: 'not-examined'; error: string }
	/** Seconds since the examination began; comes only while something is being asked. */
	| { type: 'clock'; seconds: number }
	| { type: 'suppressions'; all: readonly Suppression[] }
	/** The report for the preview, or why there is none. */
	| { type: 'written'; written: Written }
	/** What a wish would come to now; `why`: there is no plan for it. */
	| { type: 'planned'; wish: Wish; plan?: Plan; why?: string }
	/** A run tells of itself. */
	| { type: 'ran-on'; event: RunEvent }
	/** Seconds since it began; comes only while it runs or is verified. */
	| { type: 'run-clock'; seconds: number }
	/** The run has come to what only a person can do, and waits. */
	| { type: 'attend'; text: string }
	| { type: 'run-over'; result: RunResult; verifies: boolean }
	/** How the look after a run goes on. */
	| { type: 'verifying'; says: string }
	/** The node was asked again after a run; without a verdict where there was nothing to judge. */
	| { type: 'verified'; verified?: Verified; subject?: Subject; why?: string }
	| { type: 'past'; past: Past }
	/** What the cluster looks like now. */
	| { type: 'live'; live: Live }
	/** An object that was asked for, or why it is not there. */
	| { type: 'looked-up'; looked: LookedUp }
	/** An open log has something to tell. */
	| { type: 'log'; id: number; news: LogNews }
	/** A log is wanted by its name. */
	| { type: 'open-log'; words: string }
	| { type: 'log-sources'; all: readonly LogSource[] }
	/** An effect has something to say. */
	| { type: 'notice'; notice: Notice }

export type Effect =
	| { kind: 'examine' }
	/** To the clipboard of the operator's own terminal (OSC 52). */
	| { kind: 'copy'; text: string }
	/** Comes back as the message `written`. */
	| { kind: 'write-report'; order: ReportOrder; width: number }
	/** `replace`: also over a file that is there. */
	| { kind: 'save-report'; path: string; order: ReportOrder; replace: boolean }
	| { kind: 'copy-report'; order: ReportOrder }
	/** All evidence, for whoever has the doctor too. */
	| { kind: 'save-bundle'; path: string; anonymise: boolean; replace: boolean }
	| { kind: 'suppress'; cause: DiagnosisCause; why: string }
	| { kind: 'unsuppress'; cause: DiagnosisCause }
	/** Make the plan of a wish, to be shown. */
	| { kind: 'plan'; wish: Wish }
	/** Carry out the plan that was confirmed. Only `confirm` makes what this takes. */
	| { kind: 'run'; confirmed: Confirmed }
	/** Stop the run. */
	| { kind: 'stop'; how: 'after-step' | 'kill' }
	/** What only a person can do was done: the run goes on. */
	| { kind: 'attended' }
	/** Read what was done on this node. */
	| { kind: 'past' }
	/** Ask a live API for one object; comes back as the message `looked-up`. */
	| { kind: 'look-up'; ref: ObjectRef }
	/** Something is wanted of an open log. */
	| { kind: 'log'; id: number; wish: LogWish }
	/** Keys that came in the same read and mean something only once what is before this was done. */
	| { kind: 'keys'; keys: readonly Key[] }
	/** Look which logs there are. */
	| { kind: 'log-sources' }
	| { kind: 'redraw' }
	/** Ctrl-Z: back to the shell until `fg`. */
	| { kind: 'suspend' }
	/** `interrupted`: by Ctrl-C. */
	| { kind: 'leave'; interrupted: boolean }

export type Step = readonly [State, readonly Effect[]]

export function only(state: State): Step {
	return [state, []]
}

export function say(state: State, text: string, tone: Notice['tone'] = 'plain', more?: string): Step {
	return [{ ...state, notice: { text, tone, ...(more !== undefined && { more }) } }, []]
}
