/** Bundles of other collectors: which there are, and how they become ours. */
import type { Bundle, Entry, Run } from '../../model/bundle.js'
import type { Gathered } from '../open/gathered.js'
import { isKnown, shownName, splitTop } from '../open/name.js'
import { noteOtherForms } from './draft.js'
import type { Foreign, Layout } from './layout.js'
import { loose } from './loose/index.js'
import { rancher } from './rancher/index.js'
import { replicated } from './replicated/index.js'
import { sos } from './sos/index.js'

const collectors: readonly Layout[] = [rancher, sos, replicated]
/** The first that fits counts; loose files are what is left. */
const layouts: readonly Layout[] = [...collectors, loose]

/** Whether a file of an archive or a folder belongs to a foreign layout, at the top or below one directory. */
export function isForeign(name: string): boolean {
	const rest = splitTop(name)?.[1]
	return collectors.some(({ wants }) => wants(name) || (rest !== undefined && wants(rest)))
}

/** Whether it may be a file that somebody gathered by hand. */
export function isLoose(name: string): boolean {
	return loose.wants(name)
}

/** Whether the names in a directory show that another collector made it. */
export function looksForeign(names: readonly string[]): boolean {
	return layouts.some(({ marks }) => marks.some(mark => names.includes(mark)))
}

interface Recognised {
	layout: Layout
	/** With a slash; empty when it stands at the top. */
	top: string
}

/** The layout of what was gathered; of several directories the first that fits counts, and the others are told. */
function recognise({ files, notes }: Gathered, among: readonly Layout[]): Recognised | undefined {
	const tops = new Map<string, Set<string>>([['', new Set()]])
	for (const name of files.keys()) {
		tops.get('')?.add(name)
		const [top, rest] = splitTop(name) ?? []
		if (top === undefined || rest === undefined) continue
		const names = tops.get(`${top}/`) ?? new Set<string>()
		tops.set(`${top}/`, names.add(rest))
	}
	const found: Recognised[] = []
	for (const layout of among) {
		for (const [top, names] of [...tops].sort(([a], [b]) => (a < b ? -1 : 1))) {
			if (layout.fits(names)) found.push({ layout, top })
		}
		if (found.length > 0) break
	}
	const [first, ...others] = found
	if (first && first.top !== '')
		for (const { top } of others)
			notes.about(`Opened is ${shownName(first.top.slice(0, -1))}, not opened`, top.slice(0, -1))
	return first
}

function entriesOf(
	made: ReadonlyMap<string, Entry>,
	origins: ReadonlyMap<string, readonly Run[]>,
	cuts: ReadonlyMap<string, 'head' | 'tail'>,
): Entry[] {
	return [...made.values()].map(entry => {
		const cut = cuts.get(origins.get(entry.file)?.[0]?.file ?? '')
		return cut ? { ...entry, truncated: cut } : entry
	})
}

/**
 * The bundle that another collector's files make; `undefined`: nobody's layout, or nothing of use in it.
 * `among`: loose files are only looked at where nothing else is there.
 */
export function translated(
	gathered: Gathered,
	among: 'collectors' | 'everything' = 'everything',
): Bundle | undefined {
	const recognised = recognise(gathered, among === 'everything' ? layouts : collectors)
	if (!recognised) return undefined
	const { layout, top } = recognised
	const inside = new Map<string, string>()
	for (const [name, text] of gathered.files) {
		if (name.startsWith(top) && layout.wants(name.slice(top.length))) inside.set(name.slice(top.length), text)
	}
	const foreign: Foreign = {
		files: inside,
		top: top.slice(0, -1),
		modifiedAt: gathered.modifiedAt,
		notes: gathered.notes,
	}
	const made = layout.translate(foreign)
	if (!made || made.draft.files.size === 0) return undefined
	const { node, takenAt, draft: into } = made
	noteOtherForms(into)
	const cuts = new Map([...gathered.cuts].map(([name, cut]) => [name.slice(top.length), cut]))
	const files = new Map([...into.files].sort(([a], [b]) => (a < b ? -1 : 1)))
	// What the reader has, for whoever wants to see the line in its place. A name of ours is ours.
	for (const runs of into.origins.values()) {
		for (const { file } of runs) {
			const text = inside.get(file)
			if (text !== undefined && !isKnown(file)) files.set(file, text)
		}
	}
	return {
		schema: 1,
		node,
		takenAt: new Date(takenAt).toISOString(),
		entries: entriesOf(into.entries, into.origins, cuts),
		files,
		notes: gathered.notes.list(),
		collector: layout.name,
		origins: into.origins,
	}
}
