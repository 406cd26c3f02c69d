/** A run: each step with its mark, its output while it comes, how it ended, whether it helped, and what can be done. */
import type { RunResult } from '../../model/action.js'
import { diagnosisOf } from '../diagnoses.js'
import { counted, took } from '../format.js'
import { fitted, type Line, line, paragraph, type Span, span, strong, type Tone } from '../line.js'
import type { ListView } from '../list.js'
import { offeredFor } from '../past.js'
import { isRunning, type Run, type StepRun } from '../run.js'
import { clock, looking, runWords, verdictWords } from '../run-words.js'
import type { ListState, State } from '../state.js'
import type { Target } from '../target.js'
import { type Block, blocksView } from './blocks.js'
import { commandLines } from './findings.js'
import { stepWords } from './plan.js'
import { gutter } from './rows.js'

/** Lines of output that a step shows before one opens it. */
const brief = { running: 8, failed: 12, killed: 12, done: 2, waiting: 0 } as const

export function runView(state: State, list: ListState, width: number): ListView {
	const room = width - gutter
	const { run } = state
	if (!run) {
		const target: Target = { kind: 'words', text: '' }
		return blocksView([{ id: 'none', target, lines: paragraph('Nothing is running.', room) }], list, width)
	}
	return blocksView(
		[
			headBlock(state, run, room),
			...run.steps.map((step, index) => stepBlockOf(run, step, index, list.unfolded, room)),
			...endBlocks(state, run, room),
		],
		list,
		width,
	)
}

function headBlock(state: State, run: Run, room: number): Block {
	const { plan } = run
	const words = runWords(run)
	const by = run.phase === 'running' && run.attend === undefined ? 'Ctrl-C stops it' : ''
	return {
		id: 'head',
		target: { kind: 'words', text: plan.title },
		lines: [
			...paragraph(plan.title, room, { bold: true }),
			line(strong(words.text, words.tone), span(by === '' ? '' : `   ${by}`, 'faint')),
			...(state.mode === 'live' && isRunning(run) && plan.interrupts !== 'nothing'
				? paragraph(plan.interrupts, room, { first: [span('Interrupts: ', 'warn')] })
				: []),
		],
	}
}

const marks: Readonly<Record<StepRun['state'], Span>> = {
	waiting: span('· ', 'faint'),
	running: span('▶ ', 'accent'),
	done: span('✔ ', 'good'),
	failed: span('✖ ', 'bad'),
	killed: span('✖ ', 'bad'),
}

function stepBlockOf(
	run: Run,
	step: StepRun,
	index: number,
	unfolded: readonly string[],
	room: number,
): Block {
	const planned = run.plan.steps[index]
	const id = `step ${index}`
	const says = planned ? stepWords(planned) : ''
	const lines = [
		...paragraph(says, room, {
			first: [marks[step.state]],
			...(step.state === 'failed' || step.state === 'killed' ? { bold: true } : {}),
		}),
		...stateLines(run, step, planned?.kind === 'wait', room),
		...outputLines(step, unfolded.includes(id), room),
	]
	if (run.attend !== undefined && planned?.kind === 'tell' && step.state === 'waiting') {
		const next = run.steps.findIndex(({ state }) => state === 'waiting')
		if (next === index) lines.push(...attendLines(planned.commands, room))
	}
	return {
		id,
		target: { kind: 'step', index, text: [...step.output, step.rest].join('\n').trim() || says },
		lines,
		...(index === 0 && { title: 'Steps' }),
	}
}

function attendLines(commands: readonly string[], room: number): Line[] {
	return [
		...commands.flatMap(text =>
			commandLines(text, room - 2).map(({ spans }) => ({ spans: [span('  '), ...spans] })),
		),
		...paragraph('This is for you to do. When it is done: y goes on. Ctrl-C stops here.', room, {
			first: [span('  ')],
			tone: 'warn',
		}),
	]
}

function stateLines(run: Run, step: StepRun, waits: boolean, room: number): Line[] {
	const indent = [span('  ')]
	if (step.state === 'running') {
		const passed = Math.max(0, run.seconds - (step.since ?? 0))
		const sees = step.sees === undefined ? '' : `: ${step.sees}`
		return paragraph(`for ${clock(passed)}${sees}`, room, { first: indent, tone: 'accent' })
	}
	if (step.state === 'waiting') return []
	const time = step.ms === undefined ? '' : took(step.ms)
	if (step.state === 'done') {
		const detail = step.detail === undefined ? '' : `: ${step.detail}`
		return paragraph(`done in ${time}${detail}`, room, { first: indent, tone: 'faint' })
	}
	// A wait that was given up has changed nothing.
	const word = step.state === 'failed' ? 'FAILED' : waits ? 'STOPPED' : 'KILLED'
	const why = step.detail === undefined ? '' : `: ${step.detail}`
	return paragraph(`${word} after ${time}${why}`, room, { first: indent, tone: 'bad' })
}

function outputLines({ output, rest, state, dropped }: StepRun, whole: boolean, room: number): Line[] {
	const all = rest === '' ? output : [...output, rest]
	const shown = whole ? all : all.slice(Math.max(0, all.length - brief[state]))
	const hidden = all.length - shown.length + dropped
	const more =
		hidden > 0
			? [
					line(
						span('  │ ', 'faint'),
						span(
							whole
								? `${counted(dropped, 'line')} no longer kept`
								: `${counted(hidden, 'line')} above; Enter shows them`,
							'faint',
						),
					),
				]
			: []
	return [...more, ...shown.map(text => fitted(line(span('  │ ', 'faint'), span(text)), room))]
}

function endBlocks(state: State, run: Run, room: number): Block[] {
	const { phase, result, verified, sees, blind } = run
	if (phase === 'running' || !result) return []
	const told = (id: string, text: string, tone?: Tone): Block => ({
		id,
		target: { kind: 'words', text },
		lines: paragraph(text, room, { ...(tone && { tone }) }),
	})
	const blocks: Block[] = [
		told(
			'result',
			result.outcome === 'done' ? `Done: ${result.detail}.` : sentence(result),
			result.outcome === 'done' ? undefined : 'bad',
		),
	]
	if (phase === 'verifying') blocks.push(told('verifying', `${looking(run)} … ${sees ?? ''}`, 'accent'))
	if (verified) blocks.push(told('verified', verified.says, verdictWords[verified.outcome].tone))
	if (blind !== undefined) blocks.push(told('blind', blind, 'warn'))
	for (const cause of verified?.fresh ?? [])
		blocks.push({
			id: `fresh ${cause}`,
			target: { kind: 'diagnosis', cause, suppressed: false, foldable: false },
			lines: paragraph(`New: ${diagnosisOf(state, cause)?.title ?? cause}`, room, { tone: 'warn' }),
		})
	if (phase === 'over') blocks.push(...offers(state, run, room))
	const [first, ...others] = blocks
	return first ? [{ ...first, title: 'How it ended' }, ...others] : []
}

function sentence({ outcome, detail }: RunResult): string {
	const said = `${detail.replace(/\.$/, '')}.`
	// That it was stopped, and by whom, is in the detail.
	if (outcome === 'stopped') return said.charAt(0).toUpperCase() + said.slice(1)
	return `${outcome === 'refused' ? 'Nothing was run' : 'It did not end well'}: ${said}`
}

/** What one may want next: take it back where it failed or did not help, or another remedy. */
function offers(state: State, { wish, plan, result, verified }: Run, room: number): Block[] {
	const blocks: Block[] = []
	const helped = verified?.outcome === 'fixed' || verified?.outcome === 'fixed-but-new'
	if (result?.undoable && result.id !== undefined) {
		const says = result.outcome === 'done' ? 'Take it back' : 'Take back what was done'
		blocks.push({
			id: 'undo',
			target: { kind: 'wish', wish: { kind: 'undo', action: result.id }, says: 'sudo k3s-doctor undo' },
			lines: [line(strong(says), span('   Enter or u shows how; it asks first', 'faint'))],
		})
	}
	if (wish.kind === 'remedy' && !helped && result?.outcome !== 'refused') {
		for (const { remedy, number, failures } of offeredFor(state, wish.cause)) {
			if (remedy.title === plan.title && failures > 1) continue
			const again = remedy.title === plan.title
			blocks.push({
				id: `offer ${number}`,
				target: { kind: 'wish', wish: { ...wish, number }, says: remedy.title },
				lines: paragraph(`${again ? 'Once more' : 'Instead'}: ${remedy.title}`, room, {}),
			})
		}
	}
	const [first, ...others] = blocks
	return first ? [{ ...first, title: 'What now' }, ...others] : []
}
