/** `history`: what was run on this node, by whom, with what result. */

import type { History } from '../model/action.js'
import { historyOf } from '../remedies/session.js'
import { historyLines } from '../report/plan-text.js'
import { exitStatus } from './exit.js'
import type { Parsed } from './parse.js'
import { whoseNode } from './remedy-world.js'
import { standardTerminal, type Terminal } from './terminal.js'

export async function historyCommand(parsed: Parsed): Promise<number> {
	const { machine, places } = await whoseNode(parsed)
	return showHistory(await historyOf(machine, places.audits), standardTerminal())
}

/** Newest first. */
export function showHistory({ actions, torn }: History, terminal: Terminal): number {
	if (actions.length === 0) terminal.say('Nothing was run on this node by the doctor.')
	for (const line of historyLines(actions)) terminal.say(line)
	if (torn > 0) terminal.warn(`${torn} lines of the audit log are not whole; a power cut does that.`)
	return exitStatus.fine
}
