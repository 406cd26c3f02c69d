/** Performs what the app wants done: everything that `app/` may not do itself. */
import type { Effect } from '../app/message.js'
import type { Notice, State } from '../app/state.js'
import type { Suppression } from '../app/subject.js'
import { clipboardSequence } from './clipboard.js'
import type { ClusterView } from './cluster.js'
import type { Conductor } from './conductor.js'
import type { LogDesk } from './logs/desk.js'
import type { Loop } from './loop.js'
import { reportText, saveBundle, saveReport, writtenReport } from './report.js'
import { operator, readSuppressions, writeSuppressions } from './suppressions.js'

export interface Performer {
	/** Starts an examination; its news come back as messages. */
	examine(): void
	conductor: Conductor
	/** Only of a live node. */
	cluster?: ClusterView
	/** Opens logs and answers what is wanted of them. */
	logs: LogDesk
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
		case 'look-up':
			void performer.cluster?.lookUp(effect.ref)
			return
		case 'redraw':
			performer.redraw()
			return
		case 'suspend':
			performer.suspend()
			return
		case 'log':
			performer.logs.do(effect.id, effect.wish, state)
			return
		case 'keys':
			loop.send({ type: 'keys', keys: effect.keys })
			return
		case 'log-sources':
			performer.logs.sources(state)
			return
		case 'copy':
			void attempt(loop, async () => {
				// What a log or a program says live was in no bundle: it is masked here at the latest.
				const { maskedFor } = await import('../bundle/redact/maker.js')
				if (!toClipboard(maskedFor(state.subject?.bundle, effect.text), performer))
					tell(loop, tooLong, 'warn')
			})
			return
		case 'write-report': {
			const { order, width } = effect
			if (!state.subject) return
			void writtenReport(order, width, state.subject, performer).then(written =>
				loop.send({ type: 'written', written }),
			)
			return
		}
		case 'save-report':
			void attempt(loop, async () => {
				const path = await saveReport(effect.path, effect.order, effect.replace, state, performer)
				tell(loop, `The report is in ${path}`, 'good')
			})
			return
		case 'save-bundle':
			void attempt(loop, async () => {
				const path = await saveBundle(effect.path, effect.anonymise, effect.replace, state)
				tell(loop, `The bundle is in ${path}. Look through it before it leaves the house.`, 'good')
			})
			return
		case 'copy-report':
			void attempt(loop, async () => {
				const text = await reportText(effect.order, state, performer)
				if (!toClipboard(text, performer)) tell(loop, tooLong, 'warn')
				else
					tell(loop, 'The report is in the clipboard, where the terminal allows it; else X saves it.', 'good')
			})
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
		case 'plan':
			void performer.conductor.plan(effect.wish)
			return
		case 'run':
			void performer.conductor.run(effect.confirmed)
			return
		case 'stop':
			performer.conductor.stop(effect.how, stopWords[effect.how])
			return
		case 'attended':
			performer.conductor.attended()
			return
		case 'past':
			void performer.conductor.past()
	}
}

/** As the audit log will have it. */
const stopWords = { 'after-step': 'stopped with Ctrl-C', kill: 'killed with Ctrl-C' } as const

function tell(loop: Loop, text: string, tone: Notice['tone'] = 'plain'): void {
	loop.send({ type: 'notice', notice: { text, tone } })
}

const words = (error: unknown) => (error instanceof Error ? error.message : String(error))

const tooLong = 'That is too long for the clipboard; X saves the report as a file.'

function toClipboard(text: string, { environment, write }: Performer): boolean {
	const sequence = clipboardSequence(text, environment)
	if (sequence !== undefined) write(sequence)
	return sequence !== undefined
}

async function attempt(loop: Loop, work: () => Promise<void>): Promise<void> {
	try {
		await work()
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
