/** The doctor's own files on a node: the audit log and the records of its actions. Root only, and never through a link. */
import { constants } from 'node:fs'
import { type FileHandle, lstat, mkdir, open } from 'node:fs/promises'
import { dirname } from 'node:path'
import { HandsError } from '../../model/hands-error.js'
import { codeOf } from '../answer.js'
import { makeFolders, syncFolder } from './atomic.js'
import { existing } from './look.js'

/** More than decades of work on one node. */
const mostBytes = 64 * 1024 * 1024

export async function ownText(path: string): Promise<string | undefined> {
	try {
		const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW | constants.O_NONBLOCK)
		try {
			const found = await handle.stat()
			if (!found.isFile()) return undefined
			const from = Math.max(0, found.size - mostBytes)
			const bytes = Buffer.alloc(found.size - from)
			const { bytesRead } = await handle.read(bytes, 0, bytes.length, from)
			return bytes.subarray(0, bytesRead).toString('utf8')
		} finally {
			await handle.close()
		}
	} catch (error) {
		if (codeOf(error) === 'ENOENT' || codeOf(error) === 'ENOTDIR') return undefined
		throw error
	}
}

/** Parents of a file, root only, as far as they are missing. */
async function makeOwnFolder(folder: string): Promise<void> {
	const found = await lstat(folder).catch(() => undefined)
	if (found?.isDirectory()) return
	const above = await existing(dirname(folder))
	const missing = folder.slice(above === '/' ? 1 : above.length + 1).split('/')
	const start = above === '/' ? '' : above
	await makeFolders(
		missing.map((_, index) => `${start}/${missing.slice(0, index + 1).join('/')}`),
		0o700,
	)
}

/** Adds one line and waits until the disk has it. A last line that a power cut tore is ended first. */
export async function appendLine(path: string, line: string): Promise<void> {
	if (line.includes('\n')) throw new HandsError('a line of a log holds a line break')
	await makeOwnFolder(dirname(path))
	const { O_APPEND, O_CREAT, O_RDWR, O_NOFOLLOW, O_NONBLOCK } = constants
	const handle = await open(path, O_APPEND | O_CREAT | O_RDWR | O_NOFOLLOW | O_NONBLOCK, 0o600)
	try {
		const found = await handle.stat()
		if (!found.isFile()) throw new HandsError(`${path} is not a file`)
		if ((found.mode & 0o077) !== 0) await handle.chmod(0o600)
		const torn = found.size > 0 && (await lastByte(handle, found.size)) !== 10
		// One write: two doctors at once do not mix their lines.
		await handle.write(`${torn ? '\n' : ''}${line}\n`)
		await handle.sync()
		if (found.size === 0) await syncFolder(dirname(path))
	} finally {
		await handle.close()
	}
}

async function lastByte(handle: FileHandle, size: number): Promise<number | undefined> {
	const { buffer, bytesRead } = await handle.read(Buffer.alloc(1), 0, 1, size - 1)
	return bytesRead === 1 ? buffer[0] : undefined
}

/** A new folder of our own; one of that name must not be there. */
export async function makeActionFolder(folder: string): Promise<void> {
	await makeOwnFolder(dirname(folder))
	await mkdir(folder, { mode: 0o700 })
	await mkdir(`${folder}/files`, { mode: 0o700 })
	await syncFolder(folder)
	await syncFolder(dirname(folder))
}
