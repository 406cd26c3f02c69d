/** How many programs work at once. */

/** A small board has four slow cores and 1 GB; sixteen Go programs at once bring it to its knees. */
const most = 16
/** What runs longer than this mostly waits, and waiting costs nothing: it no longer counts. */
const patienceMs = 750

export type Slots = <T>(work: () => Promise<T>) => Promise<T>

/** Lets work in, in the order in which it came. So that hanging programs do not add up, the slow lose their slot. */
export function slots(): Slots {
	const waiting: (() => void)[] = []
	let free = most

	function leave(): void {
		const next = waiting.shift()
		if (next) next()
		else free++
	}

	return async work => {
		if (free > 0) free--
		else await new Promise<void>(enter => waiting.push(enter))
		let inside = true
		const leaveOnce = () => {
			if (inside) leave()
			inside = false
		}
		const timer = setTimeout(leaveOnce, patienceMs)
		try {
			return await work()
		} finally {
			clearTimeout(timer)
			leaveOnce()
		}
	}
}
