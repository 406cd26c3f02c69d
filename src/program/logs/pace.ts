/** Words about work that goes on are said at a pace that a person reads. */

/** Milliseconds between two of them; what is over sooner needs none. */
export const tellEvery = 80

export interface Pace {
	/** Whether it is time for the next one, which is then taken as said. */
	isTime(): boolean
	/** The next one is due after a whole pause from now on. */
	restart(): void
}

export function pace(): Pace {
	let told = 0
	const restart = () => {
		told = performance.now()
	}
	return {
		restart,
		isTime: () => {
			if (performance.now() - told < tellEvery) return false
			restart()
			return true
		},
	}
}
