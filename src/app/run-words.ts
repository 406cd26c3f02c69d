/** Where a run stands, in a few words. */
import type { RunResult, VerifyOutcome } from '../model/action.js'
import type { PlanCause } from '../model/plan.js'
import type { Tone } from './line.js'
import { type Run, stepAt } from './run.js'

/** `1:05`. */
export function clock(seconds: number): string {
	return `${Math.floor(seconds / 60)}:${String(Math.floor(seconds % 60)).padStart(2, '0')}`
}

/** Where the run stands, in a few words, for the title bar too. */
export function runWords(run: Run): { text: string; tone: Tone } {
	const { plan, result, phase, attend, stopping, seconds, verified } = run
	const time = clock(seconds)
	if (phase === 'running') {
		if (attend !== undefined) return { text: `waits for you ${time}`, tone: 'warn' }
		const at = stepAt(run)
		const step = at === undefined ? 'begins' : `step ${at + 1}/${plan.steps.length}`
		const word = stopping ? (stopping === 'kill' ? 'being killed' : 'stops after') : 'running'
		return { text: `${word} ${step} ${time}`, tone: stopping ? 'warn' : 'accent' }
	}
	if (phase === 'verifying') return { text: `${looking(run).toLowerCase()} ${time}`, tone: 'accent' }
	if (verified) return verdictOf(plan.cause, verified.outcome)
	return result?.outcome === 'done' ? { text: 'done', tone: 'good' } : { text: ends(result), tone: 'bad' }
}

/** After an undo, what was only wanted, or what ended early, there is nothing that could have helped. */
export function looking({ plan, result }: Run): string {
	const mended = plan.kind === 'remedy' && plan.cause !== 'by-hand' && result?.outcome === 'done'
	return mended ? 'Looking whether it helped' : 'Looking at the node again'
}

/** What nobody found to be at fault cannot be fixed: it is done. */
function verdictOf(cause: PlanCause, outcome: VerifyOutcome): { text: string; tone: Tone } {
	const { text, tone } = verdictWords[outcome]
	return { text: cause === 'by-hand' ? text.replace('FIXED', 'DONE') : text, tone }
}

export const verdictWords = {
	fixed: { text: 'FIXED', tone: 'good' },
	'not-fixed': { text: 'NOT FIXED', tone: 'bad' },
	'fixed-but-new': { text: 'FIXED, BUT THIS IS NEW', tone: 'warn' },
	unknown: { text: 'NOT KNOWN WHETHER IT HELPED', tone: 'warn' },
} as const

function ends(result: RunResult | undefined): string {
	switch (result?.outcome) {
		case 'stopped':
			return 'stopped'
		case 'killed':
			return 'killed'
		case 'refused':
			return 'not run'
		default:
			return 'failed'
	}
}
