/** Looks at a path without changing or blocking on anything. */
import { createHash } from 'node:crypto'
import { constants, type Stats } from 'node:fs'
import { access, lstat, open, readlink, realpath, stat, statfs } from 'node:fs/promises'
import { dirname } from 'node:path'
import type { PathState } from '../../model/plan.js'
import { codeOf, messageOf } from '../answer.js'
import type { Looked, Space } from '../hands.js'
import { within } from '../local/limit.js'

const limitMs = 5000

export async function look(path: string, textUpTo = 0): Promise<Looked> {
	try {
		return await within(limitMs, lookAt(path, textUpTo))
	} catch (error) {
		return { state: { is: 'other', why: `not to be seen (${messageOf(error)})` }, real: path }
	}
}

async function lookAt(path: string, textUpTo: number): Promise<Looked> {
	const found = await lstat(path).catch(absentOr)
	if (!found) {
		const folder = await stat(await existing(path))
		const real = await realFolder(path)
		return { state: { is: 'absent' }, real, device: folder.dev }
	}
	if (!found.isSymbolicLink()) {
		const read = found.isFile() ? await content(path, found, textUpTo) : {}
		return { state: stateOf(found, read.digest), real: await realpath(path), device: found.dev, ...read.text }
	}
	const link: PathState = { is: 'link', target: await readlink(path), uid: found.uid, gid: found.gid }
	const target = await stat(path).catch(absentOr)
	if (!target) return { state: link, target: { is: 'absent' }, real: path, device: found.dev }
	const real = await realpath(path)
	const read = target.isFile() ? await content(real, target, textUpTo) : {}
	return { state: link, target: stateOf(target, read.digest), real, device: found.dev, ...read.text }
}

function absentOr(error: unknown): undefined {
	const code = codeOf(error)
	if (code !== 'ENOENT' && code !== 'ENOTDIR') throw error
}

/** The nearest folder above that exists. */
export async function existing(path: string): Promise<string> {
	let folder = path
	while (folder !== '/') {
		const found = await stat(folder).catch(absentOr)
		if (found?.isDirectory()) return folder
		folder = dirname(folder)
	}
	return folder
}

async function realFolder(path: string): Promise<string> {
	const folder = await existing(path)
	const real = await realpath(folder)
	return `${real === '/' ? '' : real}${path.slice(folder === '/' ? 0 : folder.length)}`
}

export function stateOf(found: Stats, digest?: string): PathState {
	const { uid, gid, size } = found
	const mode = found.mode & 0o7777
	if (found.isDirectory()) return { is: 'dir', mode, uid, gid }
	if (!found.isFile()) return { is: 'other', why: found.isSocket() ? 'a socket' : 'no ordinary file' }
	const modifiedAt = Math.round(found.mtimeMs)
	return { is: 'file', mode, uid, gid, size, modifiedAt, ...(digest !== undefined && { digest }) }
}

interface Content {
	digest?: string
	text?: Pick<Looked, 'text' | 'unreadable'>
}

async function content(path: string, found: Stats, textUpTo: number): Promise<Content> {
	if (textUpTo === 0) return {}
	if (found.size > textUpTo) return { text: { unreadable: `it is larger than ${textUpTo} bytes` } }
	const bytes = await wholeFile(path)
	const digest = createHash('sha256').update(bytes).digest('hex')
	const text = asText(bytes)
	return { digest, text: text === undefined ? { unreadable: 'it is not text' } : { text } }
}

export async function wholeFile(path: string): Promise<Buffer> {
	const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
	try {
		return await handle.readFile()
	} finally {
		await handle.close()
	}
}

/** Only what comes back as the same bytes may be edited as text. */
function asText(bytes: Buffer): string | undefined {
	try {
		const text = new TextDecoder('utf-8', { fatal: true, ignoreBOM: true }).decode(bytes)
		return text.includes('\0') ? undefined : text
	} catch {
		return undefined
	}
}

/** tmpfs and ramfs, see statfs(2). */
const inMemory = new Set([0x01021994, 0x858458f6])

export async function space(path: string): Promise<Space | undefined> {
	try {
		return await within(limitMs, spaceAt(await existing(path)))
	} catch {
		return undefined
	}
}

async function spaceAt(folder: string): Promise<Space> {
	const { bfree, bsize, ffree, files, type } = await statfs(folder)
	// Nothing is tried out before the operator said yes: of a read-only file system access(2) knows.
	const denied = await access(folder, constants.W_OK).then(() => undefined, codeOf)
	const free = bfree * bsize
	const why =
		denied === 'EROFS' ? 'the file system is read-only' : denied !== undefined ? 'no permission' : undefined
	return {
		free,
		// btrfs and others have no fixed number of inodes and report 0.
		freeInodes: files === 0 ? Number.MAX_SAFE_INTEGER : ffree,
		writable: denied === undefined,
		...(why !== undefined && { why }),
		inMemory: inMemory.has(type),
	}
}
