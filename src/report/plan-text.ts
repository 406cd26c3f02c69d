/** A plan and its run in plain lines: for the command line, and for copying. */
import type { Action, ActionStep } from '../model/action.js'
import { plainText } from '../model/plain-text.js'
import type { Plan, PlannedStep } from '../model/plan.js'

const riskWords = {
	safe: 'safe: easily taken back',
	restart: 'restart: something is interrupted for a while',
	destructive: 'destructive: data, membership or running pods can be lost',
} as const

/** Everything that the operator has to know before saying yes. Safe to print on a terminal. */
export function planLines(plan: Plan): string[] {
	const { title, why, risk, interrupts, node, backup, undo, recheck, preconditions, refusals } = plan
	const lines = [
		title,
		`  ${why}`,
		'',
		`  Node        ${node.hostname} (${node.role})`,
		`  Runs as     ${plan.as}`,
		`  Risk        ${riskWords[risk]}`,
		`  Interrupts  ${interrupts}`,
		`  Backup      ${backup.folder}${backup.note ? ` (${backup.note})` : ''}`,
		...section(
			'Preconditions',
			preconditions.map(({ says, state, why: seen }) => `${stateMark[state]} ${says} (${seen})`),
		),
		'',
		'Steps',
		...plan.steps.flatMap((step, index) => stepLines(step, index)),
		...section('To take it back (k3s-doctor undo)', undo.says),
		...section('Cannot be taken back', undo.not),
		...(recheck.length > 0 ? ['', `Examined again afterwards: ${recheck.join(', ')}`] : []),
		...section(
			'This is not run, because',
			refusals.map(refusal => refusal.why),
		),
	]
	return lines.flatMap(line => plainText(line).split('\n'))
}

const stateMark = { met: '[met]    ', 'not-met': '[NOT MET]', unknown: '[unknown]' } as const

function section(title: string, lines: readonly string[]): string[] {
	return lines.length > 0 ? ['', title, ...lines.map(line => `  ${line}`)] : []
}

function stepLines(step: PlannedStep, index: number): string[] {
	const head = `  ${index + 1}. ${step.says}`
	const indented = (text: string) => text.split('\n').map(line => `       ${line}`)
	if ((step.kind === 'write' || step.kind === 'restore') && step.diff !== '')
		return [head, ...indented(step.diff)]
	if (step.kind === 'permissions' && step.shown) return [head, ...indented(step.shown)]
	if (step.kind === 'tell') return [head, ...step.commands.flatMap(indented)]
	return [head]
}

/** The history, newest first, at most `most` actions. */
export function historyLines(actions: readonly Action[], most = Number.POSITIVE_INFINITY): string[] {
	return actions
		.toReversed()
		.slice(0, most)
		.flatMap(action => [...actionLines(action), ''])
		.map(line => plainText(line).replaceAll('\n', ' '))
}

function actionLines(action: Action): string[] {
	const { number, at, user, ssh, tty, cause, title, detail, verified, undoneBy, discarded, folder } = action
	const from = [ssh && `from ${ssh}`, tty && `on ${tty}`].filter(Boolean).join(' ')
	return [
		`${number}. ${title}`,
		`   ${new Date(at).toISOString()}  ${user}${from ? ` ${from}` : ''}  ${cause}`,
		...action.steps.map((step, index) => `   ${index + 1}/${action.planned.length} ${doneStep(step)}`),
		`   ${action.outcome ?? 'cut off: it did not end (power cut, kill, or it is still running)'}${detail ? `: ${detail}` : ''}`,
		...(verified ? [`   ${verified.says}`] : []),
		...(undoneBy ? [`   Taken back by ${undoneBy}`] : []),
		`   ${discarded ? 'Its backup was deleted' : `Backup: ${folder}`}`,
	]
}

function doneStep({ says, outcome, exit, ms, detail }: ActionStep): string {
	const how = outcome ?? 'begun, end unknown'
	const facts = [
		exit !== undefined && `exit ${exit}`,
		ms !== undefined && `${(ms / 1000).toFixed(1)} s`,
		detail,
	]
	const known = facts.filter(Boolean).join(', ')
	return `${says}: ${how}${known ? ` (${known})` : ''}`
}
