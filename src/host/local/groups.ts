/**
 * The process groups of running programs. Each program leads a group of its own, so that it can be ended together
 * with what it started; the price is that Ctrl-C no longer reaches it, so that is done here.
 */

const living = new Set<number>()
const signals = ['SIGINT', 'SIGTERM', 'SIGHUP'] as const

export function killGroup(leader: number, signal: NodeJS.Signals): void {
	try {
		process.kill(-leader, signal)
	} catch {
		// Already gone, or (setuid) not ours to end.
	}
}

function killAll(): void {
	for (const leader of living) killGroup(leader, 'SIGKILL')
}

function onSignal(signal: NodeJS.Signals): void {
	killAll()
	// Somebody else listens and will decide; otherwise the signal does what it would have done without us.
	if (process.listenerCount(signal) > 1) return
	process.off(signal, onSignal)
	process.kill(process.pid, signal)
}

/** Ends the group when the doctor ends before it. */
export function watchGroup(leader: number): void {
	if (living.size === 0) {
		process.on('exit', killAll)
		for (const signal of signals) process.on(signal, onSignal)
	}
	living.add(leader)
}

export function forgetGroup(leader: number): void {
	if (!living.delete(leader) || living.size > 0) return
	process.off('exit', killAll)
	for (const signal of signals) process.off(signal, onSignal)
}
