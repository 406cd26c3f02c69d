/** Copies of files and folders as they are: modes, owners, times, links. Sockets and devices are left out. */
import { constants, type Stats } from 'node:fs'
import { copyFile, lchown, lstat, mkdir, open, opendir, readlink, symlink } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { syncFolder } from './atomic.js'

/** Copies `from` to `to`, which must not exist. */
export async function copyTree(from: string, to: string): Promise<void> {
	await copyNode(from, to)
	await syncFolder(dirname(to))
}

async function copyNode(from: string, to: string): Promise<void> {
	const found = await lstat(from)
	if (found.isSymbolicLink()) {
		await symlink(await readlink(from), to)
		await lchown(to, found.uid, found.gid)
	} else if (found.isDirectory()) {
		await mkdir(to, { mode: 0o700 })
		for await (const { name } of await opendir(from)) await copyNode(join(from, name), join(to, name))
		await finish(to, found)
	} else if (found.isFile()) {
		// Copy on write where the file system can: a large database takes neither time nor space.
		await copyFile(from, to, constants.COPYFILE_EXCL | constants.COPYFILE_FICLONE)
		await finish(to, found)
	}
}

async function finish(path: string, { uid, gid, mode, atimeMs, mtimeMs }: Stats): Promise<void> {
	const handle = await open(path, constants.O_RDONLY | constants.O_NOFOLLOW)
	try {
		await handle.chown(uid, gid)
		await handle.chmod(mode & 0o7777)
		await handle.utimes(atimeMs / 1000, mtimeMs / 1000)
		await handle.sync()
	} finally {
		await handle.close()
	}
}
