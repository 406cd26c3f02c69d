/** `fix` and `undo`: from the parsed arguments to what they work with. */

import type { Examination } from '../examine.js'
import type { Diagnosis } from '../model/diagnosis.js'
import { placesOf } from '../remedies/places.js'
import { makePlan } from '../remedies/plan.js'
import { surroundingsOf } from '../remedies/recorded.js'
import { examineAsTold } from './examination.js'
import { fix } from './fix.js'
import { type Parsed, UsageError } from './parse.js'
import { standardTerminal, stopOnSignals } from './terminal.js'
import { undo } from './undo.js'

export async function fixCommand(parsed: Parsed): Promise<number> {
	const { values, switches, positionals } = parsed
	const options = {
		cause: positionals[0],
		remedy: wholeNumber('--remedy', values.get('remedy')),
		dryRun: switches.has('dry-run'),
		yes: switches.has('yes'),
	}
	const terminal = standardTerminal()
	if (values.has('from')) {
		const examination = await examineAsTold(parsed)
		const { hostname } = examination.bundle.node
		const { diagnoses } = examination.report
		return fix(options, { terminal, hostname, diagnoses, plan: offline(examination) })
	}
	// The hands are loaded only for a live node.
	const { examinedNode } = await import('./remedy-world.js')
	const { session, node, current } = await examinedNode(parsed)
	const before = current().judgement
	return fix(options, {
		terminal,
		hostname: node.hostname,
		diagnoses: before.diagnoses,
		plan: ({ cause }, number) => session.plan(cause, number),
		live: {
			session,
			onSignals: stopOnSignals,
			verify: (plan, result) =>
				session.verify(plan, result, before, {
					onProgress: (says, ms) => terminal.say(`    … ${says} (${Math.round(ms / 1000)} s)`),
				}),
		},
	})
}

export async function undoCommand(parsed: Parsed): Promise<number> {
	const { switches, positionals } = parsed
	const { undoSession } = await import('./remedy-world.js')
	const { session, node } = await undoSession(parsed)
	return undo(
		{ number: wholeNumber('N', positionals[0]), dryRun: switches.has('dry-run') },
		{
			yes: switches.has('yes'),
			hostname: node.hostname,
			terminal: standardTerminal(),
			session,
			onSignals: stopOnSignals,
		},
	)
}

/** Plans of a saved bundle: to be read, never run. */
function offline({ bundle, evidence }: Examination) {
	const { backups } = placesOf(bundle.node.dataDir)
	return async (diagnosis: Diagnosis, number: number) => {
		const remedy = diagnosis.remedies[number - 1]
		if (!remedy) return undefined
		const surroundings = surroundingsOf(remedy, bundle, evidence, backups)
		return makePlan({
			diagnosis,
			number,
			evidence,
			surroundings,
			mode: 'bundle',
			at: Date.parse(bundle.takenAt) || 0,
		})
	}
}

function wholeNumber(name: string, value: string | undefined): number | undefined {
	if (value === undefined) return undefined
	if (!/^[1-9]\d{0,5}$/.test(value)) throw new UsageError(`${name} is a number from 1, not "${value}".`)
	return Number(value)
}
