/** The remedies at hand, and one remedy with all its steps and how to run it. */
import type { DiagnosisCause } from '../../model/diagnosis.js'
import { stepTexts } from '../../report/steps.js'
import { listing } from '../diagnoses.js'
import { blank, ends, type Line, line, paragraph, span, strong } from '../line.js'
import type { ListView } from '../list.js'
import type { ListState, State } from '../state.js'
import { risks } from '../words.js'
import { type Block, blocksView } from './blocks.js'
import { commandLines, commandsOf, remedyHead, stepBlock } from './findings.js'
import { gutter, type Row, rowsView } from './rows.js'

/** How a remedy is run without the app. */
export function fixCommand(cause: DiagnosisCause, index: number): string {
	return `sudo k3s-doctor fix ${cause}${index > 0 ? ` --remedy ${index + 1}` : ''}`
}

export function actionsView(state: State, list: ListState, width: number): ListView {
	const { roots, possible } = listing(state)
	const rows = [...roots, ...possible].flatMap(({ diagnosis }) =>
		diagnosis.remedies.map((remedy, index): Row => {
			const { word, tone } = risks[remedy.risk]
			return {
				id: `${diagnosis.cause} ${index}`,
				group: diagnosis.title,
				search: `${remedy.title} ${diagnosis.title} ${diagnosis.cause} ${word}`,
				target: { kind: 'remedy', cause: diagnosis.cause, index, commands: commandsOf(remedy) },
				height: 2,
				lines: room => [
					ends([strong(remedy.title)], [span(word, tone)], room),
					ends([span(remedy.why, 'faint')], [], room),
				],
			}
		}),
	)
	const intro = paragraph(
		'What would mend what was found. Nothing runs from this list; Enter shows every step first.',
		width - 1,
		{ first: [span(' ')], tone: 'faint' },
	)
	return rowsView(rows, list, width, {
		head: rows.length > 0 ? [...intro, blank] : [],
		empty: [line(span('  There is nothing to mend, or nothing that is known to help.'))],
	})
}

export function remedyView(
	state: State,
	list: ListState & { cause: DiagnosisCause; index: number },
	width: number,
): ListView {
	const { cause, index } = list
	const room = width - gutter
	const remedy = state.subject?.report.diagnoses.find(diagnosis => diagnosis.cause === cause)?.remedies[index]
	if (!remedy) {
		const lines = paragraph('The newest examination no longer offers this remedy.', room)
		return blocksView([{ id: 'gone', target: { kind: 'words', text: cause }, lines }], list, width)
	}
	const own = { kind: 'remedy' as const, cause, index, commands: commandsOf(remedy) }
	const steps = remedy.steps.flatMap(step => stepTexts(step))
	const undo = (remedy.undo ?? []).flatMap(step => stepTexts(step))
	const blocks: Block[] = [
		{ id: 'head', target: own, lines: remedyHead(remedy, room) },
		...steps.map((text, step) => ({
			...stepBlock(text, `step ${step}`, room),
			...(step === 0 && { title: 'What it does, step by step' }),
		})),
		...(remedy.backup ?? []).map((path, at) => ({
			id: `backup ${path}`,
			...(at === 0 && { title: 'Copied before anything changes' }),
			target: { kind: 'words' as const, text: path },
			lines: [line(span(path))],
		})),
		...undo.map((text, step) => ({
			...stepBlock(text, `undo ${step}`, room),
			...(step === 0 && { title: 'How it is taken back' }),
		})),
		{
			id: 'run',
			title: 'How to run it',
			target: { kind: 'command', text: fixCommand(cause, index) },
			lines: runLines(state, cause, index, room),
		},
	]
	return blocksView(blocks, list, width)
}

function runLines(state: State, cause: DiagnosisCause, index: number, width: number): Line[] {
	const host = state.subject?.report.node.hostname ?? 'the node'
	const words =
		state.mode === 'live'
			? 'In a shell on this node. It shows the steps once more and asks before the first one:'
			: `This is ${state.mode === 'demo' ? 'a recording' : 'a saved bundle'}: a remedy needs the live node. On ${host}:`
	return [...paragraph(words, width), ...commandLines(fixCommand(cause, index), width)]
}
