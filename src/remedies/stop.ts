/** How a running plan is stopped. */

/**
 * `after-step`: the running step is finished, the next one not begun. `after-stretch`: the same, but a service that
 * the plan has stopped is started again by its own steps first: for a terminal that went away, where nobody is left
 * to do it. `kill`: the running step is killed.
 */
export type StopHow = 'after-step' | 'after-stretch' | 'kill'

export interface Stop {
	ask(how: StopHow, why: string): void
	readonly asked: { how: StopHow; why: string } | undefined
	/** Aborted by `kill`. */
	readonly signal: AbortSignal
}

const order: readonly StopHow[] = ['after-stretch', 'after-step', 'kill']

export function makeStop(): Stop {
	const controller = new AbortController()
	let asked: Stop['asked']
	return {
		ask(how, why) {
			if (!asked || order.indexOf(how) > order.indexOf(asked.how)) asked = { how, why }
			if (how === 'kill') controller.abort()
		},
		get asked() {
			return asked
		},
		signal: controller.signal,
	}
}
