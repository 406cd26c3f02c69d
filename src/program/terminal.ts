/**
 * The terminal as the app borrows it, and as it is given back on every way out: leaving, signals, a crash.
 * Ink switches screen, cursor and raw mode; this is what it does not do, and the net below it.
 */
import { writeSync } from 'node:fs'

/** Long rows are cut at the edge instead of wrapping: a character that is wider than thought harms only its row. */
const cutAtEdge = '\u001b[?7l'
const wrapAtEdge = '\u001b[?7h'
/** Bracketed paste off, cursor on, main screen, colours off. */
const backToNormal = `\u001b[?2004l${wrapAtEdge}\u001b[0m\u001b[?25h`
const mainScreen = '\u001b[?1049l'

export interface Streams {
	input: NodeJS.ReadStream
	output: NodeJS.WriteStream
}

export interface Terminal {
	borrow(): void
	/** After Ink has left its screen. */
	giveBack(): void
}

export function terminal({ input, output }: Streams): Terminal {
	let borrowed = false
	// The last net, for a way out that nobody thought of: only synchronous writes arrive.
	const atExit = () => {
		if (!borrowed) return
		borrowed = false
		try {
			if (input.isTTY) input.setRawMode(false)
			const { fd = 1 } = output as { fd?: number }
			writeSync(fd, backToNormal + mainScreen)
		} catch {
			// The terminal is gone; there is nothing to restore.
		}
	}
	// A terminal that went away (SIGHUP) fails every write; that is no reason to crash.
	const ignore = () => {}
	const setRawMode = input.setRawMode?.bind(input)
	return {
		borrow: () => {
			borrowed = true
			for (const stream of [input, output, process.stderr])
				if (!stream.listeners('error').includes(ignore)) stream.on('error', ignore)
			if (setRawMode) input.setRawMode = mode => unlessGone(() => setRawMode(mode), input)
			process.on('exit', atExit)
			// Ink does it too, but after its first frame: until then the terminal would echo keys into that.
			if (input.isTTY) input.setRawMode(true)
			output.write(cutAtEdge)
		},
		giveBack: () => {
			if (borrowed) output.write(backToNormal)
			if (borrowed && input.isTTY) input.setRawMode(false)
			borrowed = false
			process.off('exit', atExit)
		},
	}
}

/** A terminal that went away has no modes any more. */
function unlessGone<T>(work: () => T, otherwise: T): T {
	try {
		return work()
	} catch (error) {
		if (error instanceof Error && 'code' in error && error.code === 'EIO') return otherwise
		throw error
	}
}

/** Exit status of a program that a signal ended, as shells count. */
export const signalStatus = { SIGHUP: 129, SIGINT: 130, SIGQUIT: 131, SIGTERM: 143 } as const
export type EndSignal = keyof typeof signalStatus

/** Calls `ended` for the signals that mean the end; returns what takes the handlers away again. */
export function onEndSignals(ended: (signal: EndSignal) => void): () => void {
	const handlers = (Object.keys(signalStatus) as EndSignal[]).map(signal => {
		const handler = () => ended(signal)
		process.on(signal, handler)
		return () => process.off(signal, handler)
	})
	return () => {
		for (const remove of handlers) remove()
	}
}

/**
 * Stops this job, as Ctrl-Z does for programs that do not read keys themselves: the whole process group, so that
 * the shell notices it under sudo and npm too. Resolves when it goes on. Where there is no shell that could
 * continue it (an orphaned group), the kernel ignores the signal, and it goes on at once.
 */
export function stopJob(): Promise<void> {
	return new Promise(resolve => {
		process.kill(0, 'SIGTSTP')
		// The stop comes before this timer; what is left of it runs after `fg`.
		setTimeout(resolve, 50)
	})
}
