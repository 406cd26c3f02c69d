/**
 * The record of an action, kept beside its copies: what each step changes, written before it does, so that an undo
 * knows what to take back even after a power cut.
 */
import type { PathState, Plan } from '../model/plan.js'
import type { Argv } from '../model/remedy.js'

/** What a step is about to do. Paths absolute; `kept` is the copy of what lay there before. */
export type Deed =
	| {
			did: 'file'
			path: string
			before: PathState
			after: PathState
			kept?: string
			/** Folders made for it, outermost first. */
			folders: readonly string[]
	  }
	| { did: 'rights'; path: string; before: PathState; after: PathState }
	| { did: 'move'; path: string; to: string; folders: readonly string[] }
	/** Copied, not changed. */
	| { did: 'copy'; path: string; kept: string }
	| { did: 'run'; argv: Argv; back: Argv[]; again: Argv[]; mayFail?: true; not?: true }

/** What an undo has to know of the plan. */
export type RecordHead = Pick<
	Plan,
	'kind' | 'cause' | 'title' | 'number' | 'risk' | 'interrupts' | 'node' | 'recheck' | 'undo'
>

export interface Recorded {
	deed: Deed
	/** Its end was written down. */
	done: boolean
	/** It ended badly: whether it did anything is not known. */
	failed: boolean
}

export interface ActionRecord {
	head: RecordHead
	/** By step, in order. */
	deeds: Recorded[]
}

export function headOf(plan: Plan): RecordHead {
	const { kind, cause, title, number, risk, interrupts, node, recheck, undo } = plan
	return { kind, cause, title, number, risk, interrupts, node, recheck, undo }
}

export const headLine = (plan: Plan): string => JSON.stringify({ head: headOf(plan) })
export const deedLine = (step: number, deed: Deed): string => JSON.stringify({ step, deed })
export const doneLine = (step: number, failed: boolean): string =>
	JSON.stringify({ step, done: true, failed })

/** The record's text -> what was done; `undefined` where not even its head is whole. A torn last line is nothing. */
export function readRecord(text: string): ActionRecord | undefined {
	let head: RecordHead | undefined
	const deeds = new Map<number, Recorded>()
	for (const line of text.split('\n')) {
		const fields = parsed(line)
		if (fields?.head) head ??= fields.head
		if (fields?.step === undefined) continue
		if (fields.deed) deeds.set(fields.step, { deed: fields.deed, done: false, failed: false })
		const known = deeds.get(fields.step)
		if (fields.done && known) known.done = true
		if (fields.failed && known) known.failed = true
	}
	return head && { head, deeds: [...deeds.entries()].sort(([a], [b]) => a - b).map(([, deed]) => deed) }
}

interface Line {
	head?: RecordHead
	step?: number
	deed?: Deed
	done?: boolean
	failed?: boolean
}

/** Only root can write the record, and only the doctor does: its shape is not doubted, its wholeness is. */
function parsed(line: string): Line | undefined {
	try {
		const value: unknown = JSON.parse(line)
		return typeof value === 'object' && value !== null ? value : undefined
	} catch {
		return undefined
	}
}
