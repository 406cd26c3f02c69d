/**
 * How much of a bundle is taken in. A bundle comes from anybody: an archive of a few kilobytes may unpack
 * to terabytes. A recorded node has 150 files and 5 MB.
 */
export interface Limits {
	/** Bytes kept of one file: the newest of logs, the first of anything else. */
	file: number
	/** Bytes kept of all files together. */
	total: number
	/** Files, directories, links: how many names are looked at. */
	entries: number
	/** Bytes that are read through, unpacked, before reading ends. Bounds the time that a bomb takes. */
	unpacked: number
}

const MiB = 1024 * 1024

export const limits: Limits = { file: 64 * MiB, total: 512 * MiB, entries: 60_000, unpacked: 1024 * MiB }
