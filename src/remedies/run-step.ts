/** One step: its undo is written down, the copy is made, then it is done. */
import type { ConfirmedHands, Ended } from '../host/hands.js'
import type { StepOutcome } from '../model/action.js'
import type { Init } from '../model/bundle.js'
import { HandsError } from '../model/hands-error.js'
import type { PathState, PlannedRun, PlannedStep } from '../model/plan.js'
import { digestOf } from './fingerprint.js'
import { priorOf } from './prior.js'
import { type Deed, deedLine, doneLine } from './record.js'
import { type Prior, reversalOf } from './reverse.js'
import { kubeReversal, saveable } from './reverse-kube.js'
import type { RunContext } from './run.js'
import { fileState } from './scene.js'
import { stopsAt } from './stretch.js'
import { waitFor } from './wait.js'

export interface StepEnd {
	outcome: StepOutcome
	exit?: number
	/** SHA-256 of the output. */
	output?: string
	detail?: string
	/** It changed something that can be taken back. */
	undoable: boolean
}

export async function runStep(
	step: PlannedStep,
	index: number,
	hands: ConfirmedHands,
	context: RunContext,
	init: Init,
): Promise<StepEnd> {
	if (step.kind === 'tell') return { outcome: 'done', undoable: false }
	let undoable = false
	try {
		if (step.kind === 'wait') return await wait(step, index, hands, context, init)
		const deed = await prepared(step, hands, context)
		if (deed) await hands.record(deedLine(index, deed))
		undoable = deed !== undefined && canBeUndone(deed)
		const ended = await hands.perform(step, {
			kill: context.stop.signal,
			onOutput: (stream, text) => context.onEvent({ kind: 'output', index, stream, text }),
		})
		const end = ended && step.kind === 'run' ? judged(step, ended) : ({ outcome: 'done' } as const)
		if (deed) await hands.record(doneLine(index, end.outcome !== 'done'))
		return { ...end, undoable }
	} catch (error) {
		if (!(error instanceof HandsError)) throw error
		// Whether it came to a change is told by the state of the file when it is taken back.
		return { outcome: 'failed', detail: error.message, undoable }
	}
}

async function wait(
	step: Extract<PlannedStep, { kind: 'wait' }>,
	index: number,
	hands: ConfirmedHands,
	context: RunContext,
	init: Init,
): Promise<StepEnd> {
	const { stop } = context
	const stopped = () => stopsAt(stop, hands.plan.steps, index)
	const { held, gaveUp, sees } = await waitFor(step.condition, step.limitSeconds, context, init, {
		kill: stop.signal,
		stopped,
		onProgress: (says, elapsedMs) => context.onEvent({ kind: 'progress', index, says, elapsedMs }),
	})
	if (held) return { outcome: 'done', detail: sees, undoable: false }
	if (stop.signal.aborted || stopped()) return { outcome: 'killed', detail: sees, undoable: false }
	const why = gaveUp ? sees : `not within ${step.limitSeconds} s; ${sees}`
	return { outcome: 'failed', detail: why, undoable: false }
}

function judged(step: PlannedRun, ended: Ended): Omit<StepEnd, 'undoable'> {
	const { exit, digest, tail, overdue, killed, fault } = ended
	const base = { exit, output: digest }
	const last = tail.trimEnd().split('\n').at(-1) ?? ''
	if (fault !== undefined) return { ...base, outcome: 'failed', detail: fault }
	if (killed) return { ...base, outcome: 'killed', detail: 'it was killed as asked' }
	if (overdue) return { ...base, outcome: 'failed', detail: `it did not end within ${step.limitSeconds} s` }
	if (step.exits.includes(exit)) return { ...base, outcome: 'done' }
	const detail = `exit ${exit}${last ? `: ${last.slice(0, 300)}` : ''}`
	return step.mayFail
		? { ...base, outcome: 'done', detail: `${detail} (as it was before)` }
		: { ...base, outcome: 'failed', detail }
}

/** What the step is about to do, its copy already made. */
async function prepared(
	step: PlannedStep,
	hands: ConfirmedHands,
	context: RunContext,
): Promise<Deed | undefined> {
	switch (step.kind) {
		case 'write': {
			const after = fileState(digestOf(step.content), step.mode, step.uid, step.gid)
			return { ...(await kept(step, step.before, hands)), after, folders: step.folders }
		}
		case 'restore':
			return {
				...(await kept(step, step.before, hands)),
				after: step.after,
				folders: step.before.is === 'absent' ? step.folders : [],
			}
		case 'remove': {
			const { path, before, keep } = step
			const copy = keep ? { kept: hands.keptAt(step) } : {}
			return { did: 'file', path, before, after: { is: 'absent' }, folders: [], ...copy }
		}
		case 'permissions': {
			const { path, before, mode, uid, gid } = step
			const after = before.is === 'file' || before.is === 'dir' ? { ...before, mode, uid, gid } : before
			return { did: 'rights', path, before, after }
		}
		case 'move':
			return { did: 'move', path: step.path, to: step.to, folders: step.folders }
		case 'copy':
			return { did: 'copy', path: step.path, kept: hands.keptAt(step) }
		case 'run':
			return run(step, hands, context)
		default:
			return undefined
	}
}

async function kept(
	step: Extract<PlannedStep, { path: string }>,
	before: PathState,
	hands: ConfirmedHands,
): Promise<{ did: 'file'; path: string; before: PathState; kept?: string }> {
	const { path } = step
	if (before.is === 'absent') return { did: 'file', path, before }
	await hands.keep(step)
	return { did: 'file', path, before, kept: hands.keptAt(step) }
}

async function run(step: PlannedRun, hands: ConfirmedHands, context: RunContext): Promise<Deed> {
	const { argv } = step
	const prior: Prior = await priorOf(step, context.host)
	if (step.saves) {
		const answer = await context.host.run(step.saves, { limitSeconds: 20 })
		const saved = answer.ok && answer.value.exit === 0 ? saveable(answer.value.stdout) : undefined
		if (saved) {
			await hands.keepText(step, saved.text)
			prior.object = { value: saved.value, file: hands.keptAt(step) }
		}
	}
	const kubectl = argv[0] === 'k3s' && argv[1] === 'kubectl'
	return { did: 'run', argv, ...(kubectl ? kubeReversal(argv, prior) : reversalOf(argv, prior)) }
}

function canBeUndone(deed: Deed): boolean {
	if (deed.did === 'copy') return false
	if (deed.did === 'run') return deed.back.length > 0
	return deed.did !== 'file' || deed.before.is === 'absent' || deed.kept !== undefined
}
