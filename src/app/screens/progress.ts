/** The examination under way: every source, what it is asked, what came back and how fast. */
import { counted, milliseconds } from '../format.js'
import { blank, cell, ends, heading, type Line, number, paragraph, type Span, span } from '../line.js'
import type { State } from '../state.js'
import type { SourceStep, StepState } from '../subject.js'

export const stepMarks: Readonly<Record<StepState, { mark: Span; word: string }>> = {
	waiting: { mark: span('·', 'faint'), word: 'waits' },
	asking: { mark: span('►', 'accent'), word: 'asking' },
	answered: { mark: span('✓', 'good'), word: 'answered' },
	unanswered: { mark: span('✗', 'warn'), word: 'no answer' },
}

/** Up to `rows` lines. Where not all sources fitted, those that are being asked come first. */
export function progressLines(state: State, width: number, rows: number): Line[] {
	const { exam } = state
	if (exam.phase === 'failed') return failed(state, width)
	const { steps } = exam
	const done = steps.filter(({ state: at }) => at === 'answered' || at === 'unanswered').length
	const time = exam.seconds > 0 ? `${exam.seconds} s` : ''
	const count = steps.length > 0 ? `${done} of ${steps.length}` : ''
	const what = state.mode === 'live' ? 'Asking this node' : `Reading ${state.from}`
	const title = heading([what, count, time].filter(Boolean).join('  '), width)
	const room = Math.max(1, rows - 1)
	const columns = Math.max(1, Math.min(Math.floor(width / 38), Math.ceil(steps.length / room)))
	const each = Math.floor(width / columns) - (columns > 1 ? 1 : 0)
	const shown = steps.length > room * columns ? urgentFirst(steps).slice(0, room * columns) : steps
	const high = Math.ceil(shown.length / columns)
	const lines: Line[] = []
	for (let row = 0; row < high; row += 1) {
		const spans: Span[] = []
		for (let column = 0; column < columns; column += 1) {
			const step = shown[column * high + row]
			if (step) spans.push(...stepLine(step, each).spans, span(columns > 1 ? ' ' : ''))
		}
		lines.push({ spans })
	}
	return [title, ...lines]
}

const urgency: Readonly<Record<StepState, number>> = { asking: 0, unanswered: 1, answered: 2, waiting: 3 }

function urgentFirst(steps: readonly SourceStep[]): SourceStep[] {
	return [...steps].sort((a, b) => urgency[a.state] - urgency[b.state])
}

const titleWidth = 20

function stepLine({ title, asked, state, ms, says }: SourceStep, width: number): Line {
	const { mark, word } = stepMarks[state]
	const time = ms === undefined ? '' : milliseconds(ms)
	// In a narrow column the mark has to do: half a word tells nothing.
	const over = state === 'answered' || state === 'unanswered'
	const words =
		over && width < 44
			? ''
			: says || (state === 'asking' ? asked || word : state === 'unanswered' ? word : '')
	const right = time === '' ? [] : [number(time, 8, 'faint')]
	return ends([mark, span(' '), cell(title, titleWidth), span(` ${words}`, 'faint')], right, width)
}

function failed({ exam, mode, from }: State, width: number): Line[] {
	const what = mode === 'live' ? 'this node' : from
	return [
		blank,
		...paragraph(`There is no report on ${what}: ${exam.error ?? 'the examination failed'}`, width - 1, {
			first: [span(' ')],
			tone: 'bad',
		}),
		blank,
		...paragraph('R tries again, q leaves.', width - 1, { first: [span(' ')] }),
	]
}

/** For the title bar while a later round runs: `examining 7 of 24`. */
export function progressWords({ exam, mode }: State): string {
	const done = exam.steps.filter(({ state }) => state === 'answered' || state === 'unanswered').length
	const verb = mode === 'live' ? 'examining' : 'reading'
	return exam.steps.length > 0 ? `${verb} ${done} of ${counted(exam.steps.length, 'source')}` : verb
}
