/** Bytes that can be read at any place at once: an open file, or what was unpacked into memory. */
import { closeSync, constants, fstatSync, openSync, readFileSync, readSync, statSync } from 'node:fs'
import { gunzipSync } from 'node:zlib'

export interface Bytes {
	size(): number
	/** Reads into `into`; how many bytes it got. */
	read(into: Buffer, at: number, length: number): number
	/** Which file it is: another number means another file of the same name. */
	inode: number
	close(): void
}

/** A packed log holds 10 MB by the kubelet's habits; what unpacks to more than this is not unpacked. */
const mostUnpacked = 128 * 1024 * 1024

class NoFile extends Error {
	readonly code = 'EISDIR'
}

/** Opens a regular file and nothing else: a FIFO would block, a device might do anything. Throws system errors. */
export function openBytes(path: string): Bytes {
	if (!statSync(path).isFile()) throw new NoFile(`${path} is no regular file`)
	if (path.endsWith('.gz')) return bytesOf(gunzipSync(readFileSync(path), { maxOutputLength: mostUnpacked }))
	const fd = openSync(path, constants.O_RDONLY | constants.O_NONBLOCK | constants.O_NOCTTY)
	const found = fstatSync(fd)
	if (!found.isFile()) {
		closeSync(fd)
		throw new NoFile(`${path} is no regular file`)
	}
	let open = true
	return {
		size: () => (open ? fstatSync(fd).size : 0),
		read: (into, at, length) => (open ? readSync(fd, into, 0, length, at) : 0),
		inode: found.ino,
		close: () => {
			if (open) closeSync(fd)
			open = false
		},
	}
}

export function bytesOf(all: Buffer): Bytes {
	return {
		size: () => all.length,
		read: (into, at, length) => all.copy(into, 0, at, Math.min(all.length, at + length)),
		inode: 0,
		close: () => {},
	}
}
