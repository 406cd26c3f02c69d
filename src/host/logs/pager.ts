/** The operator's own pager, on the terminal that the app has left to it for so long. */
import { once } from 'node:events'
import { execa } from 'execa'

/** Words of a program that need no shell to be understood. */
const simple = /^[\w@%+:,./=-]+$/

/** `$PAGER` as argv; what only a shell could read is not taken. */
export function pagerOf({ PAGER = '' }: Readonly<Record<string, string | undefined>>): [string, ...string[]] {
	const [program, ...args] = PAGER.trim().split(/\s+/).filter(Boolean)
	if (program === undefined || program === 'cat' || ![program, ...args].every(word => simple.test(word)))
		return ['less']
	return [program, ...args]
}

/** Feeds `text` to the pager until it has all, or was left. Throws when there is no such program. */
export async function showIn(
	[program, ...args]: readonly [string, ...string[]],
	environment: Readonly<Record<string, string | undefined>>,
	text: AsyncIterable<string>,
): Promise<void> {
	const child = execa(program, args, {
		// No commands, no editor from inside of it: it runs with the doctor's rights.
		env: { ...environment, LESSSECURE: '1', LESS: environment.LESS ?? '-S' },
		extendEnv: false,
		stdin: 'pipe',
		stdout: 'inherit',
		stderr: 'inherit',
		reject: false,
	})
	child.stdin.on('error', () => {})
	const ended = child.then(result => {
		if (result.failed && result.exitCode === undefined && result.signal === undefined)
			throw new Error(`${program} could not be run; PAGER names another program`)
	})
	let over = false
	const done = ended.finally(() => {
		over = true
	})
	done.catch(() => {})
	for await (const piece of text) {
		if (over) break
		if (!child.stdin.write(piece)) await Promise.race([once(child.stdin, 'drain').catch(() => {}), done])
	}
	child.stdin.end()
	await done
}
