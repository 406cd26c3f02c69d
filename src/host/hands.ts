/**
 * The hands that change things, beside the `Host` that asks. Looking needs nobody's leave; changing goes through
 * `open`, which takes the operator's confirmation and gives hands that do what that one plan says and nothing else.
 */
import type { Confirmed } from '../model/confirmed.js'
import type { PathState, Plan, PlannedStep } from '../model/plan.js'

export interface Looked {
	/** Of a link the link itself. */
	state: PathState
	/** What a link leads to in the end. */
	target?: PathState
	/** The path with every link in it resolved; of a path that is a link itself, where it leads in the end. */
	real: string
	/** The text of a regular file (also of one that a link leads to), where it was asked for and is UTF-8 without NUL. */
	text?: string
	/** Why there is no text although it was asked for. */
	unreadable?: string
	/** Device of the file system that holds it (of its folder, where nothing is there). */
	device?: number
}

export interface Space {
	/** Bytes that root may still write. */
	free: number
	freeInodes: number
	/** A file can be made there: tried where it exists, not only read from the mount options. */
	writable: boolean
	/** Why not: `read-only file system`, `no space left on device`. */
	why?: string
	/** Its content is gone after a reboot. */
	inMemory: boolean
}

export interface Clock {
	/** Epoch milliseconds. */
	now(): number
	/** Ends early, without an error, when `signal` is aborted. */
	wait(ms: number, signal?: AbortSignal): Promise<void>
}

export interface Ended {
	/** 128 + signal number when a signal ended it; 127 when it could not be started. */
	exit: number
	ms: number
	/** SHA-256 of all output, in hex. */
	digest: string
	/** The last 4 kB of output, both streams in the order in which they came. */
	tail: string
	/** Its limit passed and its process group was killed. */
	overdue: boolean
	/** It was killed because the operator said so. */
	killed: boolean
	/** Why it could not be started. */
	fault?: string
}

export interface RunLive {
	/** Aborting it kills the process group: first politely, five seconds later by force. */
	kill?: AbortSignal
	onOutput?: (stream: 'out' | 'err', text: string) => void
}

/**
 * Hands for one confirmed plan. They take steps of that very plan, by identity: a copy of a step, or a step of another
 * plan, is `NotConfirmed`. What could not be done is a `HandsError`.
 */
export interface ConfirmedHands {
	readonly plan: Plan
	/** Makes the action's own folder, root only. Nothing else works before. */
	begin(): Promise<void>
	/** Adds a line to the action's own record and waits until the disk has it. */
	record(line: string): Promise<void>
	/** Where the copy of what the step changes will lie. */
	keptAt(step: PlannedStep): string
	/** Copies what the step will change, with modes, owners and times. Nothing to do where nothing is there. */
	keep(step: PlannedStep): Promise<void>
	/** Keeps a text under the step's name: an object of the API. */
	keepText(step: PlannedStep, text: string): Promise<void>
	/**
	 * Does the step. A file is replaced at once, old or new, and only if what the plan saw is still there. Commands
	 * give how they ended.
	 */
	perform(step: PlannedStep, how: RunLive): Promise<Ended | undefined>
}

export interface Hands {
	/** What lies at a path. `textUpTo`: bytes up to which a file's text and digest are wanted. */
	look(path: string, textUpTo?: number): Promise<Looked>
	/** Of the file system that holds the path, or its nearest parent that exists. */
	space(path: string): Promise<Space | undefined>
	/** Bytes below a path; `undefined` where there are too many files to count. */
	weigh(path: string): Promise<number | undefined>
	/** Whether a program of that name can be started. */
	program(name: string): Promise<boolean>
	/** Whole text of a file of the doctor's own; `undefined` when there is none. Refuses links. */
	ownText(path: string): Promise<string | undefined>
	/** Adds a line to the audit log, making it root-only; ends a torn last line first. Throws `HandsError`. */
	note(path: string, line: string): Promise<void>
	/** The hands for the plan that was confirmed. Throws `NotConfirmed` on a missing, foreign or spent confirmation. */
	open(confirmed: Confirmed): ConfirmedHands
}

/** Who is at the keyboard, as far as the system knows. */
export interface Who {
	/** The account that became root by sudo, or the login account. */
	user: string
	uid: number
	tty?: string
	/** Address of the ssh client. */
	ssh?: string
}
