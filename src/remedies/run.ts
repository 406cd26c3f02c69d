/**
 * Carries out a confirmed plan, step by step. Before each step its undo is written down and the audit log says that
 * it begins; so whatever ends the doctor, the log and the files tell what was done.
 */
import type { ConfirmedHands, Who } from '../host/hands.js'
import type { RunEvent, RunOutcome, RunResult } from '../model/action.js'
import { type Confirmed, planOf, spend } from '../model/confirmed.js'
import { HandsError, NotConfirmed } from '../model/hands-error.js'
import type { Plan } from '../model/plan.js'
import { acts } from './acts.js'
import { type AuditLog, begunFields, openAudit, stepFields } from './audit.js'
import type { Machine } from './look-around.js'
import { headLine } from './record.js'
import { runStep, type StepEnd } from './run-step.js'
import { hideSecrets } from './secrets.js'
import type { Stop } from './stop.js'
import { stopsAt } from './stretch.js'

export interface RunContext extends Machine {
	who: Who
	/** Audit logs, best first. */
	audits: readonly string[]
	/** The plan as it would be now: looks at the node again. */
	replan: () => Promise<Plan | undefined>
	onEvent: (event: RunEvent) => void
	stop: Stop
	/**
	 * Asked at what only a person can do, where steps of the doctor follow or the look afterwards would come too early:
	 * whether it is done. Without it the plan goes on; the steps that follow fail or do no harm where nothing was done.
	 */
	attend?: (text: string) => Promise<boolean>
}

/** Throws `NotConfirmed` for a confirmation that is missing, foreign or spent; everything else is told. */
export async function runPlan(confirmed: Confirmed, context: RunContext): Promise<RunResult> {
	const plan = planOf(confirmed)
	if (!plan) throw new NotConfirmed('this was not confirmed, or it was run already')
	const now = await context.replan()
	if (now?.fingerprint !== plan.fingerprint) {
		spend(confirmed)
		const detail = 'what was shown is no longer what would be done: look at it again'
		return { outcome: 'changed', done: 0, detail, undoable: false, ...(now && { plan: now }) }
	}
	const hands = context.hands.open(confirmed)
	const id = plan.backup.folder.slice(plan.backup.folder.lastIndexOf('/') + 1)
	try {
		const fields = begunFields(plan, context.who)
		const audit = await openAudit(context.hands, context.audits, context.clock.now, id, {
			event: 'begun',
			fields,
		})
		return await begun(plan, id, hands, audit, context)
	} catch (error) {
		return { outcome: 'refused', done: 0, detail: reasonOf(error), undoable: false }
	}
}

async function begun(
	plan: Plan,
	id: string,
	hands: ConfirmedHands,
	audit: AuditLog,
	context: RunContext,
): Promise<RunResult> {
	const beganAt = context.clock.now()
	const run = { plan, hands, audit, context, done: 0, undoable: false, begun: false }
	let result: Pick<RunResult, 'outcome' | 'detail' | 'failedAt'>
	try {
		if (plan.kind !== 'discard') {
			await hands.begin()
			await hands.record(headLine(plan))
		}
		run.begun = true
		result = await allSteps(run)
	} catch (error) {
		const outcome = run.begun ? 'failed' : 'refused'
		result = { outcome, failedAt: run.done, detail: reasonOf(error) }
	}
	const { outcome, detail } = result
	// What happened has happened, also where the log cannot take it any more.
	await audit.write('ended', { outcome, detail: hideSecrets(detail) }).catch(() => undefined)
	return { ...result, id, beganAt, audit: audit.path, done: run.done, undoable: run.undoable }
}

interface Run {
	plan: Plan
	hands: ConfirmedHands
	audit: AuditLog
	context: RunContext
	done: number
	undoable: boolean
	/** The steps have begun. */
	begun: boolean
}

async function allSteps(run: Run): Promise<{ outcome: RunOutcome; detail: string; failedAt?: number }> {
	const { plan, audit, context } = run
	const { stop, onEvent, clock } = context
	let left = ''
	for (const [index, step] of plan.steps.entries()) {
		if (index > 0 && stopsAt(stop, plan.steps, index))
			return {
				outcome: 'stopped',
				failedAt: index,
				detail: `${stop.asked?.why}: stopped before step ${index + 1}`,
			}
		const follows = plan.steps.slice(index + 1).some(acts)
		if (step.kind === 'tell' && context.attend && (follows || step.commands.length > 0)) {
			const attended = await context.attend(step.text)
			if (!attended && follows)
				return {
					outcome: 'stopped',
					failedAt: index,
					detail: `stopped at step ${index + 1}, which is for a person`,
				}
			if (!attended) left = `; step ${index + 1} is left to you`
		}
		const began = clock.now()
		onEvent({ kind: 'step', index, at: began })
		await audit.write('step', stepFields(step, index))
		const end = await runStep(step, index, run.hands, context, plan.node.init)
		if (end.undoable) run.undoable = true
		const { outcome, detail, exit } = end
		const ms = clock.now() - began
		if (outcome === 'done') run.done += 1
		onEvent({
			kind: 'step-end',
			index,
			outcome,
			ms,
			...(detail !== undefined && { detail }),
			...(exit !== undefined && { exit }),
		})
		await audit.write('step-end', endFields(index, ms, end))
		if (outcome === 'killed' && step.kind === 'wait') {
			const why = `${stop.asked?.why}: stopped while step ${index + 1} waited`
			return { outcome: 'stopped', failedAt: index, detail: `${why} (${detail})` }
		}
		if (outcome !== 'done') {
			const what = outcome === 'killed' ? 'was killed' : 'failed'
			return { outcome, failedAt: index, detail: `Step ${index + 1} ${what}: ${detail ?? step.says}` }
		}
	}
	const { length } = plan.steps
	const all = length === 1 ? 'the one step was' : `all ${length} steps were`
	return { outcome: 'done', detail: `${all} carried out${left}` }
}

function endFields(step: number, ms: number, { outcome, exit, output, detail }: StepEnd) {
	return { step, outcome, ms, exit, output, ...(detail !== undefined && { detail: hideSecrets(detail) }) }
}

function reasonOf(error: unknown): string {
	if (error instanceof HandsError) return error.message
	throw error
}
