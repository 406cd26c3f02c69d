/** What was asked so far, and what came of it. */
import type { Entry } from '../../model/bundle.js'

/** Characters of all answers together. A recorded node has 5 million; the doctor may run where memory is short. */
const mostText = 128 * 1024 * 1024

const full = 'The answers before it were so long that the bundle is full.\n'

export type Outcome = Omit<Entry, 'file' | 'path'>

export interface Recorder {
	/**
	 * Notes a question; its answer is filed by calling what this returns, once. A question that is never answered
	 * reads as one whose time ran out.
	 */
	open(question: Pick<Entry, 'file' | 'argv' | 'path'>): (outcome: Outcome, text?: string) => void
	note(says: string): void
	/** A copy of what has been answered by now. */
	soFar(): Recorded
	/** What comes later is dropped. */
	close(): Recorded
}

export interface Recorded {
	entries: Entry[]
	files: ReadonlyMap<string, string>
	notes: string[]
}

export function recorder(): Recorder {
	const entries = new Map<string, Entry>()
	const files = new Map<string, string>()
	const notes: string[] = []
	const waiting = new Set<string>()
	let closed = false
	let held = 0

	return {
		open(question) {
			// Set before the answer, so that the order is that of the questions, whoever is quicker.
			if (!closed) entries.set(question.file, { ...question, why: 'timeout' })
			waiting.add(question.file)
			return (outcome, text) => {
				if (closed) return
				waiting.delete(question.file)
				if (text !== undefined && held + text.length > mostText) {
					entries.set(question.file, { ...question, ...outcome, why: 'unreadable', stderr: full })
					return
				}
				entries.set(question.file, { ...question, ...outcome })
				if (text === undefined) return
				held += text.length - (files.get(question.file)?.length ?? 0)
				files.set(question.file, text)
			}
		},
		note(says) {
			if (!closed) notes.push(says)
		},
		soFar() {
			const answered = [...entries.values()].filter(({ file }) => !waiting.has(file))
			return { entries: answered, files: new Map(files), notes: [...notes] }
		},
		close() {
			closed = true
			return { entries: [...entries.values()], files, notes }
		},
	}
}
