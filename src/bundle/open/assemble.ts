import type { Bundle, Entry, WhyNot } from '../../model/bundle.js'
import { BundleError } from '../error.js'
import { translated } from '../foreign/index.js'
import type { Gathered } from './gathered.js'
import { nodeOfFiles, timeOfFiles } from './guess.js'
import { readManifest } from './manifest.js'
import { isKnown, shownName, splitTop } from './name.js'

/** The directory that the bundle stands in, with a slash; empty when it stands at the top. `undefined`: no bundle. */
function topOf(gathered: Gathered): string | undefined {
	const { files, notes } = gathered
	if (files.has('bundle.json')) return ''
	const tops = new Set<string>()
	let atTop = false
	for (const name of files.keys()) {
		if (isKnown(name)) atTop = true
		const [top, rest] = splitTop(name) ?? []
		if (top !== undefined && rest === 'bundle.json') tops.add(top)
	}
	const [first, ...others] = tops
	if (first !== undefined) {
		for (const other of others) notes.about(`Opened is ${shownName(first)}, not opened`, other)
		return `${first}/`
	}
	if (atTop) return ''
	for (const name of files.keys()) {
		const [top, rest] = splitTop(name) ?? []
		if (top !== undefined && isKnown(rest ?? '')) return `${top}/`
	}
	return undefined
}

/** What stands below `top`, by its name seen from there; sorted, whatever the order of the disk or the archive. */
function below<T>(map: ReadonlyMap<string, T>, top: string): Map<string, T> {
	const inside = [...map].filter(([name]) => name.startsWith(top)).sort(([a], [b]) => (a < b ? -1 : 1))
	return new Map(inside.map(([name, value]) => [name.slice(top.length), value]))
}

/** Why a file is not there although the bundle knows of it: it, or a folder above it, could not be read. */
function whyLost(lost: ReadonlyMap<string, WhyNot>, file: string): WhyNot | undefined {
	for (let name = file; name !== ''; name = name.slice(0, Math.max(0, name.lastIndexOf('/')))) {
		const why = lost.get(name)
		if (why) return why
	}
	return undefined
}

/** Makes a bundle of what was found under `shown`, the name that the operator gave. */
export function assemble(gathered: Gathered, shown: string, kind: 'folder' | 'archive'): Bundle {
	const { notes, broken } = gathered
	const top = topOf(gathered)
	const tried = `open ${shown} as a bundle`
	// Folders of another collector may be named like ours; a bundle.json is ours alone.
	const own = top !== undefined && gathered.files.has(`${top}bundle.json`)
	const foreign = own ? undefined : translated(gathered, top === undefined ? 'everything' : 'collectors')
	if (foreign) {
		if (broken === undefined) return foreign
		return {
			...foreign,
			notes: [...foreign.notes, `The archive ${broken}; what was read before that is used.`],
		}
	}
	const files = top === undefined ? new Map<string, string>() : below(gathered.files, top)
	for (const name of files.keys()) if (!isKnown(name)) files.delete(name)
	const manifest = files.get('bundle.json')
	if (broken !== undefined) {
		if (manifest === undefined) {
			const next = 'Copy or download it again, or ask for a new one.'
			throw new BundleError(tried, `the archive ${broken}, and nothing of use was read before that`, next)
		}
		notes.say(`The archive ${broken}; what was read before that is used.`)
	}
	if (files.size === 0) {
		const denied = [...gathered.lost.values()].includes('denied')
		throw denied
			? new BundleError(tried, 'there is no permission to read its files', 'Run k3s-doctor with sudo.')
			: new BundleError(
					tried,
					`the ${kind} holds no bundle.json and none of the folders of a bundle`,
					'Make a bundle with `k3s-doctor collect` on the node, or give the log of k3s.',
				)
	}
	files.delete('bundle.json')
	const guessed = nodeOfFiles(files)
	if (manifest === undefined) {
		notes.say('There is no bundle.json: the facts about the node are guessed from the other files.')
	}
	const read = manifest === undefined ? undefined : readManifest(manifest, guessed, notes)
	const takenAt = read?.takenAt ?? new Date(timeOfFiles(files, gathered.modifiedAt)).toISOString()

	const lost = below(gathered.lost, top ?? '')
	const cuts = below(gathered.cuts, top ?? '')
	const recorded = new Set<string>()
	const entries = (read?.entries ?? []).map((entry): Entry => {
		recorded.add(entry.file)
		const cut = cuts.get(entry.file)
		if (files.has(entry.file)) return cut ? { ...entry, truncated: cut } : entry
		const why = entry.why ?? whyLost(lost, entry.file) ?? (gathered.partial ? 'unreadable' : undefined)
		return why ? { ...entry, why } : entry
	})
	for (const file of files.keys()) {
		const cut = cuts.get(file)
		if (!recorded.has(file)) entries.push(cut ? { file, truncated: cut } : { file })
	}
	for (const [file, why] of lost) {
		if (!recorded.has(file) && !files.has(file)) entries.push({ file, why })
	}
	const about = {
		schema: 1 as const,
		node: read?.node ?? guessed,
		takenAt,
		entries,
		files,
		notes: notes.list(),
	}
	return read?.masked ? { ...about, masked: read.masked } : about
}
