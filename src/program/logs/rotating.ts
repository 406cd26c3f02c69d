/** A log in files that are renamed, packed and deleted while it is read: the older ones before the one that is written to. */
import { existsSync, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { fileReader } from '../../host/logs/file.js'
import type { LogReader } from '../../host/logs/reader.js'
import { textReader } from '../../host/logs/text.js'
import { chainedReader } from './chained.js'
import { filesAfter, inodeOf, namesIn, withRotated } from './places.js'

/** `paths`: the oldest first. `laterThan`: files of other names that are written to after this one. */
export function filesReader(
	paths: readonly string[],
	laterThan: (path: string) => string[] = () => [],
): LogReader {
	let last = paths.at(-1) ?? ''
	const known = paths.map(markOf)
	let inode = inodeOf(last)
	const isOver = () => laterThan(last).length > 0

	/** What has come after the file that was read last, and which files these are. */
	function after(): { path: string; inode: number | undefined }[] {
		const others = laterThan(last)
		const rest = filesAfter(last, inode)
		// Of an instance that is over the kubelet may have deleted the log.
		const own = others.length > 0 ? rest.filter(existsSync) : rest
		return [...own, ...others.flatMap(withRotated)].map(path => ({ path, inode: inodeOf(path) }))
	}

	function next(): LogReader[] {
		const files = after()
		const readers: LogReader[] = []
		try {
			for (const { path } of files) readers.push(fileReader(path, isOver))
			// Nothing was renamed between looking and opening: else a file would be missed.
			if (JSON.stringify(after()) === JSON.stringify(files)) {
				last = laterThan(last).at(-1) ?? last
				inode = files.at(-1)?.inode
				return readers
			}
		} catch {
			// Renamed again at this moment.
		}
		for (const reader of readers) reader.close()
		// The next look finds it as it is then.
		return []
	}

	const open = (index: number) =>
		index === paths.length - 1 ? fileReader(last, isOver) : olderReader(paths[index] ?? last, known[index])
	return chainedReader(paths.length, open, next)
}

interface Mark {
	inode: number
	bornAt: number
	changedAt: number
}

function markOf(path: string): Mark | undefined {
	try {
		const { ino, birthtimeMs, mtimeMs } = statSync(path)
		return { inode: ino, bornAt: birthtimeMs, changedAt: mtimeMs }
	} catch {
		return undefined
	}
}

/** The number of a deleted file is given to a new one soon; not all file systems know when a file was made. */
function isSame(one: Mark | undefined, other: Mark | undefined): boolean {
	if (!one || one.inode !== other?.inode) return false
	return one.bornAt === other.bornAt || one.changedAt === other.changedAt
}

/** An older file is opened when somebody goes back that far: it may have got another name until then, and be packed. */
function olderReader(path: string, mark: Mark | undefined): LogReader {
	const folder = dirname(path)
	const isOwn = (other: string) => isSame(markOf(other), mark)
	const found = [path, ...namesIn(folder).map(name => join(folder, name))].find(isOwn)
	// Another file under its name is another part of the log.
	const packed = existsSync(path) ? [] : [`${path}.gz`]
	for (const each of found === undefined ? packed : [found]) {
		try {
			return fileReader(each)
		} catch {
			// Packed at this moment, or deleted.
		}
	}
	return textReader(`(${path} is no longer there)\n`)
}
