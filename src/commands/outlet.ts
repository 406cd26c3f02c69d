/** Where a command's text goes: standard output, or a file that is written whole or not at all. */
import { lstat, open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'

/** What went wrong while writing, in words for the operator. */
export class OutputError extends Error {
	override name = 'OutputError'
}

export async function writeOut(text: string, path: string | undefined, force: boolean): Promise<void> {
	if (path === undefined || path === '-') {
		await toStandardOutput(text)
		return
	}
	if (!force && (await exists(path))) {
		throw new OutputError(`${path} exists already. Name another file, or add --force to replace it.`)
	}
	const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.part`)
	try {
		const file = await open(temporary, 'wx', 0o600)
		try {
			await file.writeFile(text)
			await file.sync()
		} finally {
			await file.close()
		}
		await rename(temporary, path)
	} catch (error) {
		await rm(temporary, { force: true }).catch(() => {})
		throw new OutputError(`${path} could not be written: ${reason(error)}`)
	}
}

async function exists(path: string): Promise<boolean> {
	return lstat(path).then(
		() => true,
		() => false,
	)
}

function reason(error: unknown): string {
	const code = error instanceof Error && 'code' in error ? error.code : undefined
	if (code === 'ENOSPC') return 'no space is left there. Try /run or another disk with -o.'
	if (code === 'EROFS') return 'the file system is read-only. Try /run or /dev/shm with -o.'
	if (code === 'EACCES' || code === 'EPERM') return 'no permission. Try another place with -o, or sudo.'
	if (code === 'ENOENT') return 'its directory does not exist.'
	return error instanceof Error ? error.message : String(error)
}

/** Waits until the text has left: `process.exit` would cut a pipe short. A closed pipe (`| head`) is no error. */
export function toStandardOutput(text: string): Promise<void> {
	return new Promise((resolve, reject) => {
		process.stdout.once('error', error => {
			if ('code' in error && error.code === 'EPIPE') resolve()
			else reject(error)
		})
		process.stdout.write(text, error => (error ? undefined : resolve()))
	})
}
