/**
 * The process groups of running programs. Each program leads a group of its own, so that it can be ended together
 * with what it started; the price is that Ctrl-C no longer reaches it, so that is done here.
 */

export interface Group {
	/** The process that leads it; its group has the same number. */
	leader?: number
}

const living = new Set<Group>()
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

export function killGroup(leader: number, signal: NodeJS.Signals): void {
	try {
		process.kill(-leader, signal)
	} catch {
		// Already gone, or (setuid) not ours to end.
	}
}

function killAll(): void {
	for (const { leader } of living) if (leader !== undefined) killGroup(leader, 'SIGKILL')
}

function onSignal(signal: NodeJS.Signals): void {
	killAll()
	// Somebody else listens and will decide; otherwise the signal does what it would have done without us.
	if (process.listenerCount(signal) > 1) return
	process.off(signal, onSignal)
	process.kill(process.pid, signal)
}

/**
 * A group that ends with the doctor. Made before its leader is started: between the start and the first signal
 * handler a signal would leave it behind.
 */
export function watchGroup(): Group {
	if (living.size === 0) {
		process.on('exit', killAll)
		for (const signal of signals) process.on(signal, onSignal)
	}
	const group: Group = {}
	living.add(group)
	return group
}

export function forgetGroup(group: Group): void {
	if (!living.delete(group) || living.size > 0) return
	process.off('exit', killAll)
	for (const signal of signals) process.off(signal, onSignal)
}
