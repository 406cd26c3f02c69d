/**
 * Remedies on one node, from the plan to the verdict: what the `fix` command and the app's screens are built on.
 * Nothing is run here without a `Confirmed`.
 */
import type { Who } from '../host/hands.js'
import type { Action, History, RunResult, Verified } from '../model/action.js'
import type { NodeFacts } from '../model/bundle.js'
import type { Confirmed } from '../model/confirmed.js'
import { planOf } from '../model/confirmed.js'
import type { DiagnosisCause, Judgement } from '../model/diagnosis.js'
import type { Evidence } from '../model/evidence/index.js'
import type { Plan } from '../model/plan.js'
import type { Remedy } from '../model/remedy.js'
import { readHistory, verifiedLine } from './audit.js'
import { lookAround, type Machine } from './look-around.js'
import type { Places } from './places.js'
import { type Mode, makePlan } from './plan.js'
import { readRecord } from './record.js'
import { type RunContext, runPlan } from './run.js'
import { startsAnew } from './stretch.js'
import { questionsOf } from './surroundings.js'
import { planDiscard, planUndo, undoQuestions } from './undo.js'
import { type VerifyRequest, verify } from './verify.js'

export interface SessionOptions {
	machine: Machine
	node: NodeFacts
	places: Places
	who: Who
	mode: Extract<Mode, 'live' | 'read-only'>
	/** The newest examination: a plan that no longer follows from it is not run. */
	current: () => { evidence: Evidence; judgement: Judgement }
	/** Asks the named sources again (none named: all) and judges by the same rules. */
	reexamine: VerifyRequest['examine']
}

/** `attend`: see `RunContext`. */
export type RunHow = Pick<RunContext, 'onEvent' | 'stop' | 'attend'>

export interface Session {
	/** The plan of a remedy (counted from 1), looked up on the node now. */
	plan(cause: DiagnosisCause, number: number): Promise<Plan | undefined>
	/** The plan of what no diagnosis asks for, but the operator. */
	planOwn(remedy: Remedy): Promise<Plan | undefined>
	/** The plan that takes an action back; `undefined` when its record is gone. */
	undoPlan(action: Action): Promise<Plan | undefined>
	/** The plan that deletes an action's backup. */
	discardPlan(action: Action): Plan
	run(confirmed: Confirmed, how: RunHow): Promise<RunResult>
	/** Judges again after the run of a diagnosis' remedy; the answer also goes to the audit log. */
	verify(
		plan: Plan,
		result: RunResult,
		before: Judgement,
		how: Pick<VerifyRequest, 'signal' | 'onProgress' | 'limitSeconds'>,
	): Promise<Verified>
	history(): Promise<History>
	/** Actions whose copies are still there, with the bytes that they take. */
	backups(): Promise<{ action: Action; bytes: number }[]>
}

/** What an own plan was made of, so that it can be made again. */
const ownRemedies = new WeakMap<Plan, Remedy>()

export function openSession(options: SessionOptions): Session {
	const { machine, node, places, who, mode } = options
	const { clock, hands } = machine
	const there = { backups: places.backups, init: node.init }

	async function plan(cause: DiagnosisCause, number: number): Promise<Plan | undefined> {
		const { evidence, judgement } = options.current()
		const diagnosis = judgement.diagnoses.find(each => each.cause === cause)
		const remedy = diagnosis?.remedies[number - 1]
		if (!diagnosis || !remedy) return undefined
		const surroundings = await lookAround(questionsOf(remedy), machine, there)
		return makePlan({ diagnosis, number, evidence, surroundings, mode, at: clock.now() })
	}

	async function planOwn(remedy: Remedy): Promise<Plan | undefined> {
		const { evidence } = options.current()
		const surroundings = await lookAround(questionsOf(remedy), machine, there)
		const diagnosis = { cause: 'by-hand', remedies: [remedy] } as const
		const made = makePlan({ diagnosis, number: 1, evidence, surroundings, mode, at: clock.now() })
		if (made) ownRemedies.set(made, remedy)
		return made
	}

	async function undoPlan(action: Action): Promise<Plan | undefined> {
		const text = await hands.ownText(`${action.folder}/undo.jsonl`)
		const record = text === undefined ? undefined : readRecord(text)
		if (!record) return undefined
		const surroundings = await lookAround(undoQuestions(record), machine, there)
		return planUndo({ action, record, node, surroundings, mode, at: clock.now() })
	}

	const discardPlan = (action: Action) => planDiscard(action, node, mode, clock.now())

	async function history(): Promise<History> {
		return historyOf(machine, places.audits)
	}

	/** The plan as it would be now. */
	async function again(shown: Plan): Promise<Plan | undefined> {
		const own = ownRemedies.get(shown)
		if (own) return planOwn(own)
		if (shown.kind === 'remedy') {
			if (shown.cause === 'by-hand') return undefined
			const remedies = options
				.current()
				.judgement.diagnoses.find(each => each.cause === shown.cause)?.remedies
			const number = (remedies?.findIndex(({ title }) => title === shown.title) ?? -1) + 1
			return plan(shown.cause, number)
		}
		const { actions } = await history()
		const action = actions.find(({ id }) => id === shown.of)
		if (!action) return undefined
		return shown.kind === 'undo' ? undoPlan(action) : discardPlan(action)
	}

	return {
		plan,
		planOwn,
		undoPlan,
		discardPlan,
		history,
		async run(confirmed, how) {
			const shown = planOf(confirmed)
			const replan = async () => (shown ? again(shown) : undefined)
			return runPlan(confirmed, { ...machine, ...how, who, audits: places.audits, replan })
		},
		async verify({ cause, recheck, steps }, { id, audit, beganAt }, before, how) {
			const examine = options.reexamine
			const since = startsAnew(steps, node.unit) ? beganAt : undefined
			const verified = await verify({ cause, recheck, before, examine, since, clock, ...how })
			if (id !== undefined && audit !== undefined)
				await hands.note(audit, verifiedLine(id, verified)).catch(() => undefined)
			return verified
		},
		async backups() {
			const { actions } = await history()
			const weighed = await Promise.all(
				actions.map(async action => ({
					action,
					bytes: action.discarded ? undefined : await hands.weigh(action.folder),
				})),
			)
			return weighed.flatMap(({ action, bytes }) => (bytes === undefined ? [] : [{ action, bytes }]))
		},
	}
}

/** All audit logs of a node, read together. */
export async function historyOf(
	{ hands }: Pick<Machine, 'hands'>,
	audits: readonly string[],
): Promise<History> {
	const texts = await Promise.all(audits.map(path => hands.ownText(path)))
	return readHistory(texts.filter(text => text !== undefined))
}

/** The newest action that changed something and was not taken back: what `undo` means without a number. */
export function lastUndoable({ actions }: History): Action | undefined {
	return actions.findLast(
		({ kind, undoneBy, discarded, steps }) =>
			kind === 'remedy' && undoneBy === undefined && !discarded && steps.length > 0,
	)
}
