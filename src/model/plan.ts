/** A plan: exactly what a remedy (or an undo) will do on this node. Plain frozen data, made to be shown whole. */
import type { Init, Role } from './bundle.js'
import type { DiagnosisCause } from './diagnosis.js'
import type { SourceName } from './evidence/index.js'
import type { CheckedPrecondition } from './precondition.js'
import type { Argv, Risk, WaitCondition } from './remedy.js'

/** What lies at a path. `digest` is the SHA-256 of a file's content, in hex, where the content was read. */
export type PathState =
	| { is: 'absent' }
	| {
			is: 'file'
			mode: number
			uid: number
			gid: number
			size: number
			modifiedAt: number
			digest?: string
	  }
	| { is: 'dir'; mode: number; uid: number; gid: number }
	| { is: 'link'; target: string; uid: number; gid: number }
	/** A socket, a device, or what a bundle could not tell. */
	| { is: 'other'; why: string }

/** `by-hand`: the operator wanted it; no diagnosis did. */
export type PlanCause = DiagnosisCause | 'by-hand'

interface Shown {
	/** What the step does, on one line: `Edit /etc/rancher/k3s/config.yaml`. */
	says: string
	/** The command that does the same, for a person; what is run is never a shell line. */
	shown?: string
}

export interface PlannedRun extends Shown {
	kind: 'run'
	argv: Argv
	limitSeconds: number
	/** Exit statuses that count as done. */
	exits: readonly number[]
	/** `kubectl get` of the object that it changes: its answer is saved before. */
	saves?: Argv
	/** In an undo: a unit that was broken before may fail again, that is how it was. */
	mayFail?: true
}

export interface PlannedWrite extends Shown {
	kind: 'write'
	path: string
	before: PathState
	content: string
	mode: number
	uid: number
	gid: number
	/** Unified diff against the content that was there, secrets hidden. */
	diff: string
	/** The hunks of that diff with nothing hidden: for the script. */
	hunks: readonly Hunk[]
	/** Folders that are made for it, outermost first. */
	folders: readonly string[]
}

/** `lines` as in a unified diff: each begins with a blank, `+`, `-` or `\`. */
export interface Hunk {
	oldStart: number
	oldLines: number
	newStart: number
	newLines: number
	lines: readonly string[]
}

export interface PlannedRemove extends Shown {
	kind: 'remove'
	path: string
	before: PathState
	/** Kept in the backup folder. */
	keep: boolean
}

export interface PlannedMove extends Shown {
	kind: 'move'
	path: string
	to: string
	before: PathState
	/** Folders that are made for it, outermost first. */
	folders: readonly string[]
}

export interface PlannedPermissions extends Shown {
	kind: 'permissions'
	path: string
	before: PathState
	mode: number
	uid: number
	gid: number
}

/** Copies a file or a folder into the backup folder. */
export interface PlannedCopy extends Shown {
	kind: 'copy'
	path: string
	bytes?: number
}

/** In an undo: what was kept goes back to its place, with mode and owner. */
export interface PlannedRestore extends Shown {
	kind: 'restore'
	path: string
	/** What must lie there now: what the doctor left. */
	before: PathState
	/** What lay there before the action. */
	after: PathState
	/** Absolute path of the kept copy; absent where nothing was there before. */
	from?: string
	diff: string
	/** Folders that were made for it, outermost first; they go if they are empty. */
	folders: readonly string[]
}

/** Deletes the backup folder of an action: no undo of it any more. */
export interface PlannedDiscard extends Shown {
	kind: 'discard'
	folder: string
}

export interface PlannedWait extends Shown {
	kind: 'wait'
	condition: WaitCondition
	limitSeconds: number
}

export interface PlannedTell extends Shown {
	kind: 'tell'
	text: string
	commands: readonly string[]
}

export type PlannedStep =
	| PlannedRun
	| PlannedWrite
	| PlannedRemove
	| PlannedMove
	| PlannedPermissions
	| PlannedCopy
	| PlannedRestore
	| PlannedDiscard
	| PlannedWait
	| PlannedTell

/** Why a plan may be looked at but not run. */
export interface Refusal {
	/** `mode`: read-only, a bundle or a demo. `policy`: what the doctor never does. `step`: a step cannot be done. */
	kind: 'mode' | 'precondition' | 'step' | 'policy'
	why: string
}

export interface Plan {
	kind: 'remedy' | 'undo' | 'discard'
	cause: PlanCause
	/** Of the remedy, or of what is taken back. */
	title: string
	why: string
	/** Position of the remedy among those of its cause, from 1. */
	number: number
	risk: Risk
	/** What stops working meanwhile, and for how long. */
	interrupts: string
	node: { hostname: string; role: Role; unit: string; init: Init; dataDir: string }
	/** As whom it runs. */
	as: 'root'
	steps: readonly PlannedStep[]
	backup: {
		/** The action's own folder, made when it begins. Its name is the action's id. */
		folder: string
		/** About this place: `in memory: gone after a reboot`. */
		note?: string
		/** Bytes that are copied at most. */
		bytes: number
	}
	undo: {
		/** How it is taken back, in sentences and commands. */
		says: readonly string[]
		/** What cannot be taken back. */
		not: readonly string[]
		/** Commands of the remedy that reverse its commands. */
		commands: readonly Argv[]
		/** Copied paths that an undo puts back. */
		restores: readonly string[]
	}
	recheck: readonly SourceName[]
	preconditions: readonly CheckedPrecondition[]
	/** Empty: it may be confirmed and run. */
	refusals: readonly Refusal[]
	/** Nothing in it is run by the doctor: a person does it. */
	onlyTells: boolean
	/** In an undo or discard: the id of the action that it is about. */
	of?: string
	/** Changes with anything that would be done or that it depends on; not with free space or the time of day. */
	fingerprint: string
}
