/** Where a command's text goes: standard output, or a file that is written whole or not at all. */
import { link, lstat, open, rename, rm, stat } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import { otherPlaces } from '../bundle/write/places.js'
import { shellLine } from '../model/shell.js'

/** What went wrong while writing, in words for the operator. */
export class OutputError extends Error {
	override name = 'OutputError'
}

/** How the operator says it where they are: on the command line, or in the app. */
interface Advice {
	replace(path: string): string
	elsewhere(path: string): string
	/** Where no place has room. */
	nowhere: string
}

const onCommandLine: Advice = {
	replace: () => 'Name another file, or add --force to replace it',
	elsewhere: path => `-o ${path}`,
	nowhere: 'Without -o it goes to standard output, which ssh can carry to another host.',
}

/** Opening the last ones anew fails where standard output is a socket. */
const standardOutput: ReadonlySet<string> = new Set(['-', '/dev/stdout', '/dev/fd/1', '/proc/self/fd/1'])

/** Throws `OutputError`; then nothing is left behind, and what was there before is as it was. */
export async function writeOut(
	text: string,
	path: string | undefined,
	force: boolean,
	advice: Advice = onCommandLine,
): Promise<void> {
	if (path === undefined || standardOutput.has(path)) {
		await toStandardOutput(text)
		return
	}
	const kind = await kindOf(path)
	if (kind === 'folder') {
		const inside = advice.elsewhere(join(path, 'report.txt'))
		throw new OutputError(`${path} is a folder. Name a file in it, as in ${inside}`)
	}
	// `/dev/stdout`, `/dev/null`, a pipe: there is nothing to replace, and replacing a device would break the host.
	if (kind === 'stream') return intoStream(text, path)
	if (!force && (await exists(path))) throw existing(path, advice)
	const temporary = join(dirname(path), `.${basename(path)}.${process.pid}.part`)
	try {
		const file = await open(temporary, 'wx', 0o600)
		try {
			await file.writeFile(text)
			await file.sync()
		} finally {
			await file.close()
		}
		await moveTo(temporary, path, force)
	} catch (error) {
		await rm(temporary, { force: true }).catch(() => {})
		if (codeOf(error) === 'EEXIST') throw existing(path, advice)
		throw new OutputError(`${path} could not be written: ${await reason(error, path, text.length, advice)}`)
	}
}

function existing(path: string, advice: Advice): OutputError {
	return new OutputError(`${path} exists already. ${advice.replace(path)}.`)
}

/** Without --force nothing is replaced, also when something has got that name meanwhile. */
async function moveTo(temporary: string, path: string, force: boolean): Promise<void> {
	if (force) return rename(temporary, path)
	try {
		await link(temporary, path)
	} catch (error) {
		if (codeOf(error) === 'EEXIST') throw error
		// FAT, as on a USB stick, has no links.
		return rename(temporary, path)
	}
	await rm(temporary, { force: true })
}

/** `/dev/stdout` is a link to whatever that is: the link itself must stay. */
const ofTheKernel = /^\/(?:dev(?!\/shm\/)|proc|sys)\//

async function kindOf(path: string): Promise<'folder' | 'stream' | 'file' | undefined> {
	const found = await stat(path).catch(() => undefined)
	if (!found) return undefined
	if (found.isDirectory()) return 'folder'
	return found.isFile() && !ofTheKernel.test(resolve(path)) ? 'file' : 'stream'
}

async function intoStream(text: string, path: string): Promise<void> {
	try {
		const file = await open(path, 'w')
		try {
			await file.writeFile(text)
		} finally {
			await file.close()
		}
	} catch (error) {
		const words = reasons.get(codeOf(error)) ?? (error instanceof Error ? error.message : String(error))
		throw new OutputError(`${path} could not be written: ${words}.`)
	}
}

async function exists(path: string): Promise<boolean> {
	return lstat(path).then(
		() => true,
		() => false,
	)
}

const codeOf = (error: unknown) => (error instanceof Error && 'code' in error ? error.code : undefined)

const reasons: ReadonlyMap<unknown, string> = new Map([
	['ENOSPC', 'no space is left there'],
	['EDQUOT', 'the disk quota is used up'],
	['EROFS', 'the file system is read-only'],
	['EACCES', 'no permission to write there'],
	['EPERM', 'writing there is not permitted'],
	['EIO', 'the disk reports an input/output error'],
	['EPIPE', 'the reader has gone'],
	['ENOTDIR', 'what stands above it is no folder'],
	['ENAMETOOLONG', 'the name is too long'],
])

async function reason(error: unknown, path: string, size: number, advice: Advice): Promise<string> {
	const code = codeOf(error)
	if (code === 'ENOENT')
		return `its directory does not exist. Make it first: ${shellLine(['mkdir', '-p', dirname(path)])}`
	const words = reasons.get(code)
	if (words === undefined) return error instanceof Error ? error.message : String(error)
	const [place] = await otherPlaces(dirname(resolve(path)), size)
	return place
		? `${words}. There is room in ${place}: ${advice.elsewhere(join(place, basename(path)))}`
		: `${words}. ${advice.nowhere}`
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
