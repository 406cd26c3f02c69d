/** `undo [N]`: takes the last action, or action N of the history, back. */
import type { Action, History } from '../model/action.js'
import { scriptOf } from '../remedies/script.js'
import { lastUndoable } from '../remedies/session.js'
import { type CarryOut, carryOut } from './carry-out.js'
import { exitStatus } from './exit.js'
import { UsageError } from './parse.js'

export interface UndoOptions {
	/** Number in the history, from 1. Default: the newest that was not taken back. */
	number?: number | undefined
	/** Print the plan as a script, run nothing. */
	dryRun: boolean
}

/** Exit status: 0 taken back; 1 it could not be, or was not confirmed. */
export async function undo(options: UndoOptions, how: CarryOut): Promise<number> {
	const { terminal, session } = how
	const action = chosen(options.number, await session.history())
	if (!action) {
		terminal.say('There is nothing to take back.')
		return exitStatus.fine
	}
	const plan = await session.undoPlan(action)
	if (!plan) {
		terminal.warn(`The record of "${action.title}" is gone (${action.folder}): it cannot be taken back.`)
		return exitStatus.doctorFailed
	}
	if (options.dryRun) {
		terminal.say(scriptOf(plan).trimEnd())
		return exitStatus.fine
	}
	const result = await carryOut(plan, how)
	return result?.outcome === 'done' ? exitStatus.fine : exitStatus.doctorFailed
}

function chosen(number: number | undefined, history: History): Action | undefined {
	if (number === undefined) return lastUndoable(history)
	const action = history.actions.find(each => each.number === number)
	if (!action) throw new UsageError(`There is no action ${number}; see k3s-doctor history.`)
	return action
}
