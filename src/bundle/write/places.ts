/** Where a bundle could go when it cannot go where it was meant to. */
import { constants } from 'node:fs'
import { access, stat, statfs } from 'node:fs/promises'

/** `/run` and `/dev/shm` are memory: there even when every disk is full or read-only. */
const usual = ['/var/tmp', '/tmp', '/run', '/dev/shm', '/root', '/home']

/** Writable directories with room for `bytes`, on other file systems than that of `failed`. */
export async function otherPlaces(failed: string, bytes: number): Promise<string[]> {
	const device = await deviceOf(failed)
	const found = await Promise.all(usual.map(dir => hasRoom(dir, bytes, device)))
	return usual.filter((_, i) => found[i])
}

async function deviceOf(path: string): Promise<number | undefined> {
	try {
		return (await stat(path)).dev
	} catch {
		return undefined
	}
}

async function hasRoom(dir: string, bytes: number, notOn: number | undefined): Promise<boolean> {
	try {
		await access(dir, constants.W_OK)
		const { bavail, bsize, files, ffree } = await statfs(dir)
		// Some file systems count no inodes.
		if (files > 0 && ffree === 0) return false
		// Twice as much: a node that is nearly full must not be made full.
		return bavail * bsize > 2 * bytes && (await deviceOf(dir)) !== notOn
	} catch {
		return false
	}
}
