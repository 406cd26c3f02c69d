/** The questions of one source: asked within what time is left, filed without secrets, each only once. */
import type { Answer, CommandResult, Host } from '../../host/host.js'
import type { Entry, NodeFacts } from '../../model/bundle.js'
import { fileOf } from '../../model/bundle.js'
import type { Ask } from '../../sources/source.js'
import type { Redactor } from '../redact/redactor.js'
import { filedKube } from './kube.js'
import type { Outcome, Recorder } from './record.js'
import type { Slots } from './slots.js'

/** What all sources of one collection share. */
export interface Collection {
	host: Host
	node: NodeFacts
	record: Recorder
	slots: Slots
	redact: Redactor
	/** Bundle file -> its answer. */
	asked: Map<string, Promise<string | undefined>>
	/** Milliseconds until everything must be answered. */
	left(): number
	/** How far back logs are asked for, as journalctl takes it. */
	since: string | undefined
}

export type Watch = (asked: string, state: 'asking' | 'answered' | 'unanswered', ms: number) => void

const omitted = 'Left out by a rule of the operator.\n'

/** A program that is killed needs this long to be gone, and what it printed is kept. */
const endingMs = 700

export function askFor(all: Collection, watch: Watch): Ask {
	const { node, record, asked, redact } = all
	const host = withinTime(all)

	/** Asks once, whoever asks again gets the same answer. */
	function once(
		question: Pick<Entry, 'file' | 'argv' | 'path'>,
		work: () => Promise<{ outcome: Outcome; text?: string | undefined }>,
	): Promise<string | undefined> {
		const known = asked.get(question.file)
		if (known) return known
		const file = record.open(question)
		if (redact.omits(question.file)) return left(question.file, file)
		if (all.left() <= 0) return Promise.resolve(undefined)
		watch(question.file, 'asking', 0)
		const answer = work().then(({ outcome, text }) => {
			file(outcome, text)
			watch(question.file, text === undefined ? 'unanswered' : 'answered', outcome.ms ?? 0)
			return text
		})
		asked.set(question.file, answer)
		return answer
	}

	/** Nothing is asked that would be thrown away. */
	function left(name: string, file: ReturnType<Recorder['open']>): Promise<undefined> {
		file({ why: 'denied', stderr: omitted })
		watch(name, 'unanswered', 0)
		return Promise.resolve(undefined)
	}

	return {
		host,
		node,
		...(all.since !== undefined && { since: all.since }),
		run: (file, argv, options) =>
			once({ file, argv }, async () => filedCommand(redact, file, await host.run(argv, options))),
		file: (path, options) => {
			const file = fileOf(path)
			return once({ file, path }, async () => {
				const answer = await host.read(path, options)
				if (!answer.ok) return { outcome: unavailable(answer) }
				const { text, truncated } = answer.value
				const outcome: Outcome = truncated ? { ms: answer.ms, truncated: 'head' } : { ms: answer.ms }
				return { outcome, text: redact.text(file, text) }
			})
		},
		names: async path => {
			const answer = await host.list(path)
			return answer.ok ? answer.value : []
		},
		kube: (file, path) =>
			once({ file, argv: ['GET', path] }, async () => filedKube(redact, file, await host.kube(path))),
		put: (file, text, how = {}) => {
			if (redact.omits(file)) record.open({ file })({ why: 'denied', stderr: omitted })
			else record.open({ file })(how, redact.text(file, text))
			asked.set(file, Promise.resolve(text))
			watch(file, 'answered', how.ms ?? 0)
		},
		skip: (file, why, detail, argv) => {
			if (asked.has(file)) return
			record.open({ file, ...(argv ? { argv } : {}) })({ why, stderr: detail })
			watch(file, 'unanswered', 0)
		},
	}
}

/** The host, with every limit cut to the time that is left and programs waiting for a slot. */
function withinTime({ host, slots, left }: Collection): Host {
	return {
		...host,
		run: (argv, options = {}) =>
			slots(() => {
				const seconds = Math.max(0.1, (left() - endingMs) / 1000)
				const limitSeconds = Math.min(options.limitSeconds ?? 10, seconds)
				return host.run(argv, { ...options, limitSeconds })
			}),
		kube: (path, limitMs = 5000) => host.kube(path, Math.max(100, Math.min(limitMs, left()))),
	}
}

function unavailable(answer: Answer<unknown> & { ok: false }): Outcome {
	return { ms: answer.ms, why: answer.unavailable.why, stderr: `${answer.unavailable.detail}\n` }
}

/** Exit statuses of a shell for what could not be started. */
const notStarted = { absent: 127, denied: 126 } as const

function filedCommand(
	redact: Redactor,
	file: string,
	answer: Answer<CommandResult>,
): { outcome: Outcome; text?: string | undefined } {
	const { ms } = answer
	if (answer.ok)
		return { outcome: { ms, ...told(redact, file, answer.value) }, text: output(redact, file, answer.value) }
	const { why, partial } = answer.unavailable
	// What a program said until its time was up is worth having; that it is not all stands in the entry.
	if (partial)
		return {
			outcome: { ms, ...told(redact, file, partial), why },
			text: output(redact, file, partial) || undefined,
		}
	const exit = why === 'absent' || why === 'denied' ? { exit: notStarted[why] } : {}
	return { outcome: { ...unavailable(answer), ...exit } }
}

function told(redact: Redactor, file: string, { exit, stderr, truncated }: CommandResult): Outcome {
	const outcome: Outcome = { exit }
	if (stderr !== '') outcome.stderr = redact.text(file, stderr)
	if (truncated) outcome.truncated = truncated
	return outcome
}

/** Silence is an answer only where the program says that all went well. */
function output(redact: Redactor, file: string, { stdout, exit }: CommandResult): string | undefined {
	return stdout === '' && exit !== 0 ? undefined : redact.text(file, stdout)
}
