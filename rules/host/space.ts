/** How full a file system is, for whom, and what a message about it is worth. */
import { type Evidence, type Filesystem, filesystemOf, type Message } from '../../src/rule.js'
import { filesystemsInUse } from './places.js'

const mebi = 1024 * 1024

/** Less than the smallest write of any database. */
const nothing = mebi

/** ext4 holds back 16 MiB even from root; what is more than that was reserved for root (tune2fs -m). */
const heldBack = 32 * mebi

export function isFull({ size, available }: Filesystem): boolean {
	return size > 0 && available < nothing
}

/** Bytes that only root may still use. */
export function reserveOf({ size, used, available }: Filesystem): number {
	return Math.max(0, size - used - available)
}

/** Not even root, as which k3s runs, can write. */
export function isFullForRoot(filesystem: Filesystem): boolean {
	return isFull(filesystem) && reserveOf(filesystem) <= Math.max(heldBack, filesystem.size * 0.002)
}

/** So little is left that a failed write needs no other explanation: unpacking an image takes more. */
export function isTight({ size, available, usedPercent }: Filesystem): boolean {
	return size > 0 && (usedPercent >= 98 || (usedPercent >= 90 && available < 200 * mebi))
}

/** Some file systems count their inodes and have none left. */
export function isOutOfInodes({ inodes }: Filesystem): boolean {
	return inodes !== undefined && inodes.total > 0 && inodes.free < 10
}

export const noSpace =
	/no space left on device|database or disk is full|disk quota exceeded|not enough space to allocate \d{1,15} bytes|only wrote \d{1,15} bytes to/i

/** The same words for other things that ran out: inotify watches, keys of the kernel, cgroups, shared memory. */
const otherSpace =
	/inotify|fsnotify|watcher|session key|\/sys\/fs\/cgroup|cgroup\.procs|\/dev\/shm|semaphore/i

const path = /(?<path>\/[A-Za-z0-9._+@:/-]{2,400}?)["']?: (?:no space left|disk quota)/i

export type Room =
	/** The file system that is meant has no room. */
	| 'none'
	/** It has room now. */
	| 'plenty'
	/** It has room, but no inodes. */
	| 'no-inodes'
	/** It is none that k3s keeps its own things on. */
	| 'elsewhere'
	| 'unknown'
	/** The message is about something else than a disk. */
	| 'no-disk'

/** What the disks say to a message that there is no space. */
export function roomBehind(evidence: Evidence, { lastText }: Pick<Message, 'lastText'>): Room {
	if (otherSpace.test(lastText)) return 'no-disk'
	const { disks } = evidence
	if (!disks || disks.filesystems.length === 0) return 'unknown'
	const named = path.exec(lastText)?.groups?.path
	const used = filesystemsInUse(evidence).map(({ held }) => held)
	const meant = named === undefined ? undefined : filesystemOf(disks, named)
	const candidates = meant ? [meant] : used
	if (candidates.some(isTight) || candidates.some(isFull))
		return meant && !used.includes(meant) ? 'elsewhere' : 'none'
	if (candidates.some(isOutOfInodes)) return 'no-inodes'
	// btrfs runs out of room for metadata while df shows free space.
	if (candidates.some(({ type }) => type === 'btrfs')) return 'unknown'
	return meant && !used.includes(meant) ? 'elsewhere' : 'plenty'
}
