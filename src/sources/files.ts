import type { Bundle, Entry } from '../model/bundle.js'
import { answer, entryOf } from '../model/bundle.js'
import type { FilesEvidence, ListedFile } from '../model/evidence/index.js'
import { readComplaints } from './files/complaints.js'
import { readListing } from './files/listing.js'
import { depth as askedDepth, findCommand, listing, rootsOf } from './files/question.js'
import { walk } from './files/walk.js'
import { perBundle } from './per-bundle.js'
import { type Ask, source } from './source.js'
import { zoneOffset } from './zone.js'

/** What the question was: the directories and the depth in the argv of find. */
function questionOf(entry: Entry | undefined): { roots: string[]; depth: number } {
	const argv = entry?.argv ?? []
	const end = argv.indexOf('-maxdepth')
	const roots = argv.slice(0, end < 0 ? undefined : end).filter(word => word.startsWith('/'))
	const depth = Number(argv[argv.indexOf('-maxdepth') + 1])
	return { roots, depth: Number.isInteger(depth) && depth >= 0 ? depth : 0 }
}

/** A root that is a link was listed as one, and not followed. */
function isEntered(root: ListedFile | undefined): boolean {
	return root !== undefined && root.type !== 'link'
}

/** Directories of which nothing below is listed. */
function withoutChildren(listed: ReadonlyMap<string, ListedFile>): string[] {
	const parents = new Set<string>()
	for (const path of listed.keys()) parents.add(path.slice(0, path.lastIndexOf('/')))
	return [...listed.values()]
		.filter(file => file.type === 'dir' && !parents.has(file.path))
		.map(file => file.path)
}

/**
 * Links of the data directory, but for those to a listed file: find does not follow them, so what lies behind the
 * link of a directory is unknown.
 */
function linksBelow(listed: ReadonlyMap<string, ListedFile>, dir: string): string[] {
	return (
		[...listed.values()]
			.filter(({ type, path }) => type === 'link' && (path === dir || path.startsWith(`${dir}/`)))
			.filter(({ target = '' }) => listed.get(target)?.type !== 'file')
			.map(({ path }) => path)
			// The names of the programs that k3s unpacks.
			.filter(path => !/\/data\/[^/]+\/./.test(path.slice(dir.length)))
	)
}

function textsOf(bundle: Bundle): Map<string, string> {
	const texts = new Map<string, string>()
	for (const [file, text] of bundle.files) {
		if (file.startsWith('files/')) texts.set(file.slice('files'.length), text)
	}
	return texts
}

/** The listing and the texts of a bundle; `undefined` when it holds neither. */
export const readFiles = perBundle((bundle: Bundle): FilesEvidence | undefined => {
	const text = answer(bundle, listing)
	const texts = textsOf(bundle)
	if (text === undefined && texts.size === 0) return undefined
	const entry = entryOf(bundle, listing)
	const { listed, missing, notEntered, byHand } = readListing(text ?? '', zoneOffset(bundle))
	const { roots, depth } = questionOf(entry)
	const complaints = readComplaints(entry?.stderr, roots)
	// Of an unfinished listing nothing can be said about what it does not hold.
	const whole = byHand || (text !== undefined && entry?.why === undefined && entry?.truncated === undefined)
	const unsure = complaints.cut && !bundle.node.root ? withoutChildren(listed) : []
	return {
		listed,
		roots: whole ? roots.filter(root => isEntered(listed.get(root))) : [],
		missingRoots: [...complaints.missing, ...missing],
		denied: [...complaints.denied, ...notEntered, ...unsure, ...linksBelow(listed, bundle.node.dataDir)],
		depth,
		texts,
	}
})

async function collect(ask: Ask): Promise<void> {
	const argv = findCommand(ask.node)
	const limits = { limitSeconds: 20, maxBytes: 16 * 1024 * 1024 }
	const found = await ask.run(listing, argv, limits)
	if (found?.includes('\t')) return
	const begun = performance.now()
	const text = await walk(ask.host, rootsOf(ask.node))
	const how = ['find', ...rootsOf(ask.node), '-maxdepth', String(askedDepth)]
	ask.put(listing, text, { argv: how, ms: Math.round(performance.now() - begun) })
}

export const files = source({
	name: 'files',
	title: 'files of k3s',
	wants: node => [{ file: listing, askFor: `find /etc/rancher /run/k3s ${node.dataDir} -maxdepth 5 -ls` }],
	collect,
	parse: readFiles,
})
