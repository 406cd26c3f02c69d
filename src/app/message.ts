/** What can happen to the app, and what it wants done. Both are data; `update` performs nothing. */
import type { DiagnosisCause } from '../model/diagnosis.js'
import type { Key } from './keys/key.js'
import type { ReportOrder, Written } from './report-order.js'
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
	| { kind: 'suppress'; cause: DiagnosisCause; why: string }
	| { kind: 'unsuppress'; cause: DiagnosisCause }
	/** For the remedies' own dialog: nothing emits it before it has been confirmed there. */
	| { kind: 'run-remedy'; cause: DiagnosisCause; index: number }
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
