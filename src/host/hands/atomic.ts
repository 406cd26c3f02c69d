/**
 * Changes of files that survive a power cut at any point: the new content lies complete on the disk before one rename
 * puts it in place, and the folder is synchronised after it.
 */
import { randomBytes } from 'node:crypto'
import { constants } from 'node:fs'
import { type FileHandle, lstat, mkdir, open, readlink, rename, rm, symlink, unlink } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { HandsError } from '../../model/hands-error.js'
import type { PathState } from '../../model/plan.js'
import type { Owner } from '../../model/remedy.js'
import { codeOf } from '../answer.js'
import { run } from '../local/run.js'
import { look } from './look.js'

export interface Rights extends Owner {
	mode: number
}

/** Neither k3s (`*.yaml`), systemd (`*.conf`) nor cron reads a hidden file with such an end. */
export const temporaryGrammar = /^\.(.+)\.k3s-doctor-[0-9a-f]{12}$/

export function temporaryBeside(path: string): string {
	return join(dirname(path), `.${basename(path)}.k3s-doctor-${randomBytes(6).toString('hex')}`)
}

export async function syncFolder(path: string): Promise<void> {
	const handle = await open(path, constants.O_RDONLY | constants.O_DIRECTORY)
	try {
		await handle.sync()
	} catch (error) {
		// Some file systems cannot synchronise a folder; all that k3s supports can.
		if (codeOf(error) !== 'EINVAL') throw error
	} finally {
		await handle.close()
	}
}

/** Folders that are missing, outermost first. One that came meanwhile is fine. */
export async function makeFolders(folders: readonly string[], mode = 0o755): Promise<void> {
	for (const folder of folders) {
		try {
			await mkdir(folder, { mode })
		} catch (error) {
			if (codeOf(error) !== 'EEXIST') throw error
			continue
		}
		await syncFolder(dirname(folder))
	}
}

/** Throws unless what the plan saw still lies there. */
export async function insistOn(path: string, before: PathState): Promise<void> {
	const digest = before.is === 'file' ? before.digest : undefined
	const { state } = await look(path, digest === undefined ? 0 : Number.MAX_SAFE_INTEGER)
	const same =
		state.is === before.is &&
		(state.is !== 'link' || before.is !== 'link' || state.target === before.target) &&
		(state.is !== 'file' || digest === undefined || state.digest === digest)
	if (!same) throw new HandsError(`${path} has changed since the plan was shown`, 'CHANGED')
}

/** `fill` writes the new content into a file that nobody else sees. */
export async function replaceFile(
	path: string,
	rights: Rights,
	fill: (file: FileHandle) => Promise<void>,
	modifiedAt?: number,
): Promise<void> {
	const temporary = temporaryBeside(path)
	const { O_CREAT, O_EXCL, O_WRONLY, O_NOFOLLOW } = constants
	const file = await open(temporary, O_CREAT | O_EXCL | O_WRONLY | O_NOFOLLOW, 0o600)
	try {
		try {
			await fill(file)
			// In this order: a change of owner takes setuid bits away.
			await file.chown(rights.uid, rights.gid)
			await file.chmod(rights.mode)
			if (modifiedAt !== undefined) await file.utimes(new Date(), modifiedAt / 1000)
			await file.sync()
		} finally {
			await file.close()
		}
		await rename(temporary, path)
	} catch (error) {
		await rm(temporary, { force: true }).catch(() => undefined)
		throw error
	}
	await syncFolder(dirname(path))
	await relabel(path)
}

export async function replaceByLink(path: string, target: string): Promise<void> {
	const temporary = temporaryBeside(path)
	await symlink(target, temporary)
	try {
		await rename(temporary, path)
	} catch (error) {
		await rm(temporary, { force: true }).catch(() => undefined)
		throw error
	}
	await syncFolder(dirname(path))
}

/** A renamed file keeps the SELinux label of where it was made; the policy may want another one there. */
async function relabel(path: string): Promise<void> {
	const enforcing = await lstat('/sys/fs/selinux/enforce').catch(() => undefined)
	if (enforcing) await run(['restorecon', '-F', '--', path], { limitSeconds: 5 })
}

/** Renames, never over something that is there. */
export async function moveTo(path: string, to: string): Promise<void> {
	const there = await lstat(to).catch(() => undefined)
	if (there) throw new HandsError(`${to} is there already`, 'EEXIST')
	await rename(path, to)
	await syncFolder(dirname(to))
	if (dirname(path) !== dirname(to)) await syncFolder(dirname(path))
}

export async function removeForGood(path: string): Promise<void> {
	await unlink(path)
	await syncFolder(dirname(path))
}

export async function setRights(path: string, { mode, uid, gid }: Rights): Promise<void> {
	const { O_RDONLY, O_NOFOLLOW, O_NONBLOCK } = constants
	const handle = await open(path, O_RDONLY | O_NOFOLLOW | O_NONBLOCK)
	try {
		await handle.chown(uid, gid)
		await handle.chmod(mode)
		await handle.sync()
	} finally {
		await handle.close()
	}
}

/** Temporary files that a power cut left beside a path. */
export async function sweepBeside(path: string, names: readonly string[]): Promise<void> {
	for (const name of names) {
		if (temporaryGrammar.exec(name)?.[1] !== basename(path)) continue
		const stale = join(dirname(path), name)
		const isLink = await readlink(stale).then(
			() => true,
			() => false,
		)
		const found = await lstat(stale).catch(() => undefined)
		if (isLink || found?.isFile()) await rm(stale, { force: true })
	}
}
