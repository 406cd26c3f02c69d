/** Shows a plan, asks, and runs it: the same for a remedy and for an undo. */
import type { RunEvent, RunResult } from '../model/action.js'
import { answerWanted, confirm } from '../model/confirmed.js'
import type { Plan } from '../model/plan.js'
import type { Session } from '../remedies/session.js'
import { makeStop, type Stop } from '../remedies/stop.js'
import { planLines } from '../report/plan-text.js'
import type { Terminal } from './terminal.js'

export interface CarryOut {
	/** `--yes`: covers nothing destructive. */
	yes: boolean
	hostname: string
	terminal: Terminal
	session: Session
	/** Listens for signals while it runs; returns the way back. */
	onSignals: (stop: Stop, terminal: Terminal) => () => void
}

/** `undefined`: it was not confirmed, or could not be. */
export async function carryOut(plan: Plan, how: CarryOut): Promise<RunResult | undefined> {
	const { terminal, session } = how
	let shown = plan
	// A node that changes all the time must not be asked about for ever.
	for (let attempt = 0; attempt < 3; attempt += 1) {
		for (const line of planLines(shown)) terminal.say(line)
		terminal.say('')
		if (shown.refusals.length > 0 || shown.onlyTells) {
			if (shown.refusals.length === 0)
				terminal.warn('There is nothing in it that the doctor could run: it is for you to do.')
			return undefined
		}
		const answer = await answerTo(shown, how)
		const confirmation = confirm(shown, answer, how.hostname)
		if (!confirmation.ok) {
			terminal.warn(`Nothing was run: ${confirmation.why}.`)
			return undefined
		}
		const stop = makeStop()
		const release = how.onSignals(stop, terminal)
		try {
			const events = eventPrinter(shown, terminal)
			const attend = async (text: string) => {
				terminal.say('')
				terminal.say(text)
				return /^y(es)?$/i.test((await terminal.ask('This is for you to do. Go on? [y/N] ')) ?? '')
			}
			const live = { onEvent: events, stop, ...(!how.yes && { attend }) }
			const result = await session.run(confirmation.confirmed, live)
			if (result.outcome !== 'changed' || !result.plan) {
				report(result, terminal)
				return result
			}
			terminal.warn('The node changed since this was shown. Nothing was run. This is how it would be now:')
			shown = result.plan
		} finally {
			release()
		}
	}
	terminal.warn('The node keeps changing; nothing was run.')
	return undefined
}

async function answerTo(plan: Plan, { yes, terminal }: CarryOut): Promise<string> {
	const wanted = answerWanted(plan)
	if (plan.risk !== 'destructive') {
		if (yes) return wanted
		return (await terminal.ask('Run this? [y/N] ')) ?? ''
	}
	if (yes) terminal.warn('--yes does not cover what is destructive.')
	return (await terminal.ask(`Type the name of the node (${wanted}) to run this: `)) ?? ''
}

function report({ outcome, detail }: RunResult, terminal: Terminal): void {
	if (outcome === 'done') terminal.say(`Done: ${detail}.`)
	else
		terminal.warn(
			`${outcome === 'refused' ? 'Nothing was run' : 'It did not end well'}: ${detail.replace(/\.$/, '')}.`,
		)
}

/** Waiting is told of in steps of five seconds, not of one. */
const tellEveryMs = 5000

export function eventPrinter(plan: Plan, terminal: Terminal): (event: RunEvent) => void {
	let told = 0
	let rest = ''
	const step = (index: number) => plan.steps[index]?.says ?? ''
	return event => {
		switch (event.kind) {
			case 'step':
				told = 0
				rest = ''
				terminal.say(`[${event.index + 1}/${plan.steps.length}] ${step(event.index)}`)
				return
			case 'output': {
				const lines = (rest + event.text).split('\n')
				rest = lines.pop() ?? ''
				for (const line of lines) terminal.say(`    | ${line}`)
				return
			}
			case 'progress':
				if (event.elapsedMs < told + tellEveryMs && told > 0) return
				told = event.elapsedMs
				terminal.say(`    … ${event.says} (${Math.round(event.elapsedMs / 1000)} s)`)
				return
			case 'step-end': {
				if (rest !== '') terminal.say(`    | ${rest}`)
				const mark = event.outcome === 'done' ? 'done' : event.outcome.toUpperCase()
				const detail = event.detail ? `: ${event.detail}` : ''
				terminal.say(`    ${mark} after ${(event.ms / 1000).toFixed(1)} s${detail}`)
			}
		}
	}
}
