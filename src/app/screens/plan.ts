/** A plan, whole: everything that one has to know before a yes. Until it is made, the remedy as the rule has it. */

import type { Plan, PlannedStep } from '../../model/plan.js'
import type { CheckedPrecondition } from '../../model/precondition.js'
import { shellLine } from '../../model/shell.js'
import { conditionInWords } from '../../model/wait-words.js'
import { type Wish, wishKey } from '../../model/wish.js'
import { stepTexts } from '../../report/steps.js'
import { diagnosisOf } from '../diagnoses.js'
import { bytes } from '../format.js'
import { type Line, paragraph, type Span, span, type Tone } from '../line.js'
import type { ListView } from '../list.js'
import { actionOf, offeredFor } from '../past.js'
import type { PlanAsked } from '../run.js'
import type { ListState, State } from '../state.js'
import type { Target } from '../target.js'
import { type Block, blocksView } from './blocks.js'
import { commandLines, diffLines, failedWords, remedyHead, stepBlock } from './findings.js'
import { gutter } from './rows.js'

export function planView(state: State, list: ListState & { wish: Wish }, width: number): ListView {
	const room = width - gutter
	const asked = askedFor(state, list.wish)
	const blocks = asked.plan
		? planBlocks(state, list.wish, asked.plan, asked.changed === true, room)
		: beforehand(state, list.wish, asked, room)
	return blocksView(blocks, list, width)
}

function askedFor(state: State, wish: Wish): PlanAsked {
	return state.plans[wishKey(wish)] ?? {}
}

/** What the wish is called before its plan is there. */
export function wishTitle(state: State, wish: Wish): string {
	switch (wish.kind) {
		case 'remedy':
			return diagnosisOf(state, wish.cause)?.remedies[wish.number - 1]?.title ?? wish.cause
		case 'own':
			return wish.remedy.title
		case 'undo':
			return `Take back: ${actionOf(state, wish.action)?.title ?? wish.action}`
		case 'discard':
			return `Delete the backup of: ${actionOf(state, wish.action)?.title ?? wish.action}`
	}
}

/** How a wish is carried out without the app; `undefined` where only the app can. */
export function wishCommand(state: State, wish: Wish): string | undefined {
	if (wish.kind === 'remedy') return fixCommand(wish.cause, wish.number - 1)
	if (wish.kind !== 'undo') return undefined
	const number = actionOf(state, wish.action)?.number
	return number === undefined ? undefined : `sudo k3s-doctor undo ${number}`
}

/** How a remedy is run without the app. */
export function fixCommand(cause: string, index: number): string {
	return `sudo k3s-doctor fix ${cause}${index > 0 ? ` --remedy ${index + 1}` : ''}`
}

function beforehand(state: State, wish: Wish, { why }: PlanAsked, room: number): Block[] {
	const remedy =
		wish.kind === 'own'
			? wish.remedy
			: wish.kind === 'remedy'
				? diagnosisOf(state, wish.cause)?.remedies[wish.number - 1]
				: undefined
	const gone = 'The newest examination no longer offers this remedy.'
	if (wish.kind === 'remedy' && !remedy) return [block('gone', words(gone), paragraph(gone, room))]
	const title = wishTitle(state, wish)
	const head = remedy ? remedyHead(remedy, room) : paragraph(title, room, { bold: true })
	const steps = (remedy?.steps ?? []).flatMap(step => stepTexts(step))
	return [
		block('head', wishTarget(state, wish), head),
		block(
			'state',
			words(why ?? ''),
			paragraph(why ?? waiting(state), room, { tone: why === undefined ? 'accent' : 'warn' }),
		),
		...steps.map((text, index) => ({
			...stepBlock(text, `step ${index}`, room),
			...(index === 0 && { title: 'What it does, step by step' }),
		})),
		...howBlocks(state, wish, room),
	]
}

function waiting({ exam }: State): string {
	return exam.phase === 'asking'
		? 'The node is still being examined; the exact plan follows from it.'
		: 'Looking at the node for the exact plan …'
}

function wishTarget(state: State, wish: Wish): Target {
	const text = wishCommand(state, wish)
	return text === undefined ? words(wishTitle(state, wish)) : { kind: 'command', text }
}

const words = (text: string): Target => ({ kind: 'words', text })

function block(id: string, target: Target, lines: readonly Line[], title?: string): Block {
	return { id, target, lines, ...(title !== undefined && { title }) }
}

function planBlocks(state: State, wish: Wish, plan: Plan, changed: boolean, room: number): Block[] {
	const { refusals, preconditions, steps, backup, undo, recheck } = plan
	const told = (id: string, title: string, texts: readonly string[], tone?: Tone) =>
		texts.map((text, index) =>
			block(
				`${id} ${index}`,
				words(text),
				paragraph(text, room, { first: [span('• ', 'faint')], ...(tone && { tone }) }),
				index === 0 ? title : undefined,
			),
		)
	return [
		block('head', wishTarget(state, wish), [
			...remedyHead(plan, room),
			...factLines(plan, room),
			...(changed
				? paragraph('The node changed since this was shown: this is how it is now.', room, { tone: 'warn' })
				: []),
			...failedBefore(state, wish, room),
		]),
		...told(
			'refused',
			'This is not run, because',
			refusals.map(({ why }) => why),
			'bad',
		),
		...preconditions.map((condition, index) =>
			block(
				`precondition ${index}`,
				words(condition.says),
				preconditionLines(condition, room),
				index === 0 ? 'What must hold' : undefined,
			),
		),
		...steps.map((step, index) => plannedBlock(step, index, steps.length, room)),
		...(backup.bytes > 0 || steps.some(({ kind }) => kind !== 'tell' && kind !== 'wait')
			? [
					block(
						'backup',
						words(backup.folder),
						paragraph(backupWords(backup), room),
						'What is kept before anything changes',
					),
				]
			: []),
		...told('undo', 'How it is taken back', undo.says),
		...told('lost', 'What cannot be taken back', undo.not, 'warn'),
		...(recheck.length > 0
			? [
					block(
						'recheck',
						words(recheck.join(', ')),
						paragraph(`${recheck.join(', ')}; then the rules judge again.`, room),
						'Asked again afterwards',
					),
				]
			: []),
		...howBlocks(state, wish, room, plan),
	]
}

function factLines({ node, as }: Plan, room: number): Line[] {
	return paragraph(`On ${node.hostname} (${node.role}), as ${as}.`, room)
}

function failedBefore(state: State, wish: Wish, room: number): Line[] {
	if (wish.kind !== 'remedy') return []
	const failures = offeredFor(state, wish.cause).find(({ number }) => number === wish.number)?.failures ?? 0
	if (failures === 0) return []
	return paragraph(failedWords(failures), room, { tone: 'warn' })
}

const marks: Readonly<Record<CheckedPrecondition['state'], Span>> = {
	met: span('✔ ', 'good'),
	'not-met': span('✖ ', 'bad'),
	unknown: span('? ', 'warn'),
}

function preconditionLines({ says, state, why }: CheckedPrecondition, room: number): Line[] {
	return paragraph(`${says} (${why})`, room, {
		first: [marks[state]],
		...(state === 'not-met' && { tone: 'bad' }),
	})
}

function backupWords({ folder, bytes: size, note }: Plan['backup']): string {
	return `${folder}${size > 0 ? `, up to ${bytes(size)}` : ''}${note ? ` (${note})` : ''}`
}

function plannedBlock(step: PlannedStep, index: number, count: number, room: number): Block {
	return block(
		`step ${index}`,
		stepTarget(step, index),
		plannedLines(step, index, count, room),
		index === 0 ? 'What it does, step by step' : undefined,
	)
}

function stepTarget(step: PlannedStep, index: number): Target {
	return { kind: 'step', index, text: step.kind === 'run' ? shellLine(step.argv) : (step.shown ?? step.says) }
}

function plannedLines(step: PlannedStep, index: number, count: number, room: number): Line[] {
	const number = [span(`${String(index + 1).padStart(String(count).length)}. `, 'faint')]
	const indent = '   '
	const below = (lines: readonly Line[]) => lines.map(({ spans }) => ({ spans: [span(indent), ...spans] }))
	if (step.kind === 'run') {
		const [first, ...more] = commandLines(shellLine(step.argv), room - 3)
		return [{ spans: [...number, ...(first?.spans ?? [])] }, ...below(more)]
	}
	const says = paragraph(stepWords(step), room, { first: number })
	if (step.kind === 'write' || step.kind === 'restore')
		return [...says, ...below(diffLines(step.diff, room - 3))]
	if (step.kind === 'tell')
		return [...says, ...step.commands.flatMap(text => below(commandLines(text, room - 3)))]
	return step.shown === undefined ? says : [...says, ...below(commandLines(step.shown, room - 3))]
}

/** A step in a sentence. */
export function stepWords(step: PlannedStep): string {
	if (step.kind === 'tell') return `For you to do: ${step.text}`
	if (step.kind === 'wait')
		return `Wait until ${conditionInWords(step.condition)}, for at most ${step.limitSeconds} s`
	return step.says
}

function howBlocks(state: State, wish: Wish, room: number, plan?: Plan): Block[] {
	if (plan?.onlyTells) return []
	const command = wishCommand(state, wish)
	const host = state.subject?.report.node.hostname ?? 'the node'
	const says =
		state.mode === 'live'
			? state.readOnly
				? 'The doctor was started with --read-only: it can be looked at and copied, not run.'
				: 'x carries it out, after a yes. Or in a shell on this node, which asks as well:'
			: `This is ${state.mode === 'demo' ? 'a recording' : 'a saved bundle'}: a remedy needs the live node. On ${host}:`
	return [
		block(
			'run',
			command === undefined ? words(says) : { kind: 'command', text: command },
			[...paragraph(says, room), ...(command === undefined ? [] : commandLines(command, room))],
			'How to run it',
		),
	]
}
