import { constants, type Dirent } from 'node:fs'
import { open, readdir } from 'node:fs/promises'
import { join } from 'node:path'
import type { WhyNot } from '../../model/bundle.js'
import { isForeign, isLoose, looksForeign } from '../foreign/index.js'
import { type Gathered, type Gatherer, gatherer } from './gathered.js'
import type { Limits } from './limits.js'
import { cleanName, isKnown, topNames, worthOf } from './name.js'

/** Deeper than any folder of a bundle; a loop of bind mounts ends here. */
const deepest = 32
/** Files that are read at the same time. */
const atOnce = 32

function whyOf(error: unknown): WhyNot {
	const code = (error as NodeJS.ErrnoException).code
	return code === 'EACCES' || code === 'EPERM' ? 'denied' : 'unreadable'
}

/** Reads one file. Opened so that a FIFO, a device or a link that takes the file's place meanwhile does no harm. */
async function readOne(path: string, name: string, into: Gatherer, limits: Limits): Promise<void> {
	const { gathered } = into
	const { O_RDONLY, O_NONBLOCK, O_NOFOLLOW } = constants
	const file = await open(path, O_RDONLY | O_NONBLOCK | O_NOFOLLOW)
	try {
		const stat = await file.stat()
		if (!stat.isFile()) return
		gathered.modifiedAt = Math.max(gathered.modifiedAt, stat.mtimeMs)
		const room = into.room(name, stat.size, !isKnown(name) && !isForeign(name))
		if (!room) return
		// One byte more than fits tells the room that there is more.
		let at = worthOf(name) === 'tail' ? Math.max(0, stat.size - limits.file - 1) : 0
		const end = at + limits.file + 1
		let buffer = Buffer.allocUnsafe(Math.min(stat.size + 1, 256 * 1024))
		while (at < end) {
			const { bytesRead } = await file.read(buffer, 0, Math.min(buffer.length, end - at), at)
			if (bytesRead === 0) break
			room.push(buffer.subarray(0, bytesRead))
			at += bytesRead
			// Files of /proc say that they are empty.
			if (buffer.length < 4096) buffer = Buffer.allocUnsafe(4096)
		}
		room.file()
	} finally {
		await file.close()
	}
}

/** Regular files below `root`, by bundle name; everything else is noted. */
async function walk(root: string, gathered: Gathered, limits: Limits, foreign: boolean): Promise<string[]> {
	const { notes } = gathered
	const found: string[] = []
	const visit = async (dir: string, depth: number): Promise<void> => {
		let entries: Dirent[]
		try {
			entries = await readdir(join(root, dir), { withFileTypes: true })
		} catch (error) {
			const why = whyOf(error)
			notes.about(why === 'denied' ? 'No permission to read' : 'Not readable', dir)
			gathered.lost.set(dir, why)
			return
		}
		const below: string[] = []
		for (const entry of entries) {
			const name = dir === '' ? entry.name : `${dir}/${entry.name}`
			if (dir === '' && !topNames.includes(entry.name) && !foreign) continue
			gathered.seen += 1
			if (gathered.seen > limits.entries) {
				gathered.partial = true
				notes.say(`The folder holds more than ${limits.entries} files; the rest was not read.`)
				return
			}
			if (entry.isSymbolicLink()) notes.about('Links are not followed', name)
			else if (entry.isDirectory() && depth < deepest) below.push(name)
			else if (!entry.isFile()) notes.about('Neither a file nor a folder, skipped', name)
			else if (cleanName(name) !== name) notes.about('Refused because of its name', name)
			else if (isKnown(name) || (foreign && (isForeign(name) || isLoose(name)))) found.push(name)
		}
		await Promise.all(below.map(name => visit(name, depth + 1)))
	}
	await visit('', 0)
	return found
}

/** Reads a bundle's folder: only the names of the layout (of a foreign one), without following links. */
export async function readFolder(root: string, limits: Limits, foreign = false): Promise<Gathered> {
	const into = gatherer(limits)
	const { gathered } = into
	const names = await walk(root, gathered, limits, foreign)
	// bundle.json first: whatever the limits leave out, it is not the record of what was asked.
	names.sort((a, b) => Number(b === 'bundle.json') - Number(a === 'bundle.json') || (a < b ? -1 : 1))
	let next = 0
	const worker = async () => {
		for (let name = names[next++]; name !== undefined; name = names[next++]) {
			try {
				await readOne(join(root, name), name, into, limits)
			} catch (error) {
				const why = whyOf(error)
				gathered.notes.about(why === 'denied' ? 'No permission to read' : 'Not readable', name)
				gathered.lost.set(name, why)
			}
		}
	}
	await Promise.all(Array.from({ length: atOnce }, worker))
	return gathered
}

/** Where the bundle is in the folder `path`: `root` is `path` itself or its only folder that looks like a bundle. */
export interface Found {
	root?: string
	/** All names in `path`. */
	names: string[]
	/** Folders in `path` that look like bundles. */
	bundles: string[]
	/** It, or a folder in it, looks like what another collector makes. */
	foreign: boolean
}

/** Throws what the file system throws when `path` itself cannot be read. */
export async function findBundle(path: string): Promise<Found> {
	const looksRight = (names: readonly string[]) => topNames.some(name => names.includes(name))
	const entries = await readdir(path, { withFileTypes: true })
	const names = entries.map(entry => entry.name)
	if (looksRight(names)) return { root: path, names, bundles: [], foreign: false }
	if (looksForeign(names)) return { names, bundles: [], foreign: true }
	let foreign = false
	const bundles: string[] = []
	for (const entry of entries.slice(0, 200)) {
		if (!entry.isDirectory()) continue
		const inside = await readdir(join(path, entry.name)).catch(() => [])
		foreign ||= looksForeign(inside)
		if (looksRight(inside)) bundles.push(entry.name)
	}
	const [only] = bundles
	return bundles.length === 1 && only !== undefined
		? { root: join(path, only), names, bundles, foreign }
		: { names, bundles, foreign }
}
