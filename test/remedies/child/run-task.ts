import { standardTerminal, stopOnSignals } from '../../../src/commands/terminal.js'
import { localHost } from '../../../src/host/local.js'
import { localHands, systemClock } from '../../../src/host/local-hands.js'
import { answerWanted, confirm } from '../../../src/model/confirmed.js'
import { openSession } from '../../../src/remedies/session.js'
import { makeStop } from '../../../src/remedies/stop.js'
import { diagnosisOf, noJudgement } from '../diagnosis.js'
import type { Task } from './entry.js'

export async function runTask({ node, places, remedy, undo, signals }: Task): Promise<void> {
	const judgement = { ...noJudgement, diagnoses: [diagnosisOf([remedy])] }
	const session = openSession({
		machine: { host: localHost({ kubeconfigs: [] }), hands: localHands(), clock: systemClock },
		node,
		places,
		who: { user: 'ada', uid: 0 },
		mode: 'live',
		current: () => ({ evidence: { node }, judgement }),
		reexamine: async () => ({ judgement: noJudgement, starting: false }),
	})
	const action = undo
		? (await session.history()).actions.findLast(({ kind }) => kind === 'remedy')
		: undefined
	const plan = await (action ? session.undoPlan(action) : session.plan('config-bad-value', 1))
	if (!plan || plan.refusals.length > 0) {
		process.stdout.write(`refused ${JSON.stringify(plan?.refusals)}\n`)
		return
	}
	const yes = confirm(plan, answerWanted(plan), node.hostname)
	if (!yes.ok) throw new Error(yes.why)
	const stop = makeStop()
	const terminal = standardTerminal()
	if (signals) stopOnSignals(stop, terminal)
	const result = await session.run(yes.confirmed, {
		stop,
		onEvent: event => {
			if (event.kind === 'output') terminal.say(`output ${event.text.trim()}`)
		},
	})
	terminal.say(`result ${JSON.stringify({ outcome: result.outcome, detail: result.detail })}`)
}
