/** Made-up subjects, and a driver for the state machine: messages in, states and effects out. */
import { frameOf } from '../../src/app/frame.js'
import type { Key } from '../../src/app/keys/key.js'
import { textOf } from '../../src/app/line.js'
import type { LogWish } from '../../src/app/log/wishes.js'
import type { Effect, Message } from '../../src/app/message.js'
import { placeOf, type Start, type State, start } from '../../src/app/state.js'
import type { Subject } from '../../src/app/subject.js'
import type { Diagnosis } from '../../src/model/diagnosis.js'
import type { Report } from '../../src/model/report.js'
import { logDesk } from '../../src/program/logs/desk.js'
import { type Loop, loop } from '../../src/program/loop.js'
import { bundleOf } from '../bundle-of.js'

export function diagnosis(cause: Diagnosis['cause'], more: Partial<Diagnosis> = {}): Diagnosis {
	return {
		cause,
		title: `Title of ${cause}`,
		severity: 'critical',
		confidence: 'certain',
		explain: `What ${cause} means.`,
		docs: [`https://docs.k3s.io/${cause}`],
		findings: [
			{
				says: `seen: ${cause}`,
				weight: 'proof',
				source: 'journal',
				quote: { file: 'journal/k3s.log', line: 3, text: 'line 3 of the journal' },
			},
		],
		explains: [],
		remedies: [
			{
				title: `Mend ${cause}`,
				why: 'It helps.',
				risk: 'restart',
				interrupts: 'the API for 20 s',
				steps: [{ run: ['systemctl', 'restart', 'k3s'] }, { tell: 'Wait a little.' }],
				recheck: ['units'],
			},
		],
		...more,
	}
}

const journal = Array.from({ length: 40 }, (_, index) =>
	index === 19 ? 'level=error msg="line 20 is an error"' : `line ${index + 1} of the journal`,
).join('\n')

export function subject(
	diagnoses: Diagnosis[],
	{ files = {}, report = {} }: { files?: Record<string, string>; report?: Partial<Report> } = {},
): Subject {
	const bundle = bundleOf({ 'journal/k3s.log': `${journal}\n`, ...files })
	return {
		bundle,
		evidence: { node: bundle.node },
		report: {
			schema: 1,
			doctor: { version: 'test' },
			takenAt: bundle.takenAt,
			from: 'this host',
			node: { ...bundle.node, addresses: [] },
			verdict: diagnoses.length > 0 ? 'down' : 'healthy',
			summary: diagnoses.length > 0 ? 'k3s is broken' : 'k3s runs',
			service: 'running',
			diagnoses,
			gaps: [],
			unexamined: [],
			crashed: [],
			examined: ['systemd unit', 'journal of k3s'],
			notes: [],
			ms: { judge: 1 },
			...report,
		},
	}
}

/** Neither a file nor a pager. */
function staysInside({ do: wish }: LogWish): boolean {
	return wish !== 'save' && wish !== 'pager'
}

function isOfBundle(state: State): boolean {
	const place = placeOf(state)
	return state.mode !== 'live' || (place.kind === 'log' && place.ref.kind === 'bundle')
}

/** Feeds messages and remembers what was wanted. */
export class Driver {
	readonly effects: Effect[] = []
	readonly #loop: Loop
	readonly #logs = logDesk({
		send: message => this.send(message),
		state: () => this.state,
		lend: async work => work(),
		environment: {},
	})

	constructor(first: Partial<Start> = {}) {
		this.#loop = loop(
			start({ mode: 'live', from: 'this host', size: { columns: 80, rows: 24 }, ...first }),
			effect => this.#perform(effect),
		)
	}

	get state(): State {
		return this.#loop.state()
	}

	send(...messages: Message[]): this {
		for (const message of messages) {
			this.#loop.send(message)
			this.#logs.tidy(this.state)
		}
		return this
	}

	/** Logs of a bundle are in memory and answer at once; everything else is only noted. */
	#perform(effect: Effect): void {
		if (effect.kind === 'keys') this.send({ type: 'keys', keys: effect.keys })
		else if (effect.kind === 'log' && staysInside(effect.wish) && isOfBundle(this.state))
			this.#logs.do(effect.id, effect.wish, this.state)
		else this.effects.push(effect)
	}

	/** Each argument is a key; all arrive in one read. */
	press(...keys: Key[]): this {
		return this.send({ type: 'keys', keys })
	}

	/** Types characters one after the other. */
	type(text: string): this {
		return this.press(...text)
	}

	examined(subject: Subject): this {
		return this.send({ type: 'examined', subject })
	}

	rows(): string[] {
		return frameOf(this.state).lines.map(textOf)
	}

	screen(): string {
		return this.rows().join('\n')
	}

	/** All words of the screen, wherever lines end. */
	words(): string {
		return this.screen().replace(/\s+/g, ' ')
	}

	/** The row with the cursor. */
	cursorRow(): string {
		const { cursor } = frameOf(this.state)
		return cursor === undefined ? '' : (this.rows()[cursor] ?? '')
	}

	kinds(): string[] {
		return this.effects.map(({ kind }) => kind)
	}
}
