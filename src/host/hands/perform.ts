/** One step of a confirmed plan, done. */
import { constants } from 'node:fs'
import { type FileHandle, lstat, open, readdir, readlink, rename, rm, rmdir } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { HandsError } from '../../model/hands-error.js'
import type {
	PlannedDiscard,
	PlannedRemove,
	PlannedRestore,
	PlannedStep,
	PlannedWrite,
} from '../../model/plan.js'
import { codeOf } from '../answer.js'
import type { Ended, RunLive } from '../hands.js'
import {
	insistOn,
	makeFolders,
	moveTo,
	removeForGood,
	replaceByLink,
	replaceFile,
	setRights,
	sweepBeside,
	syncFolder,
	temporaryBeside,
} from './atomic.js'
import { copyTree } from './copy.js'
import { runLive } from './run.js'

/** `kept` is where the copy of what the step takes away goes. */
export async function perform(step: PlannedStep, kept: string, how: RunLive): Promise<Ended | undefined> {
	switch (step.kind) {
		case 'run':
			return runLive(step.argv, step.limitSeconds, how)
		case 'write':
			await write(step)
			return undefined
		case 'remove':
			await remove(step, kept)
			return undefined
		case 'move':
			await insistOn(step.path, step.before)
			await makeFolders(step.folders)
			await moveTo(step.path, step.to)
			return undefined
		case 'permissions':
			await insistOn(step.path, step.before)
			await setRights(step.path, step)
			return undefined
		case 'restore':
			await restore(step)
			return undefined
		case 'discard':
			await discard(step)
			return undefined
		case 'copy':
			await copyTree(step.path, kept)
			return undefined
		default:
			throw new HandsError(`there is nothing to do in "${step.says}"`)
	}
}

async function write(step: PlannedWrite): Promise<void> {
	await insistOn(step.path, step.before)
	await makeFolders(step.folders)
	await replaceFile(step.path, step, async file => {
		await file.writeFile(step.content)
	})
}

async function remove({ path, before, keep }: PlannedRemove, kept: string): Promise<void> {
	await insistOn(path, before)
	if (!keep) {
		await removeForGood(path)
		return
	}
	try {
		await rename(path, kept)
	} catch (error) {
		if (codeOf(error) !== 'EXDEV' || before.is === 'dir') throw error
		await copyTree(path, kept)
		await removeForGood(path)
		return
	}
	await syncFolder(dirname(kept))
	await syncFolder(dirname(path))
}

async function restore({ path, before, after, from, folders }: PlannedRestore): Promise<void> {
	await sweepBeside(path, await readdir(dirname(path)).catch(() => []))
	await insistOn(path, before)
	if (after.is === 'absent') {
		if (before.is !== 'absent') await removeForGood(path)
		await removeEmpty(folders)
		return
	}
	if (from === undefined) {
		// Only what a write that was cut off left beside it had to go.
		if (after.is === before.is) return
		throw new HandsError(`there is no copy of ${path}`)
	}
	const found = await lstat(from)
	await makeFolders(folders)
	if (found.isSymbolicLink()) await replaceByLink(path, await readlink(from))
	else if (found.isDirectory()) await restoreFolder(path, from)
	else if (after.is === 'file') {
		await replaceFile(path, after, file => pour(from, file), found.mtimeMs)
	} else throw new HandsError(`the copy of ${path} is not what it should be`)
}

const pieceBytes = 1024 * 1024

async function pour(from: string, file: FileHandle): Promise<void> {
	const source = await open(from, constants.O_RDONLY | constants.O_NOFOLLOW)
	try {
		const piece = Buffer.allocUnsafe(pieceBytes)
		for (;;) {
			const { bytesRead } = await source.read(piece, 0, pieceBytes, null)
			if (bytesRead === 0) return
			await file.writeFile(piece.subarray(0, bytesRead))
		}
	} finally {
		await source.close()
	}
}

/** The copy stays; a half-made folder never has the real name. */
async function restoreFolder(path: string, from: string): Promise<void> {
	const temporary = temporaryBeside(path)
	try {
		await copyTree(from, temporary)
		await moveTo(temporary, path)
	} catch (error) {
		await rm(temporary, { recursive: true, force: true }).catch(() => undefined)
		throw error
	}
}

/** Folders that were made for a file go with it, unless somebody put something else there. */
async function removeEmpty(folders: readonly string[]): Promise<void> {
	for (const folder of folders.toReversed()) {
		try {
			await rmdir(folder)
			await syncFolder(dirname(folder))
		} catch (error) {
			if (codeOf(error) === 'ENOTEMPTY' || codeOf(error) === 'EEXIST' || codeOf(error) === 'ENOENT') return
			throw error
		}
	}
}

/** Only what is an action's folder by name and by content. */
async function discard({ folder }: PlannedDiscard): Promise<void> {
	const names = await readdir(folder)
	const ours = /^\d{8}T\d{6}-\d{3}Z-/.test(basename(folder)) && names.includes('undo.jsonl')
	const stranger = names.find(name => name !== 'undo.jsonl' && name !== 'files')
	if (!ours || stranger !== undefined) throw new HandsError(`${folder} is not a backup of the doctor`)
	await rm(folder, { recursive: true })
	await syncFolder(dirname(folder))
}
