/** Digests: of a file's content, and of a plan as a whole. */
import { createHash } from 'node:crypto'
import type { PathState, Plan, PlannedStep } from '../model/plan.js'

/** SHA-256 in hex. */
export function digestOf(content: string | Uint8Array): string {
	return createHash('sha256').update(content).digest('hex')
}

/**
 * The same for two plans that do the same to the same files for the same reason. Time of day, free space and the
 * name of the backup folder do not count, a changed file or a condition that is no longer met does.
 */
export function fingerprintOf(plan: Omit<Plan, 'fingerprint'>): string {
	const { backup, preconditions, refusals, steps, ...rest } = plan
	return digestOf(
		JSON.stringify([
			rest,
			backup.folder.slice(0, backup.folder.lastIndexOf('/')),
			preconditions.map(({ says, state }) => [says, state]),
			refusals,
			steps.map(essence),
		]),
	)
}

function essence(step: PlannedStep): unknown {
	if (step.kind === 'copy') return { ...step, bytes: 0 }
	if (step.kind === 'write') return { ...step, before: identity(step.before), hunks: [], diff: '' }
	if (step.kind === 'restore')
		return { ...step, before: identity(step.before), after: identity(step.after), diff: '' }
	return 'before' in step ? { ...step, before: identity(step.before) } : step
}

/** A file is its content, mode and owner. Size and time do not count: a database or a log changes all the time. */
function identity(state: PathState): unknown {
	if (state.is !== 'file') return state
	const { mode, uid, gid, digest } = state
	return { is: 'file', mode, uid, gid, digest }
}
