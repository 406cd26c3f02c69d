/** Opens a saved bundle: a folder, a tar archive, or a bare log. Nothing is ever unpacked to disk. */
import { createReadStream } from 'node:fs'
import { stat } from 'node:fs/promises'
import { basename, dirname } from 'node:path'
import { Readable } from 'node:stream'
import type { Bundle } from '../model/bundle.js'
import { BundleError } from './error.js'
import { translated } from './foreign/index.js'
import { assemble } from './open/assemble.js'
import { findBundle, readFolder } from './open/folder.js'
import { type Limits, limits as usual } from './open/limits.js'
import { shownName } from './open/name.js'
import { howUnreadable, refuseFolder, refuseKind } from './open/refuse.js'
import { bytesOf } from './open/stream.js'
import { openStream } from './open/unknown.js'

export { BundleError } from './error.js'

export interface OpenOptions {
	/** What `-` reads. Default: standard input. */
	stdin?: Readable & { isTTY?: boolean }
	/** The content of a file, instead of one at the path. */
	bytes?: Uint8Array
	/** Other limits than the usual ones. */
	limits?: Partial<Limits>
}

/** Paths that are standard input by another name. */
const standardInput = new Set(['-', '/dev/stdin', '/dev/fd/0', '/proc/self/fd/0'])

async function openStandardInput(stdin: OpenOptions['stdin'], limits: Limits): Promise<Bundle> {
	const shown = 'standard input'
	const input = stdin ?? process.stdin
	if (input.isTTY) {
		throw new BundleError(
			`open ${shown}`,
			'it is the keyboard',
			'Pipe something into k3s-doctor, e.g. `journalctl -u k3s | k3s-doctor --from -`.',
		)
	}
	return openStream({ bytes: bytesOf(input), shown, modifiedAt: Date.now(), limits })
}

async function openFolder(path: string, shown: string, limits: Limits): Promise<Bundle> {
	const found = await findBundle(path)
	if (found.root === undefined || found.foreign) {
		const foreign = translated(await readFolder(path, limits, true))
		if (foreign) return foreign
		if (found.root === undefined) throw refuseFolder(found, shown)
	}
	return assemble(await readFolder(found.root, limits), shown, 'folder')
}

async function openPath(path: string, shown: string, limits: Limits): Promise<Bundle> {
	const stats = await stat(path)
	if (stats.isDirectory()) return openFolder(path, shown, limits)
	const modifiedAt = stats.mtimeMs
	// A pipe that the shell has opened, `--from <(zcat …)`, has a writer; any other may wait for one for ever.
	if (stats.isFIFO() && /^\/(dev|proc\/self)\/fd\/\d+$/.test(path)) {
		return openStream({ bytes: bytesOf(createReadStream(path)), shown, modifiedAt: Date.now(), limits })
	}
	if (!stats.isFile()) throw refuseKind(stats, shown)
	if (basename(path) === 'bundle.json') return openFolder(dirname(path), shown, limits)
	const from = (start: number) => bytesOf(createReadStream(path, { start, highWaterMark: 256 * 1024 }))
	return openStream({
		bytes: from(0),
		shown,
		modifiedAt,
		limits,
		// One byte more than fits, so that it shows that something is missing.
		...(stats.size > limits.file && { lastBytes: () => from(stats.size - limits.file - 1) }),
	})
}

/**
 * Opens the bundle at `path` (`-`: standard input). What is wrong with parts of it is told in the bundle's `notes`.
 * Throws nothing but `BundleError`.
 */
export async function openBundle(path: string, options: OpenOptions = {}): Promise<Bundle> {
	const limits = { ...usual, ...options.limits }
	if (!options.bytes && standardInput.has(path)) {
		return openStandardInput(options.stdin, limits).catch(error => {
			throw howUnreadable(error, 'standard input')
		})
	}
	const shown = shownName(path)
	try {
		if (options.bytes) {
			const bytes = bytesOf(Readable.from([Buffer.from(options.bytes)]))
			return await openStream({ bytes, shown, modifiedAt: Date.now(), limits })
		}
		if (path === '' || path.includes('\0'))
			throw new BundleError('open a bundle', 'its path is no path', 'Check it.')
		return await openPath(path, shown, limits)
	} catch (error) {
		throw howUnreadable(error, shown)
	}
}
