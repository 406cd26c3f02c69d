/** A remedy, the evidence and the node's files -> the plan: exactly what will happen, shown before anything does. */
import type { NodeFacts } from '../model/bundle.js'
import { frozen } from '../model/confirmed.js'
import type { Evidence } from '../model/evidence/index.js'
import type { Plan, PlanCause, Refusal } from '../model/plan.js'
import type { CheckedPrecondition } from '../model/precondition.js'
import type { Remedy, Risk, Step } from '../model/remedy.js'
import { acts } from './acts.js'
import { fingerprintOf } from './fingerprint.js'
import { actionId } from './places.js'
import { draftKube, draftRun, draftWait } from './plan-commands.js'
import {
	type Drafted,
	draftCopy,
	draftEdit,
	draftMove,
	draftPermissions,
	draftRemove,
	draftWrite,
	type Place,
} from './plan-files.js'
import { riskOf } from './policy.js'
import { asRoot, backupFits, checked, choosePlace, writable } from './preconditions.js'
import { sceneOf } from './scene.js'
import type { BackupPlace, Surroundings } from './surroundings.js'
import { undoWords } from './undo-words.js'

/** Where the plan is made; anything but `live` can be looked at and copied, not run. */
export type Mode = 'live' | 'read-only' | 'bundle' | 'demo'

export interface PlanRequest {
	diagnosis: { cause: PlanCause; remedies: readonly Remedy[] }
	/** Position of the remedy, from 1. */
	number: number
	evidence: Evidence
	surroundings: Surroundings
	mode: Mode
	/** Epoch milliseconds: names the action. */
	at: number
}

/** `undefined` when the diagnosis has no remedy of that number. */
export function makePlan(request: PlanRequest): Plan | undefined {
	const { diagnosis, number, evidence, surroundings, mode, at } = request
	const remedy = diagnosis.remedies[number - 1]
	if (!remedy) return undefined
	const { node } = evidence
	const { drafts, bytes, place } = fitted(remedy, evidence, surroundings)
	const steps = drafts.flatMap(draft => ('step' in draft ? [draft.step] : []))
	const risk = riskOf(remedy, node.dataDir)
	const preconditions = [
		asRoot(node),
		...(steps.some(acts) ? [backupFits(place, bytes)] : []),
		...writable(steps, surroundings),
		...(remedy.preconditions ?? []).map(condition => checked(condition, evidence, surroundings)),
	]
	const folder = `${place?.base ?? `${node.dataDir}/doctor/backups`}/${actionId(at, diagnosis.cause)}`
	return finished({
		kind: 'remedy',
		cause: diagnosis.cause,
		title: remedy.title,
		why: remedy.why,
		number,
		risk,
		interrupts: remedy.interrupts,
		node: nodeOf(node),
		as: 'root',
		steps,
		backup: { folder, bytes, ...(place?.space?.inMemory && { note: 'in memory: gone after a reboot' }) },
		undo: undoWords(remedy, steps),
		recheck: remedy.recheck,
		preconditions,
		refusals: [...drafts.flatMap(refusalOf), ...refusalsOf(mode, preconditions, risk)],
		onlyTells: !steps.some(acts),
	})
}

export function nodeOf({ hostname, role, unit, init, dataDir }: NodeFacts): Plan['node'] {
	return { hostname, role, unit, init, dataDir }
}

/** Fingerprinted, and closed against every later change. */
export function finished(plan: Omit<Plan, 'fingerprint'>): Plan {
	return frozen({ ...plan, fingerprint: fingerprintOf(plan) })
}

/** What has to be copied depends on where the copies go, and where they go on how much it is. */
function fitted(remedy: Remedy, evidence: Evidence, surroundings: Surroundings) {
	const attempt = (there: BackupPlace | undefined) => {
		const drafts = draftAll(remedy, evidence, surroundings, there?.device)
		return { drafts, bytes: drafts.reduce((sum, draft) => sum + ('bytes' in draft ? draft.bytes : 0), 0) }
	}
	const first = choosePlace(surroundings.backupPlaces, 0)
	const drafted = attempt(first)
	const place = choosePlace(surroundings.backupPlaces, drafted.bytes)
	return { place, ...(place === first ? drafted : attempt(place)) }
}

function draftAll(
	remedy: Remedy,
	evidence: Evidence,
	surroundings: Surroundings,
	device: number | undefined,
): Drafted[] {
	const { node } = evidence
	const place: Place = {
		scene: sceneOf(surroundings),
		dataDir: node.dataDir,
		live: surroundings.live,
		weights: surroundings.weights,
		...(device !== undefined && { backupDevice: device }),
	}
	const copies = (remedy.backup ?? []).map(path => draftCopy({ backup: path }, place))
	return [...copies, ...remedy.steps.map(step => draft(step, place, evidence))]
}

function draft(step: Step, place: Place, evidence: Evidence): Drafted {
	if ('run' in step) return draftRun(step, evidence, evidence.node.init)
	if ('write' in step) return draftWrite(step, place)
	if ('edit' in step || 'editEnv' in step || 'editLines' in step) return draftEdit(step, place)
	if ('move' in step) return draftMove(step, place)
	if ('remove' in step) return draftRemove(step, place)
	if ('setMode' in step) return draftPermissions(step, place)
	if ('backup' in step) return draftCopy(step, place)
	if ('restore' in step) return { refused: 'a copy is only put back by an undo', policy: true }
	if ('kube' in step) return draftKube(step, evidence)
	if ('waitFor' in step) return draftWait(step)
	return {
		step: { kind: 'tell', says: step.tell, text: step.tell, commands: step.commands ?? [] },
		bytes: 0,
	}
}

function refusalOf(drafted: Drafted): Refusal[] {
	return 'refused' in drafted ? [{ kind: drafted.policy ? 'policy' : 'step', why: drafted.refused }] : []
}

const modes: Readonly<Record<Exclude<Mode, 'live'>, string>> = {
	'read-only': 'the doctor was started with --read-only: nothing is run',
	bundle: 'this is a saved bundle: there is no node to run anything on',
	demo: 'this is a demonstration: there is no node to run anything on',
}

/** What was not met refuses always; what could not be seen, where data may be lost. */
export function refusalsOf(mode: Mode, preconditions: readonly CheckedPrecondition[], risk: Risk): Refusal[] {
	const unmet = preconditions
		.filter(({ state }) => state === 'not-met' || (state === 'unknown' && risk === 'destructive'))
		.map(({ says, state, why }): Refusal => {
			const verb = state === 'unknown' ? 'It is not known whether' : 'Not met:'
			return { kind: 'precondition', why: `${verb} ${says} (${why})` }
		})
	// In a bundle the node cannot be asked: that it is one is the only reason worth telling.
	return mode === 'live'
		? unmet
		: [{ kind: 'mode', why: modes[mode] }, ...(mode === 'read-only' ? unmet : [])]
}
