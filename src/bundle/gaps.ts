/** The questions of a source that a bundle does not answer. */
import type { Asked, Bundle, Entry, WhyNot } from '../model/bundle.js'
import type { Gap } from '../model/gap.js'
import { decodeLine } from '../sources/journal/line.js'
import type { Source, Want } from '../sources/source.js'

/** Entries by file; of several the first counts, as it does for everybody who asks the bundle. */
export function entriesByFile(bundle: Bundle): ReadonlyMap<string, Entry> {
	const byFile = new Map<string, Entry>()
	for (const entry of bundle.entries) if (!byFile.has(entry.file)) byFile.set(entry.file, entry)
	return byFile
}

const words: Readonly<Record<WhyNot, string>> = {
	absent: 'It does not exist on the node.',
	denied: 'There was no permission.',
	timeout: 'There was no answer in time.',
	unreadable: 'It could not be read.',
	failed: 'The question failed.',
}

/** Characters of a complaint. Its end says most: what is wrong stands behind what was tried. */
const longestComplaint = 200

/** The program's own last words on it, in a line. */
function complaint(entry: Entry): string {
	const last = entry.stderr
		?.split('\n')
		.filter(text => text.trim() !== '')
		.at(-1)
	if (last === undefined) return ''
	const text = decodeLine(last)
		.text.replace(/[\u0000-\u001f\u007f-\u009f]+/g, ' ')
		.trim()
	return text.length > longestComplaint ? ` …${text.slice(-longestComplaint)}` : ` ${text}`
}

/** The entry of a file, or the one that says that the folder above it could not be read. */
function entryAbove(entries: ReadonlyMap<string, Entry>, file: string): Entry | undefined {
	for (let name = file; name !== ''; name = name.slice(0, Math.max(0, name.lastIndexOf('/')))) {
		const entry = entries.get(name)
		if (entry) return entry
	}
	return undefined
}

/** On a living host nothing is missing by chance. */
function notAsked({ name }: Source, { after }: Want, { files }: Bundle, { stopped }: Asked): string {
	const inVain = after && !after.files.some(file => files.has(file)) ? after.says : undefined
	const because = inVain ?? stopped.get(name)
	return because === undefined ? 'Not asked.' : `Not asked: ${because}.`
}

function gapOf(
	source: Source,
	want: Want,
	bundle: Bundle,
	entries: ReadonlyMap<string, Entry>,
): Gap | undefined {
	const about = {
		source: source.name,
		file: want.file,
		askFor: want.askFor,
		matters: source.matters ?? false,
	}
	const entry =
		entryAbove(entries, want.file) ??
		(want.madeOf === undefined ? undefined : entryAbove(entries, want.madeOf))
	const why = entry?.why
	if (entry?.instead !== undefined && bundle.files.has(entry.instead)) return undefined
	// A time limit or a refusal leaves what came before it in the file: an answer, but not the whole.
	if (bundle.files.has(want.file) && (why === undefined || why === 'absent')) return undefined
	if (want.optional && (why === undefined || why === 'absent')) return undefined
	if (entry === undefined) {
		const { collector, live } = bundle
		if (live) return { ...about, why: 'absent', unasked: true, detail: notAsked(source, want, bundle, live) }
		const detail = collector ? `Not in this bundle: ${collector} did not take it.` : 'Not in this bundle.'
		return { ...about, why: 'absent', detail }
	}
	if (why === undefined) {
		// A program that failed without an output: its complaint is all there is.
		return entry.exit
			? {
					...about,
					why: 'failed',
					detail: `The command failed (exit status ${entry.exit}).${complaint(entry)}`,
				}
			: {
					...about,
					why: 'absent',
					detail: bundle.live ? 'There was no answer.' : 'The answer is not in this bundle.',
				}
	}
	return { ...about, why, detail: entry.detail ?? `${words[why]}${complaint(entry)}` }
}

/** Gaps of one source, one for each file that it wants and the bundle does not (wholly) have. */
export function gapsOf(source: Source, bundle: Bundle, entries: ReadonlyMap<string, Entry>): Gap[] {
	return source
		.wants(bundle.node)
		.map(want => gapOf(source, want, bundle, entries))
		.filter(gap => gap !== undefined)
}
