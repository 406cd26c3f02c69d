import type { RunOptions } from '../host/host.js'
import type { Argv } from '../model/remedy.js'
import type { Ask } from './source.js'

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
	const answer = await ask.run(file, best, options)
	if (answer !== undefined && answer.trim() !== '') return answer
	for (const argv of others) {
		const again = await ask.host.run(argv, options)
		if (!again.ok || again.value.stdout.trim() === '') continue
		ask.put(file, again.value.stdout, { argv, ms: again.ms })
		return again.value.stdout
	}
	return answer
}
