/**
 * The audit log: append-only JSON Lines, root only. An action is several lines (begun, each step begun and ended,
 * ended, verified), so that whatever cut it off, what was done until then stands there.
 */
import type { Hands, Who } from '../host/hands.js'
import type { Action, ActionStep, History, Verified } from '../model/action.js'
import { HandsError } from '../model/hands-error.js'
import type { Plan, PlannedStep } from '../model/plan.js'
import { shellLine } from '../model/shell.js'
import { hideInArgv, hideSecrets } from './secrets.js'

/** Writes lines of one action; each is on the disk when it returns. */
export interface AuditLog {
	readonly path: string
	write(event: string, fields: Readonly<Record<string, unknown>>): Promise<void>
}

/** The first log of `paths` that takes a line. Throws `HandsError` when none does: then nothing may be run. */
export async function openAudit(
	hands: Hands,
	paths: readonly string[],
	now: () => number,
	id: string,
	first: { event: string; fields: Readonly<Record<string, unknown>> },
): Promise<AuditLog> {
	const lineOf = (event: string, fields: Readonly<Record<string, unknown>>) =>
		auditLine(now(), id, event, fields)
	let failure: unknown
	for (const path of paths) {
		try {
			await hands.note(path, lineOf(first.event, first.fields))
			return { path, write: (event, fields) => hands.note(path, lineOf(event, fields)) }
		} catch (error) {
			failure = error
		}
	}
	const why = failure instanceof HandsError ? failure.message : 'there is no place for it'
	throw new HandsError(`the audit log cannot be written, so nothing is run: ${why}`)
}

function auditLine(at: number, id: string, event: string, fields: Readonly<Record<string, unknown>>): string {
	return JSON.stringify({ audit: 1, at: new Date(at).toISOString(), id, event, ...fields })
}

export function verifiedLine(id: string, { outcome, says, fresh, at }: Verified): string {
	return auditLine(at, id, 'verified', { outcome, says, fresh })
}

export function begunFields(plan: Plan, who: Who): Record<string, unknown> {
	return {
		who,
		node: plan.node.hostname,
		kind: plan.kind,
		cause: plan.cause,
		title: plan.title,
		number: plan.number,
		risk: plan.risk,
		fingerprint: plan.fingerprint,
		folder: plan.backup.folder,
		...(plan.of !== undefined && { of: plan.of }),
		planned: plan.steps.map(inWords),
	}
}

export function stepFields(step: PlannedStep, index: number): Record<string, unknown> {
	return {
		step: index,
		does: step.kind,
		says: inWords(step),
		...(step.kind === 'run' && { argv: hideInArgv(step.argv) }),
	}
}

/** A secret may be a word of its own in a command. */
function inWords(step: PlannedStep): string {
	return step.kind === 'run' ? `Run ${shellLine(hideInArgv(step.argv))}` : hideSecrets(step.says)
}

type Fields = Record<string, unknown>

/** The logs' texts -> the history. Lines that are not whole or not ours are counted and passed over. */
export function readHistory(texts: readonly string[]): History {
	const actions = new Map<string, Action>()
	let torn = 0
	for (const text of texts) {
		for (const line of text.split('\n')) {
			if (line === '') continue
			const fields = parsed(line)
			if (!fields || !take(actions, fields)) torn += 1
		}
	}
	const sorted = [...actions.values()].sort((a, b) => a.at - b.at)
	for (const [index, action] of sorted.entries()) action.number = index + 1
	for (const { kind, of, id, outcome } of sorted) {
		const about = of === undefined ? undefined : actions.get(of)
		if (!about || outcome !== 'done') continue
		if (kind === 'undo') about.undoneBy = id
		if (kind === 'discard') about.discarded = true
	}
	return { actions: sorted, torn }
}

function parsed(line: string): Fields | undefined {
	try {
		const value: unknown = JSON.parse(line)
		return typeof value === 'object' && value !== null && 'audit' in value ? (value as Fields) : undefined
	} catch {
		return undefined
	}
}

const text = (value: unknown): string => (typeof value === 'string' ? value : '')
const texts = (value: unknown): string[] => (Array.isArray(value) ? value.map(text) : [])

/** `false` for a line that is none of ours. */
function take(actions: Map<string, Action>, fields: Fields): boolean {
	const id = text(fields.id)
	const at = Date.parse(text(fields.at))
	if (id === '' || Number.isNaN(at)) return false
	if (fields.event === 'begun') {
		actions.set(id, begun(id, at, fields))
		return true
	}
	const action = actions.get(id)
	if (!action) return false
	switch (fields.event) {
		case 'step':
			action.steps.push(stepOf(fields))
			return true
		case 'step-end':
			Object.assign(action.steps.at(-1) ?? {}, stepEnd(fields))
			return true
		case 'ended':
			action.outcome = among(['done', 'failed', 'stopped', 'killed', 'refused'], fields.outcome, 'failed')
			action.detail = text(fields.detail)
			return true
		case 'verified':
			action.verified = verifiedOf(fields, at)
			return true
		default:
			return false
	}
}

function among<T extends string>(allowed: readonly T[], value: unknown, other: T): T {
	return allowed.find(each => each === value) ?? other
}

function begun(id: string, at: number, fields: Fields): Action {
	const who = (typeof fields.who === 'object' && fields.who !== null ? fields.who : {}) as Fields
	return {
		number: 0,
		id,
		at,
		kind: among(['remedy', 'undo', 'discard'], fields.kind, 'remedy'),
		user: text(who.user),
		uid: typeof who.uid === 'number' ? who.uid : -1,
		...(text(who.tty) && { tty: text(who.tty) }),
		...(text(who.ssh) && { ssh: text(who.ssh) }),
		node: text(fields.node),
		cause: text(fields.cause) as Action['cause'],
		title: text(fields.title),
		risk: among(['safe', 'restart', 'destructive'], fields.risk, 'destructive'),
		fingerprint: text(fields.fingerprint),
		folder: text(fields.folder),
		...(text(fields.of) && { of: text(fields.of) }),
		planned: texts(fields.planned),
		steps: [],
	}
}

function stepOf(fields: Fields): ActionStep {
	return { says: text(fields.says), ...(Array.isArray(fields.argv) && { argv: texts(fields.argv) }) }
}

function stepEnd({ outcome, exit, ms, output, detail }: Fields): Partial<ActionStep> {
	return {
		outcome: among(['done', 'failed', 'killed'], outcome, 'failed'),
		...(typeof exit === 'number' && { exit }),
		...(typeof ms === 'number' && { ms }),
		...(text(output) && { output: text(output) }),
		...(text(detail) && { detail: text(detail) }),
	}
}

function verifiedOf({ outcome, says, fresh }: Fields, at: number): Verified {
	return {
		outcome: among(['fixed', 'not-fixed', 'fixed-but-new', 'unknown'], outcome, 'unknown'),
		says: text(says),
		fresh: texts(fresh) as Verified['fresh'],
		at,
	}
}
