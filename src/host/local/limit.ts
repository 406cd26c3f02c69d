/** Time limits for work that cannot be broken off, such as a file operation on a disk that no longer answers. */

export class Overdue extends Error {
	readonly code = 'ETIMEDOUT'
}

/** `work`, or `Overdue` after `limitMs`; what comes later is dropped. The timer never outlives the work. */
export async function within<T>(limitMs: number, work: Promise<T>): Promise<T> {
	let timer: NodeJS.Timeout | undefined
	const overdue = new Promise<never>((_, reject) => {
		timer = setTimeout(() => reject(new Overdue(`no answer within ${limitMs / 1000} s`)), limitMs)
	})
	try {
		return await Promise.race([work, overdue])
	} finally {
		clearTimeout(timer)
		// The loser may still fail, long after anybody listens.
		work.catch(() => undefined)
	}
}
