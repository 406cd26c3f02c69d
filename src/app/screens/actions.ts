/** The tab Actions: what runs, what was done on this node, what would mend it; and one action, whole. */
import type { Action, ActionStep } from '../../model/action.js'
import { shellLine } from '../../model/shell.js'
import { utcTime } from '../../report/times.js'
import { listing } from '../diagnoses.js'
import { bytes, counted, took } from '../format.js'
import { blank, ends, type Line, line, paragraph, type Span, span, strong, type Tone } from '../line.js'
import type { ListView } from '../list.js'
import { actionOf, historyOf, isUndoable, offered } from '../past.js'
import { runWords } from '../run-words.js'
import type { ListState, State } from '../state.js'
import type { Target } from '../target.js'
import { risks } from '../words.js'
import { type Block, blocksView } from './blocks.js'
import { commandLines, commandsOf, failedWords } from './findings.js'
import { gutter, type Row, rowsView } from './rows.js'

export function actionsView(state: State, list: ListState, width: number): ListView {
	const rows = [...runRows(state), ...historyRows(state), ...remedyRows(state)]
	const intro = paragraph(
		'Nothing runs from this list: Enter shows every step first, and a plan asks before it is run.',
		width - 1,
		{ first: [span(' ')], tone: 'faint' },
	)
	const { torn } = historyOf(state)
	const why = state.past?.why
	const notes = [
		...(why === undefined ? [] : paragraph(why, width - 1, { first: [span(' ')], tone: 'warn' })),
		...(torn > 0
			? paragraph(`${counted(torn, 'line')} of the audit log could not be read.`, width - 1, {
					first: [span(' ')],
					tone: 'warn',
				})
			: []),
	]
	return rowsView(rows, list, width, {
		head: rows.length > 0 ? [...intro, ...notes, blank] : notes,
		empty: [
			line(span('  Nothing was done here, and there is nothing to mend, or nothing that is known to help.')),
		],
	})
}

function runRows({ run }: State): Row[] {
	if (!run) return []
	const { text, tone } = runWords(run)
	return [
		{
			id: 'run',
			group: run.phase === 'over' ? 'The last one' : 'Now',
			search: run.plan.title,
			target: { kind: 'run' },
			lines: room => [ends([strong(run.plan.title)], [span(text, tone)], room)],
		},
	]
}

function historyRows(state: State): Row[] {
	const { actions } = historyOf(state)
	const kept = Object.values(state.past?.backups ?? {})
	const size = kept.reduce((sum, each) => sum + each, 0)
	const room = kept.length > 0 ? `; the backups of ${counted(kept.length, 'action')} take ${bytes(size)}` : ''
	return actions.toReversed().map((action): Row => {
		const { word, tone } = outcomeWords(action)
		return {
			id: action.id,
			group: `What was done on this node, newest first${room}`,
			search: `${action.number}. ${action.title} ${action.cause} ${action.user} ${word}`,
			target: actionTarget(state, action),
			height: 2,
			lines: width => [
				ends([strong(`${action.number}. ${action.title}`)], [span(word, tone)], width),
				ends([span(whoWhen(action), 'faint')], backupSpan(state, action), width),
			],
		}
	})
}

function backupSpan({ past }: State, { id, discarded }: Action): Span[] {
	const size = past?.backups[id]
	if (discarded) return [span('backup deleted', 'faint')]
	return size === undefined ? [] : [span(`backup ${bytes(size)}`, 'faint')]
}

function whoWhen({ at, user, ssh, tty, cause }: Action): string {
	const from = [ssh && `from ${ssh}`, tty && `on ${tty}`].filter(Boolean).join(' ')
	return `${utcTime(at)} UTC  ${user}${from ? ` ${from}` : ''}  ${cause}`
}

/** How an action came out, in a word or two. */
export function outcomeWords({ cause, outcome, verified, undoneBy }: Action): { word: string; tone: Tone } {
	if (undoneBy !== undefined) return { word: 'taken back', tone: 'faint' }
	if (outcome === undefined) return { word: 'did not end', tone: 'warn' }
	const mended = cause === 'by-hand' ? 'done' : 'fixed'
	if (verified?.outcome === 'fixed') return { word: mended, tone: 'good' }
	if (verified?.outcome === 'fixed-but-new') return { word: `${mended}, with news`, tone: 'warn' }
	if (verified?.outcome === 'not-fixed') return { word: 'not fixed', tone: 'bad' }
	return { word: outcome, tone: outcome === 'done' ? 'good' : 'bad' }
}

function actionTarget({ past }: State, action: Action): Target {
	return {
		kind: 'action',
		id: action.id,
		undoable: isUndoable(action) && past !== undefined,
		discardable: past?.backups[action.id] !== undefined && !action.discarded,
	}
}

function remedyRows(state: State): Row[] {
	const { roots, possible } = listing(state)
	return [...roots, ...possible].flatMap(({ diagnosis }) =>
		offered(state, diagnosis).map(({ remedy, number, failures }): Row => {
			const { word, tone } = risks[remedy.risk]
			const why = failures > 0 ? span(failedWords(failures), 'warn') : span(remedy.why, 'faint')
			return {
				id: `${diagnosis.cause} ${number - 1}`,
				group: diagnosis.title,
				search: `${remedy.title} ${diagnosis.title} ${diagnosis.cause} ${word}`,
				target: {
					kind: 'remedy',
					cause: diagnosis.cause,
					index: number - 1,
					commands: commandsOf(remedy),
				},
				height: 2,
				lines: room => [ends([strong(remedy.title)], [span(word, tone)], room), ends([why], [], room)],
			}
		}),
	)
}

export function actionView(state: State, list: ListState & { action: string }, width: number): ListView {
	const room = width - gutter
	const action = actionOf(state, list.action)
	if (!action) {
		const text = 'The audit log no longer tells of this action.'
		return blocksView(
			[{ id: 'gone', target: { kind: 'words', text }, lines: paragraph(text, room) }],
			list,
			width,
		)
	}
	const target = actionTarget(state, action)
	const { word, tone } = outcomeWords(action)
	const { detail, verified, steps, planned, folder, undoneBy, of: about } = action
	const note = (id: string, text: string, title?: string): Block => ({
		id,
		target,
		lines: paragraph(text, room),
		...(title !== undefined && { title }),
	})
	const notRun = planned.slice(steps.length)
	return blocksView(
		[
			{
				id: 'head',
				target,
				lines: [
					...paragraph(`${action.number}. ${action.title}`, room, { bold: true }),
					line(strong(word, tone), span(`  ${risks[action.risk].word}`, 'faint')),
					...paragraph(whoWhen(action), room, { tone: 'faint' }),
					...(detail ? paragraph(detail, room) : []),
					...(verified ? paragraph(verified.says, room) : []),
				],
			},
			...steps.map(
				(step, index): Block => ({
					id: `step ${index}`,
					target: step.argv ? { kind: 'command', text: shellLine(step.argv) } : target,
					lines: doneLines(step, room),
					...(index === 0 && {
						title: `What was done, ${steps.length} of ${counted(planned.length, 'step')}`,
					}),
				}),
			),
			...notRun.map((text, index) =>
				note(`not ${index}`, text, index === 0 ? 'What was not done' : undefined),
			),
			note('backup', action.discarded ? 'It was deleted.' : folder, 'Backup'),
			...(undoneBy !== undefined ? [note('undone', `It was taken back by ${undoneBy}.`)] : []),
			...(about !== undefined ? [note('of', `It was about ${about}.`)] : []),
			...wishBlocks(state, action, target),
		],
		list,
		width,
	)
}

function doneLines({ says, argv, outcome, exit, ms, detail, output }: ActionStep, room: number): Line[] {
	const mark =
		outcome === 'done' ? span('✔ ', 'good') : outcome === undefined ? span('? ', 'warn') : span('✖ ', 'bad')
	const facts = [
		outcome ?? 'begun; its end was not written down',
		exit !== undefined && `exit ${exit}`,
		ms !== undefined && took(ms),
		detail,
		output !== undefined && `output sha256 ${output.slice(0, 12)}…`,
	].filter(Boolean)
	const head = argv
		? commandLines(shellLine(argv), room - 2).map(({ spans }, index) => ({
				spans: [index === 0 ? mark : span('  '), ...spans],
			}))
		: paragraph(says, room, { first: [mark] })
	return [...head, ...paragraph(facts.join(', '), room, { first: [span('  ')], tone: 'faint' })]
}

function wishBlocks(state: State, action: Action, target: Target): Block[] {
	if (target.kind !== 'action') return []
	const wishes: Block[] = []
	const add = (kind: 'undo' | 'discard', says: string, key: string) =>
		wishes.push({
			id: kind,
			target: {
				kind: 'wish',
				wish: { kind, action: action.id },
				says: `sudo k3s-doctor undo ${action.number}`,
			},
			lines: [line(strong(says), span(`   Enter or ${key} shows how; it asks first`, 'faint'))],
		})
	if (target.undoable) add('undo', 'Take it back', 'u')
	if (target.discardable) {
		const size = state.past?.backups[action.id] ?? 0
		add('discard', `Delete its backup (${bytes(size)}); then it can no longer be taken back`, 'D')
	}
	const [first, ...others] = wishes
	return first ? [{ ...first, title: 'What can be done' }, ...others] : []
}
