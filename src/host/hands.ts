/**
 * The hands that change things, beside the `Host` that asks. Looking needs nobody's leave; changing goes through
 * `open`, which takes the operator's confirmation and gives hands that do what that one plan says and nothing else.
 */
import type { Confirmed } from '../model/confirmed.js'
import type { PathState, Plan } from '../model/plan.js'
import type { Argv, Owner } from '../model/remedy.js'

export interface Looked {
	state: PathState
	/** The path with every link in it resolved; of a path that is a link itself, where it leads in the end. */
	real: string
	/** The text of a regular file, where it was asked for and is UTF-8 without NUL. */
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
	limitSeconds: number
	/** Aborting it kills the process group: first politely, five seconds later by force. */
	kill?: AbortSignal
	onOutput?: (stream: 'out' | 'err', text: string) => void
}

/** A change that was not made or not finished; what is there is still whole. */
export class HandsError extends Error {
	override readonly name = 'HandsError'

	constructor(
		message: string,
		/** System error code such as `ENOSPC`, or empty. */
		readonly code = '',
	) {
		super(message)
	}
}

/** Somebody asked for a change without the operator's yes to it. A fault of the doctor's own. */
export class NotConfirmed extends Error {
	override readonly name = 'NotConfirmed'
}

/** Hands for one confirmed plan. Each throws `HandsError`, or `NotConfirmed` for what the plan does not hold. */
export interface ConfirmedHands {
	readonly plan: Plan
	/** Makes the action's own folder, root only. */
	makeFolder(): Promise<void>
	/** Adds a line to the action's own record and waits until the disk has it. */
	record(line: string): Promise<void>
	/** Writes a file into the action's folder: what was saved before. */
	keep(name: string, text: string): Promise<void>
	/** Copies a file or a whole folder with modes, owners and times into the action's folder, under `name`. */
	copy(path: string, name: string): Promise<{ bytes: number; digest?: string }>
	run(argv: Argv, how: RunLive): Promise<Ended>
	/**
	 * Puts new content in a file's place at once: old or new, never half. Refused unless `before` lies there.
	 * Content comes as text, or from a kept file.
	 */
	replace(
		path: string,
		before: PathState,
		content: { text: string } | { from: string },
		as: Owner & { mode: number },
	): Promise<void>
	/** Makes a symbolic link in a file's place at once. */
	link(path: string, before: PathState, target: string): Promise<void>
	/** Takes a file, link or folder away; with `name`, into the action's folder. */
	remove(path: string, before: PathState, name?: string): Promise<void>
	/** Renames within a file system, never over something. */
	move(path: string, to: string): Promise<void>
	permissions(path: string, before: PathState, as: Owner & { mode: number }): Promise<void>
	/** Deletes the backup folder that the plan names. */
	discard(folder: string): Promise<void>
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
