/** The words for a path that cannot be opened. */
import type { Stats } from 'node:fs'
import { BundleError } from '../error.js'
import type { Found } from './folder.js'
import { shownName } from './name.js'

const collectFirst = 'Make a bundle with `k3s-doctor collect` on the node, or give the log of k3s.'

/** What the file system's error code means to the operator. */
const codes: { readonly [code: string]: readonly [happened: string, next: string] } = {
	ENOENT: ['there is no such file or folder', 'Check the path for a typing error.'],
	ENOTDIR: ['a part of the path is a file, not a folder', 'Check the path for a typing error.'],
	EACCES: [
		'there is no permission to read it',
		'Run k3s-doctor with sudo, or let its owner give you a copy.',
	],
	EPERM: ['there is no permission to read it', 'Run k3s-doctor with sudo, or let its owner give you a copy.'],
	ELOOP: ['its links lead in a circle', 'Give the path of the bundle itself.'],
	ENAMETOOLONG: ['the path is too long', 'Check the path for a typing error.'],
	EIO: ['the disk could not read it', 'Check the disk, or take another copy of the bundle.'],
	EMFILE: ['too many files are open', 'Raise the limit with `ulimit -n`, then try again.'],
}

/** Makes a `BundleError` of whatever came up while `shown` was read. */
export function howUnreadable(error: unknown, shown: string): BundleError {
	if (error instanceof BundleError) return error
	const code = String((error as NodeJS.ErrnoException).code ?? '')
	const [happened, next] = Object.hasOwn(codes, code) ? (codes[code] ?? []) : []
	const message = error instanceof Error ? error.message : String(error)
	return new BundleError(
		`open ${shown}`,
		happened ?? `it could not be read (${shownName(code || message)})`,
		next ?? 'Take another copy of it and try again.',
	)
}

/** A folder without a bundle in it. */
export function refuseFolder({ names, bundles }: Found, shown: string): BundleError {
	const tried = `open ${shown} as a bundle`
	if (names.length === 0) return new BundleError(tried, 'the folder is empty', collectFirst)
	if (bundles.length > 1) {
		const some = bundles.sort().slice(0, 3).map(shownName).join(', ')
		const more = bundles.length > 3 ? ', …' : ''
		return new BundleError(
			tried,
			`the folder holds several bundles (${some}${more})`,
			'Give the folder of one of them.',
		)
	}
	return new BundleError(
		tried,
		'the folder holds no bundle.json and none of the folders of a bundle',
		collectFirst,
	)
}

/** A path that is neither a file nor a folder. */
export function refuseKind(stats: Stats, shown: string): BundleError {
	const kind = stats.isSocket() ? 'a socket' : stats.isFIFO() ? 'a pipe' : 'a device'
	return new BundleError(
		`open ${shown}`,
		`it is ${kind}`,
		'To read from a pipe, give `-` and pipe into k3s-doctor.',
	)
}
