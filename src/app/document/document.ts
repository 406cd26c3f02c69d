/** A text to be read: a file of the bundle with how the question went, or the report. */
import type { Bundle, Entry } from '../../model/bundle.js'
import { shellLine } from '../../model/shell.js'
import { objectDocument } from '../cluster/object-document.js'
import { milliseconds } from '../format.js'
import { remembering } from '../memo.js'
import type { Written } from '../report-order.js'
import type { DocumentRef, State } from '../state.js'

export interface Document {
	title: string
	/** How it was asked and how that went, in a few words each. */
	facts: readonly string[]
	lines: readonly string[]
	/** Index of the first line that is not of the file itself: what the command said beside its output. */
	ownLines: number
}

const missing: Document = { title: '', facts: [], lines: [], ownLines: 0 }

export function documentOf(state: State, ref: DocumentRef): Document {
	const { subject, written } = state
	if ('object' in ref) return objectDocument(state, ref.object, ref.as)
	if (!subject) return { ...missing, facts: ['The examination is not that far yet.'] }
	if ('report' in ref) return written ? reportDocument(written, '') : beingWritten
	return fileDocument(subject.bundle, ref.file)
}

const beingWritten: Document = { ...missing, facts: ['It is being written.'] }

const reportDocument = remembering(({ text, error }: Written, _: string): Document => {
	if (error !== undefined) return { ...missing, facts: [`It could not be written: ${error}`] }
	if (text === undefined) return beingWritten
	const lines = linesOf(text)
	return { title: 'report', facts: [], lines, ownLines: lines.length }
})

const fileDocument = remembering((bundle: Bundle, file: string): Document => {
	const entry = bundle.entries.find(candidate => candidate.file === file)
	const text = bundle.files.get(file)
	if (!entry && text === undefined) {
		const why = bundle.live ? 'It was not asked for.' : 'It is not in this bundle.'
		return { ...missing, title: file, facts: [why] }
	}
	const lines = linesOf(text ?? '')
	const errors = entry?.stderr ? linesOf(entry.stderr) : []
	return {
		title: file,
		facts: entry ? entryFacts(entry) : [],
		lines: errors.length > 0 ? [...lines, '── what it said beside (stderr) ──', ...errors] : lines,
		ownLines: lines.length,
	}
})

export function entryFacts(entry: Entry): string[] {
	return [
		entry.argv ? `$ ${shellLine(entry.argv)}` : (entry.path ?? ''),
		entry.exit === undefined ? '' : `exit ${entry.exit}`,
		entry.ms === undefined ? '' : milliseconds(entry.ms),
		entry.why ? whyWords[entry.why] : '',
		entry.truncated === 'head' ? 'its oldest part was cut off' : '',
		entry.truncated === 'tail' ? 'its end was cut off' : '',
	].filter(Boolean)
}

export const whyWords: Readonly<Record<NonNullable<Entry['why']>, string>> = {
	absent: 'not there',
	denied: 'no permission',
	timeout: 'no answer in time',
	unreadable: 'could not be read',
	failed: 'failed',
}

function linesOf(text: string): string[] {
	if (text === '') return []
	const lines = text.split('\n')
	if (lines.at(-1) === '') lines.pop()
	return lines
}
