/** Performs what the app wants done: everything that `app/` may not do itself. */
import type { Effect } from '../app/message.js'
import type { Notice, State } from '../app/state.js'
import type { Suppression } from '../app/subject.js'
import { writeOut } from '../commands/outlet.js'
import { textReport } from '../report/text/index.js'
import { clipboardSequence } from './clipboard.js'
import type { Loop } from './loop.js'
import { operator, readSuppressions, writeSuppressions } from './suppressions.js'

export interface Performer {
	/** Starts an examination; its news come back as messages. */
	examine(): void
	leave(interrupted: boolean): void
	redraw(): void
	suspend(): void
	/** Straight to the terminal. */
	write(text: string): void
	/** Where suppressions are kept; `undefined`: only as long as the app runs. */
	suppressionFile: string | undefined
	environment: Readonly<Record<string, string | undefined>>
	ascii: boolean
}

export function perform(effect: Effect, state: State, loop: Loop, performer: Performer): void {
	switch (effect.kind) {
		case 'examine':
			performer.examine()
			return
		case 'leave':
			performer.leave(effect.interrupted)
			return
		case 'redraw':
			performer.redraw()
			return
		case 'suspend':
			performer.suspend()
			return
		case 'copy': {
			const sequence = clipboardSequence(effect.text, performer.environment)
			if (sequence !== undefined) performer.write(sequence)
			else tell(loop, 'That is too long for the clipboard; X saves the report as a file.', 'warn')
			return
		}
		case 'save-report':
			void saveReport(effect.path, state, loop, performer)
			return
		case 'suppress': {
			const { cause, why } = effect
			const entry: Suppression = {
				cause,
				why,
				who: operator(performer.environment),
				when: `${new Date().toISOString().slice(0, 19)}Z`,
			}
			const others = state.suppressed.filter(old => old.cause !== cause)
			void keep([...others, entry], `Put aside: ${cause}`, loop, performer)
			return
		}
		case 'unsuppress': {
			const others = state.suppressed.filter(({ cause }) => cause !== effect.cause)
			void keep(others, `Counts again: ${effect.cause}`, loop, performer)
			return
		}
		case 'run-remedy':
			tell(loop, `Run it with: sudo k3s-doctor fix ${effect.cause} --remedy ${effect.index + 1}`)
	}
}

function tell(loop: Loop, text: string, tone: Notice['tone'] = 'plain'): void {
	loop.send({ type: 'notice', notice: { text, tone } })
}

const words = (error: unknown) => (error instanceof Error ? error.message : String(error))

async function saveReport(path: string, state: State, loop: Loop, performer: Performer): Promise<void> {
	if (!state.subject) return
	try {
		const text = textReport(state.subject.report, { width: 100, colour: false, ascii: performer.ascii })
		await writeOut(text, path, false)
		tell(loop, `The report is in ${path}`, 'good')
	} catch (error) {
		tell(loop, words(error), 'bad')
	}
}

/** Kept at once on the screen, then in the file; without a file one is told so. */
async function keep(
	suppressed: readonly Suppression[],
	done: string,
	loop: Loop,
	{ suppressionFile }: Performer,
): Promise<void> {
	loop.send({ type: 'suppressions', all: suppressed })
	if (suppressionFile === undefined) {
		tell(loop, `${done}. It holds until you leave.`)
		return
	}
	try {
		await writeSuppressions(suppressionFile, suppressed)
		tell(loop, `${done}. It is kept in ${suppressionFile}`, 'good')
	} catch (error) {
		tell(loop, `${done}, but only until you leave: ${words(error)}`, 'warn')
	}
}

export async function loadSuppressions(path: string, loop: Loop): Promise<void> {
	try {
		const all = await readSuppressions(path)
		if (all.length > 0) loop.send({ type: 'suppressions', all })
	} catch (error) {
		tell(loop, `What was put aside could not be read: ${words(error)}`, 'warn')
	}
}
