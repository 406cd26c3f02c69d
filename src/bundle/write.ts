/** Writes a bundle: a folder, a tar archive, or an archive to standard output. Whole, or not at all. */
import { createWriteStream } from 'node:fs'
import { link, lstat, mkdir, rename, rm, writeFile } from 'node:fs/promises'
import { basename, dirname, join, resolve } from 'node:path'
import type { Writable } from 'node:stream'
import type { Bundle } from '../model/bundle.js'
import { BundleError } from './error.js'
import { type Files, writeArchive } from './write/archive.js'
import { bundleName, dirsOf, writable } from './write/name.js'
import { otherPlaces } from './write/places.js'

export interface Written {
	/** Where it lies; `-` for standard output. */
	path: string
	/** Files in it, without bundle.json. */
	files: number
	/** Names that were left out, because they would have become files elsewhere. */
	refused: string[]
}

export interface WriteOptions {
	/** What `-` writes to. Default: standard output. */
	stdout?: Writable
	/** An archive that is there already is replaced, when the new one is whole. Folders never are. */
	force?: boolean
	/** How the operator says that it may be replaced. */
	howToReplace?: string
}

/** Files are for their owner alone. Throws `BundleError`; then nothing is left behind. */
export async function writeBundle(
	bundle: Bundle,
	path: string,
	{ stdout = process.stdout, force = false, howToReplace = 'add --force to replace it' }: WriteOptions = {},
): Promise<Written> {
	const { files, refused } = writable(bundle)
	const at = new Date(Date.parse(bundle.takenAt) || 0)
	const written: Written = { path, files: files.length - 1, refused }
	if (path === '-') {
		try {
			await writeArchive(files, stdout, { top: bundleName(bundle), gzip: true, at })
		} catch (error) {
			throw new BundleError(
				'write the bundle to standard output',
				reasonOf(error),
				'Nothing more was written.',
			)
		}
		return written
	}
	const kind = /\.(?:tar\.gz|tgz|tar)$/.exec(path)?.[0]
	const target = resolve(path)
	const half = join(dirname(target), `.${basename(target)}.${process.pid}.half`)
	const replace = force && kind !== undefined
	const taken = () => existing(path, kind === undefined ? undefined : howToReplace)
	await refuseExisting(target, replace, taken)
	try {
		if (kind === undefined) await writeFolder(files, half)
		else {
			const top = basename(target).slice(0, -kind.length) || bundleName(bundle)
			const out = createWriteStream(half, { flags: 'wx', mode: 0o600, flush: true })
			await writeArchive(files, out, { top, gzip: kind !== '.tar', at })
		}
		await moveTo(half, target, kind === undefined || replace)
	} catch (error) {
		await rm(half, { recursive: true, force: true }).catch(() => undefined)
		if (codeOf(error) === 'EEXIST' || codeOf(error) === 'ENOTEMPTY') throw taken()
		throw await failure(error, path, target, files, bundle)
	}
	return written
}

/** Only a file or a link is ever replaced: a device in its place would be lost to the host. */
async function refuseExisting(target: string, replace: boolean, taken: () => BundleError): Promise<void> {
	const found = await lstat(target).catch(() => undefined)
	if (found && !(replace && (found.isFile() || found.isSymbolicLink()))) throw taken()
}

/** `how`: absent for a folder, which is never replaced. */
function existing(path: string, how: string | undefined): BundleError {
	const next =
		how === undefined ? 'Name another folder, or remove it first.' : `Name another file, or ${how}.`
	return new BundleError(`write ${path}`, 'it exists already', next)
}

async function writeFolder(files: Files, root: string): Promise<void> {
	await mkdir(root, { mode: 0o700 })
	const made = new Set<string>()
	for (const [name, text] of files) {
		for (const dir of dirsOf(name)) {
			if (!made.has(dir)) await mkdir(join(root, dir), { mode: 0o700 })
			made.add(dir)
		}
		await writeFile(join(root, name), text, { flag: 'wx', mode: 0o600 })
	}
}

/** Under its name, unless something has got that name meanwhile. */
async function moveTo(half: string, target: string, over: boolean): Promise<void> {
	if (over) return rename(half, target)
	try {
		await link(half, target)
	} catch (error) {
		if (codeOf(error) === 'EEXIST') throw error
		// FAT, as on a USB stick, has no links.
		return rename(half, target)
	}
	await rm(half, { force: true })
}

function codeOf(error: unknown): string {
	return error instanceof Error && 'code' in error && typeof error.code === 'string' ? error.code : ''
}

const reasons: ReadonlyMap<string, string> = new Map([
	['ENOSPC', 'there is no space left there'],
	['EDQUOT', 'the disk quota is used up'],
	['EROFS', 'the file system there is read-only'],
	['EACCES', 'there is no permission to write there'],
	['EPERM', 'writing there is not permitted'],
	['ENOENT', 'the folder above it does not exist'],
	['ENOTDIR', 'what stands above it is not a folder'],
	['ENAMETOOLONG', 'the name is too long'],
	['EPIPE', 'the reader has gone'],
	['EIO', 'the disk reports an input/output error'],
])

function reasonOf(error: unknown): string {
	return reasons.get(codeOf(error)) ?? (error instanceof Error ? error.message : String(error))
}

async function failure(
	error: unknown,
	path: string,
	target: string,
	files: Files,
	bundle: Bundle,
): Promise<BundleError> {
	const next = await advice(codeOf(error), target, files, bundle)
	return new BundleError(`write ${path}`, reasonOf(error), next)
}

/** What to do instead, as a sentence. */
async function advice(code: string, target: string, files: Files, bundle: Bundle): Promise<string> {
	if (code === 'ENOENT') return `Make it first: mkdir -p ${dirname(target)}`
	const bytes = files.reduce((sum, [, text]) => sum + text.length, 0)
	const [dir] = await otherPlaces(dirname(target), bytes)
	const file = `${bundleName(bundle)}.tar.gz`
	return dir
		? `There is room in ${dir}: k3s-doctor collect -o ${join(dir, file)}`
		: `Write it to another machine: k3s-doctor collect -o - | ssh HOST 'cat > ${file}'`
}
