/**
 * A foreign bundle on its way into the own layout: answers are filed under the names that the sources look for,
 * and each line remembers where it stands in the file that the reader has.
 */
import type { Entry, Run, WhyNot } from '../../model/bundle.js'
import { isWarning } from './complaint.js'

/** What is filed of the Kubernetes API before anything else; without these it has not answered. */
export const apiFiles = [
	'api/readyz.txt',
	'api/version.json',
	'api/nodes.json',
	'api/pods.json',
	'api/events.json',
] as const

/** One line of an own file, and where it was taken from. `line` 0: somewhere in `file`. */
export interface Placed {
	text: string
	file: string
	line: number
}

/** A foreign file: its name seen from the collector's top directory, and its text. */
export interface Source {
	file: string
	text: string
}

export interface Draft {
	readonly files: Map<string, string>
	readonly entries: Map<string, Entry>
	readonly origins: Map<string, readonly Run[]>
	/** The foreign file `name`, unless it is missing. */
	take(name: string): Source | undefined
	/** Names of foreign files below `folder/`. */
	below(folder: string): string[]
	/** Files a foreign text as it is. The first one that exists counts. */
	raw(own: string, ...names: string[]): Source | undefined
	/** Files lines that were made of foreign ones. Nothing is filed when there are none. */
	lines(own: string, lines: readonly Placed[]): void
	/** Files a text that was made of the whole of `from`. */
	made(own: string, text: string, from: string): void
	/** Records that the question was asked and failed, with the words in which it did. */
	failed(own: string, from: string, words: string, exit?: number): void
	/** Records that this collector has no answer, in a sentence. */
	lacks(own: string, detail: string, why?: WhyNot): void
	/** Records that the answer to `own` is filed in another form. */
	instead(own: string, other: string): void
}

function runsOf(lines: readonly Placed[]): Run[] {
	const runs: Run[] = []
	for (const [index, { file, line }] of lines.entries()) {
		const last = runs.at(-1)
		const goesOn =
			last?.file === file &&
			(last.line === 0 ? line === 0 : line !== 0 && line - last.line === index + 1 - last.at)
		if (!goesOn) runs.push({ at: index + 1, file, line })
	}
	return runs
}

/** Questions that foreign collectors ask in another form than the doctor, and where that answer is filed. */
const otherForms = [
	['commands/findmnt.json', 'files/proc/mounts'],
	['commands/ip-addr.json', 'commands/ip-addr.txt'],
	['commands/ip-route.json', 'commands/ip-route.txt'],
	['commands/ip-6-route.json', 'commands/ip-6-route.txt'],
	['journal/kernel.log', 'commands/dmesg.txt'],
] as const

/** Records for each question whether another form of its answer is there. */
export function noteOtherForms(into: Draft): void {
	for (const [own, other] of otherForms) into.instead(own, other)
}

export function draft(foreign: ReadonlyMap<string, string>): Draft {
	const files = new Map<string, string>()
	const entries = new Map<string, Entry>()
	const origins = new Map<string, readonly Run[]>()
	const put = (own: string, text: string, runs: readonly Run[]) => {
		files.set(own, text)
		origins.set(own, runs)
		entries.set(own, { file: own, ...(own.startsWith('files/') && { path: own.slice('files'.length) }) })
	}
	const take = (name: string): Source | undefined => {
		const text = foreign.get(name)
		return text === undefined ? undefined : { file: name, text }
	}
	return {
		files,
		entries,
		origins,
		take,
		below: folder => [...foreign.keys()].filter(name => name.startsWith(`${folder}/`)),
		raw(own, ...names) {
			for (const name of names) {
				const found = take(name)
				if (!found) continue
				put(own, found.text, [{ at: 1, file: name, line: 1 }])
				return found
			}
			return undefined
		},
		lines(own, lines) {
			if (lines.length > 0) put(own, `${lines.map(({ text }) => text).join('\n')}\n`, runsOf(lines))
		},
		made: (own, text, from) => put(own, text, [{ at: 1, file: from, line: 0 }]),
		failed(own, from, words, exit = 1) {
			if (files.has(own)) return
			entries.set(own, { file: own, exit, why: 'failed', stderr: words.slice(-4000) })
			origins.set(own, [{ at: 1, file: from, line: 0 }])
		},
		lacks(own, detail, why = 'absent') {
			if (!files.has(own) && !entries.has(own)) entries.set(own, { file: own, why, detail })
		},
		instead(own, other) {
			if (files.has(other) && !files.has(own)) entries.set(own, { file: own, instead: other })
		},
	}
}

/** The JSON in a text, which warnings may stand before; `undefined` when there is none. */
export function jsonPart(from: Source): Placed[] | undefined {
	const lines = placed(from)
	const start = lines.findIndex(({ text }) => /^\s*[[{]/.test(text))
	return start < 0 || !lines.slice(0, start).every(({ text }) => isWarning(text))
		? undefined
		: lines.slice(start)
}

/** The lines of a foreign text, with their places. */
export function placed({ file, text }: Source): Placed[] {
	const lines = text.split('\n')
	if (lines.at(-1) === '') lines.pop()
	return lines.map((line, index) => ({
		text: line.endsWith('\r') ? line.slice(0, -1) : line,
		file,
		line: index + 1,
	}))
}
