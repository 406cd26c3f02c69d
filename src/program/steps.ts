/** What each source was asked and how that went, for the list that the app shows. */
import { bytes, counted } from '../app/format.js'
import type { SourceStep } from '../app/subject.js'
import type { Examination } from '../examine.js'
import type { Entry } from '../model/bundle.js'
import { shellLine } from '../model/shell.js'
import type { Source } from '../sources/source.js'

/** The steps of a whole examination, as a bundle tells them afterwards. */
export function stepsOf({ bundle, evidence }: Examination, sources: readonly Source[]): SourceStep[] {
	const entries = new Map<string, Entry>()
	for (const entry of bundle.entries) if (!entries.has(entry.file)) entries.set(entry.file, entry)
	return sources.map(source => {
		const wanted = new Set(source.wants(bundle.node).map(({ file }) => file))
		const asked = [...wanted].flatMap(file => entries.get(file) ?? [])
		const times = asked.flatMap(({ ms }) => ms ?? [])
		const held = [...wanted].flatMap(file => bundle.files.get(file)?.length ?? [])
		const size = held.reduce((sum, length) => sum + length, 0)
		const answered = evidence[source.name] !== undefined
		return {
			source: source.name,
			title: source.title,
			asked: asked.map(questionOf).join(', '),
			state: answered ? 'answered' : 'unanswered',
			...(times.length > 0 && { ms: times.reduce((sum, ms) => sum + ms, 0) }),
			says: !answered ? 'no answer' : size > 0 ? `${counted(held.length, 'answer')}, ${bytes(size)}` : '',
		}
	})
}

/** A question as short as it goes: the program and its first word, or the path. */
export function questionOf({ argv, path, file }: Pick<Entry, 'argv' | 'path' | 'file'>): string {
	if (argv) return shellLine(argv.slice(0, 2))
	if (path !== undefined || file.startsWith('files/')) return path ?? file.slice('files'.length)
	return file.replace(/^.*\//, '').replace(/\.[a-z]+$/, '')
}
