/** Where logs lie on a node: rotated files beside the one that is written to, and the folders of containers. */
import { readdirSync, statSync } from 'node:fs'
import { basename, dirname, join } from 'node:path'
import type { ContainerLog } from '../../model/log-ref.js'
import { instanceOf, logRoot, podOf } from '../../sources/pod-logs/pick.js'

const mostNames = 5_000

export function namesIn(directory: string): string[] {
	try {
		return readdirSync(directory).slice(0, mostNames)
	} catch {
		return []
	}
}

function modified(path: string): number {
	try {
		return statSync(path).mtimeMs
	} catch {
		return 0
	}
}

/** `containerd.log` -> what it was before it was rotated (`containerd-2026….log.gz`, `containerd.log.1`), oldest first, itself last. */
export function withRotated(path: string): string[] {
	const name = basename(path)
	const stem = name.replace(/\.log$/, '')
	const older = namesIn(dirname(path)).filter(
		other =>
			other !== name &&
			(other.startsWith(`${name}.`) || (other.startsWith(`${stem}-`) && /\.log(\.gz)?$/.test(other))) &&
			!/\.(?:xz|zst|bz2|swp|tmp)$/.test(other),
	)
	const paths = older.map(other => join(dirname(path), other))
	return [...paths.sort((one, other) => modified(one) - modified(other)), path]
}

/** Which file stands at a path; `undefined`: none. */
export function inodeOf(path: string): number | undefined {
	try {
		return statSync(path).ino
	} catch {
		return undefined
	}
}

/** What was written after the file `inode` had been renamed: it may have been rotated more than once since. */
export function filesAfter(path: string, inode: number | undefined): string[] {
	const all = withRotated(path)
	const known = all.findIndex(other => inodeOf(other) === inode)
	return known < 0 ? [path] : all.slice(known + 1)
}

/** Logs of the instances of a container that began after the one with this log, the oldest first. */
export function laterInstances(path: string): string[] {
	const own = instanceOf(basename(path)) ?? Number.POSITIVE_INFINITY
	return namesIn(dirname(path))
		.map(instanceOf)
		.filter(number => number !== undefined && number > own)
		.sort((one = 0, other = 0) => one - other)
		.map(number => join(dirname(path), `${number}.log`))
}

export interface ContainerFolder {
	namespace: string
	pod: string
	uid: string
	container: string
	path: string
	/** Numbers of its instances, the oldest first. */
	instances: number[]
}

export function containerFolders(root: string = logRoot): ContainerFolder[] {
	return namesIn(root)
		.sort()
		.flatMap(directory => {
			const pod = podOf(directory)
			if (!pod) return []
			return namesIn(join(root, directory))
				.sort()
				.map(container => {
					const path = join(root, directory, container)
					const numbers = namesIn(path).map(instanceOf)
					return {
						...pod,
						container,
						path,
						instances: numbers.filter(number => number !== undefined).sort((one, other) => one - other),
					}
				})
		})
}

/** Files of each container that is meant, the oldest first: one list a container. */
export function containerFiles(ref: ContainerLog, root: string = logRoot): string[][] {
	const folders = containerFolders(root).filter(
		folder =>
			folder.namespace === ref.namespace &&
			folder.pod === ref.pod &&
			(ref.uid === undefined || folder.uid === ref.uid) &&
			(ref.container === undefined || folder.container === ref.container),
	)
	return folders.flatMap(({ path, instances }) => {
		const wanted = instancesOf(instances, ref.instance)
		const files = wanted.flatMap(instance => withRotated(join(path, `${instance}.log`)))
		return files.length > 0 ? [files] : []
	})
}

function instancesOf(all: readonly number[], wanted: ContainerLog['instance']): readonly number[] {
	if (wanted === 'all') return all
	if (typeof wanted === 'number') return all.filter(number => number === wanted)
	return wanted === 'previous' ? all.slice(-2, -1) : all.slice(-1)
}
