/** How long it takes until a small write is on the disk, as a datastore does it. Milliseconds. */
export interface DiskSpeed {
	/** The file that was written and removed. */
	path: string
	writes: number
	/** Of one write. */
	bytes: number
	median: number
	/** 99 of 100 writes were at most that slow. */
	p99: number
	slowest: number
	/** It could not be removed again. */
	left?: true
}
