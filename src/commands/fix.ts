/** `fix [CAUSE]`: shows a remedy, asks, runs it, and sees whether it helped. Without the app. */
import type { Verified } from '../model/action.js'
import type { Diagnosis } from '../model/diagnosis.js'
import { type Offer, offersOf } from '../model/offer.js'
import type { Plan } from '../model/plan.js'
import { scriptOf } from '../remedies/script.js'
import type { Session } from '../remedies/session.js'
import { planLines } from '../report/plan-text.js'
import { type CarryOut, carryOut } from './carry-out.js'
import { exitStatus } from './exit.js'
import { UsageError } from './parse.js'
import type { Terminal } from './terminal.js'

export interface FixOptions {
	/** Default: the first root cause that has a remedy. */
	cause?: string | undefined
	/** Which remedy, from 1. Default: the first that did not fail twice here. */
	remedy?: number | undefined
	/** Print the plan as a script, run nothing. */
	dryRun: boolean
	yes: boolean
}

export interface FixWorld {
	terminal: Terminal
	hostname: string
	/** In rank order. */
	diagnoses: readonly Diagnosis[]
	/** The plan of a saved bundle, or of the node itself. */
	plan: (diagnosis: Diagnosis, number: number) => Promise<Plan | undefined>
	/** Only on a live node. */
	live?: Pick<CarryOut, 'session' | 'onSignals'> & {
		/** Judges again after a run. */
		verify: (plan: Plan, result: Parameters<Session['verify']>[1]) => Promise<Verified>
	}
}

/** Exit status: 0 fixed or nothing to fix; 3 or 4 a critical or other diagnosis stays; 1 the doctor failed. */
export async function fix(options: FixOptions, world: FixWorld): Promise<number> {
	const { terminal, live } = world
	const diagnosis = chosen(options.cause, world.diagnoses)
	if (!diagnosis) {
		terminal.warn('Nothing was found that the doctor has a remedy for.')
		return exitStatus.fine
	}
	const history = (await live?.session.history()) ?? { actions: [], torn: 0 }
	const offers = offersOf(diagnosis, history)
	const offer = offered(options.remedy, offers, diagnosis)
	const plan = await world.plan(diagnosis, offer.number)
	if (!plan) throw new Error(`the remedy of ${diagnosis.cause} could not be planned`)
	if (options.dryRun) {
		terminal.say(scriptOf(plan).trimEnd())
		for (const { why } of plan.refusals) terminal.warn(`The doctor would not run this: ${why}`)
		return exitStatus.fine
	}
	terminal.say(`${diagnosis.title} (${diagnosis.cause}, ${diagnosis.confidence})`)
	for (const line of otherLines(offers, offer, diagnosis)) terminal.say(line)
	terminal.say('')
	if (!live) {
		for (const line of planLines(plan)) terminal.say(line)
		return left(diagnosis)
	}
	const how = { yes: options.yes, hostname: world.hostname, terminal, ...live }
	const result = await carryOut(plan, how)
	if (!result) return left(diagnosis)
	if (result.outcome === 'refused') return exitStatus.doctorFailed
	if (result.outcome !== 'done') {
		if (result.undoable && result.id !== undefined) await offerUndo(result.id, how)
		return left(diagnosis)
	}
	terminal.say('Looking whether it helped …')
	const verified = await live.verify(plan, result)
	terminal.say(verified.says)
	if (verified.outcome === 'fixed') return exitStatus.fine
	if (verified.outcome === 'not-fixed' && result.undoable) terminal.say('To take it back: k3s-doctor undo')
	return verified.outcome === 'fixed-but-new' ? exitStatus.warnings : left(diagnosis)
}

/** The status that a diagnosis which is still there deserves. */
function left({ severity, confidence }: Diagnosis): number {
	if (confidence === 'possible') return exitStatus.fine
	return severity === 'critical' ? exitStatus.critical : exitStatus.warnings
}

function chosen(cause: string | undefined, diagnoses: readonly Diagnosis[]): Diagnosis | undefined {
	if (cause === undefined) {
		const helped = diagnoses.filter(({ remedies }) => remedies.length > 0)
		return helped.find(({ explainedBy }) => explainedBy === undefined) ?? helped[0]
	}
	const diagnosis = diagnoses.find(each => each.cause === cause)
	if (!diagnosis) {
		const found = diagnoses.map(each => each.cause).join(', ')
		throw new UsageError(
			`"${cause}" was not found here. ${found ? `Found: ${found}.` : 'Nothing was found.'}`,
		)
	}
	if (diagnosis.remedies.length === 0) throw new UsageError(`There is no remedy for ${cause}.`)
	return diagnosis
}

function offered(number: number | undefined, offers: readonly Offer[], { cause }: Diagnosis): Offer {
	const offer = number === undefined ? offers[0] : offers.find(each => each.number === number)
	if (!offer)
		throw new UsageError(`${cause} has ${offers.length} remedies; --remedy is one of 1 to ${offers.length}.`)
	return offer
}

function otherLines(offers: readonly Offer[], shown: Offer, { cause }: Diagnosis): string[] {
	const tried =
		shown.failures > 0 ? [`This remedy was tried here ${shown.failures} times and did not help.`] : []
	const others = offers.filter(each => each !== shown)
	if (others.length === 0) return tried
	return [
		...tried,
		'Other remedies:',
		...others.map(({ remedy, number, failures }) => {
			const failed = failures > 0 ? `, failed ${failures} times here` : ''
			return `  k3s-doctor fix ${cause} --remedy ${number}   ${remedy.title} (${remedy.risk}${failed})`
		}),
	]
}

/** What was done before the step that failed can be taken back at once, after a yes of its own. */
async function offerUndo(id: string, how: CarryOut): Promise<void> {
	const { actions } = await how.session.history()
	const action = actions.find(each => each.id === id)
	const plan = action && (await how.session.undoPlan(action))
	if (!plan || plan.steps.length === 0) return
	how.terminal.say('')
	how.terminal.say('What was done can be taken back now, or later with k3s-doctor undo:')
	// A yes that was given beforehand was for the remedy.
	await carryOut(plan, { ...how, yes: false })
}
