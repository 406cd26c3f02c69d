/** The way out of the program. */
import type { Writable } from 'node:stream'

/**
 * Ends the process with this status as soon as all that was said has left. Left to itself Node.js would first wait for
 * what V8 still compiles in the background (20 ms of a report's 230), and for questions that nobody waits for any more;
 * their programs end with the doctor.
 */
export async function leave(status: number): Promise<never> {
	await Promise.all([process.stdout, process.stderr].map(flushed))
	process.exit(status)
}

function flushed(stream: Writable): Promise<void> | undefined {
	if (stream.writableLength === 0 || stream.destroyed) return undefined
	return new Promise(resolve => {
		for (const end of ['drain', 'close', 'error']) stream.once(end, () => resolve())
	})
}
