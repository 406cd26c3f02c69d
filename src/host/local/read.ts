/** Files of the node, read so that nothing blocks: no FIFO, no device, no endless pseudo file. */
import { constants, type Stats } from 'node:fs'
import { type FileHandle, lstat, open, opendir, stat } from 'node:fs/promises'
import { answered, messageOf, unanswered, whyOf } from '../answer.js'
import type { Answer, FileStat } from '../host.js'
import { within } from './limit.js'
import { wholeLines } from './output.js'

const limitMs = 5000
/** More names than any directory of k3s has. */
const mostNames = 20_000

export interface FileText {
	text: string
	/** The oldest part of a larger file is missing. */
	truncated: boolean
}

async function asked<T>(path: string, work: () => Promise<T>): Promise<Answer<T>> {
	const started = performance.now()
	try {
		return answered(await within(limitMs, work()), started)
	} catch (error) {
		return unanswered(whyOf(error), messageOf(error), path, started)
	}
}

/** The text of a regular file, of a larger one the newest `maxBytes`. */
export function readText(path: string, maxBytes: number): Promise<Answer<FileText>> {
	return asked(path, async () => {
		// Looked at before it is opened: opening alone starts a watchdog and rewinds a tape.
		insistOnFile(await stat(path))
		const handle = await open(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY)
		try {
			const found = await handle.stat()
			insistOnFile(found)
			return await newest(handle, found.size, maxBytes)
		} finally {
			await handle.close()
		}
	})
}

class NoFile extends Error {
	readonly code = 'EISDIR'
}

function insistOnFile(found: Stats): void {
	if (!found.isFile()) throw new NoFile(`not a regular file but a ${kindOf(found)}`)
}

/** Files of /proc say that their size is 0, those of /sys that it is 4096: only reading tells. */
async function newest(handle: FileHandle, size: number, maxBytes: number): Promise<FileText> {
	const skipped = Math.max(0, size - maxBytes)
	const pieces: Buffer[] = []
	let bytes = 0
	while (bytes < maxBytes) {
		const piece = Buffer.allocUnsafe(Math.min(maxBytes - bytes, Math.max(size - skipped - bytes, 64 * 1024)))
		const { bytesRead } = await handle.read(piece, 0, piece.length, size > 0 ? skipped + bytes : null)
		if (bytesRead === 0) break
		pieces.push(piece.subarray(0, bytesRead))
		bytes += bytesRead
	}
	const all = Buffer.concat(pieces)
	if (skipped > 0) return { text: wholeLines(all, 'tail'), truncated: true }
	const cut = size === 0 && bytes >= maxBytes
	return { text: cut ? wholeLines(all, 'head') : all.toString('utf8'), truncated: cut }
}

/** Names in a directory, sorted; of a huge one the first 20 000. */
export function listNames(path: string): Promise<Answer<string[]>> {
	return asked(path, async () => {
		const names: string[] = []
		const directory = await opendir(path, { bufferSize: 256 })
		for await (const { name } of directory) {
			names.push(name)
			if (names.length >= mostNames) break
		}
		return names.sort()
	})
}

/** What lies at a path; of a link the link itself. */
export function statPath(path: string): Promise<Answer<FileStat>> {
	return asked(path, async () => {
		const found = await lstat(path)
		return {
			type: typeOf(found),
			mode: found.mode & 0o7777,
			uid: found.uid,
			gid: found.gid,
			size: found.size,
			modifiedAt: Math.round(found.mtimeMs),
		}
	})
}

function typeOf(found: Stats): FileStat['type'] {
	if (found.isFile()) return 'file'
	if (found.isDirectory()) return 'dir'
	if (found.isSymbolicLink()) return 'link'
	return found.isSocket() ? 'socket' : 'other'
}

function kindOf(found: Stats): string {
	if (found.isDirectory()) return 'directory'
	if (found.isFIFO()) return 'FIFO'
	return found.isSocket() ? 'socket' : 'device'
}
