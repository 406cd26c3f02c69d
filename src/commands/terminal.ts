/** The operator at a plain terminal: what is told, what is asked, and how a run is broken off. */
import { createInterface } from 'node:readline/promises'
import { plainText } from '../model/plain-text.js'
import type { Stop } from '../remedies/stop.js'

export interface Terminal {
	/** A line on standard output. */
	say(line: string): void
	/** A line on standard error. */
	warn(line: string): void
	/** The answer to a question; `undefined` where nobody is there to answer. */
	ask(question: string): Promise<string | undefined>
}

/** Standard streams. A reader that went away is no error: what runs must end in a defined state all the same. */
export function standardTerminal(): Terminal {
	for (const stream of [process.stdout, process.stderr]) stream.on('error', () => undefined)
	return {
		say: line => void process.stdout.write(`${plainText(line)}\n`),
		warn: line => void process.stderr.write(`${plainText(line)}\n`),
		async ask(question) {
			if (!process.stdin.isTTY) return undefined
			const reader = createInterface({ input: process.stdin, output: process.stderr })
			const closed = Promise.withResolvers<undefined>()
			reader.once('close', () => closed.resolve(undefined))
			// Ctrl-C at a question is a no.
			reader.once('SIGINT', () => reader.close())
			try {
				return await Promise.race([reader.question(plainText(question)), closed.promise])
			} catch {
				return undefined
			} finally {
				reader.close()
			}
		},
	}
}

/**
 * Signals while a plan runs. The first Ctrl-C stops after the running step, the second kills it. A terminal that goes
 * away, or a shutdown, lets the plan bring up again what it has stopped, and then stops it. Returns the way back.
 */
export function stopOnSignals(stop: Stop, terminal: Terminal): () => void {
	const onInterrupt = () => {
		if (stop.asked?.how === 'after-step') {
			stop.ask('kill', 'killed with Ctrl-C')
			return
		}
		stop.ask('after-step', 'stopped with Ctrl-C')
		terminal.warn('It stops after this step. Ctrl-C again kills the running step.')
	}
	const onHangup = () => stop.ask('after-stretch', 'the terminal went away')
	const onTerminate = () => stop.ask('after-stretch', 'the doctor was told to end')
	process.on('SIGINT', onInterrupt).on('SIGHUP', onHangup).on('SIGTERM', onTerminate)
	return () => {
		process.off('SIGINT', onInterrupt).off('SIGHUP', onHangup).off('SIGTERM', onTerminate)
	}
}
