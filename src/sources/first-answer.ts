import type { RunOptions } from '../host/host.js'
import type { Argv } from '../model/remedy.js'
import type { Ask } from './source.js'

/** A program that knows an option not says so at once; one that hangs would hang in any other way, too. */
const hangingMs = 4_000

/** Whether a question that began then (`Date.now()`) took so long that asking in another way is in vain. */
export function hung(began: number): boolean {
	return Date.now() - began > hangingMs
}

/**
 * Asks in the first way that this host understands: busybox knows fewer options than coreutils and procps.
 * The answer is filed as `file` in whichever way it came. `undefined`: no way was answered.
 */
export async function firstAnswer(
	ask: Ask,
	file: string,
	[best, ...others]: readonly [Argv, ...Argv[]],
	options?: RunOptions,
): Promise<string | undefined> {
	const began = Date.now()
	const answer = await ask.run(file, best, options)
	if ((answer !== undefined && answer.trim() !== '') || hung(began)) return answer
	for (const argv of others) {
		const again = await ask.host.run(argv, options)
		if (!again.ok || again.value.stdout.trim() === '') continue
		ask.put(file, again.value.stdout, { argv, ms: again.ms })
		return again.value.stdout
	}
	return answer
}
