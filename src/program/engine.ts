/** The JavaScript engine, as the app wants it. */
import { setFlagsFromString } from 'node:v8'

/**
 * An operator's own search pattern may take for ever on an unlucky line (`(x+x+)+y`). V8 has a second engine that
 * takes linear time; it is switched to after some backtracking. It knows no `i` flag, which is why searches fold
 * letters themselves.
 */
const bounded = [
	'--enable-experimental-regexp-engine-on-excessive-backtracks',
	'--regexp-backtracks-before-fallback=1000',
]

/**
 * The space for young objects stays small: 8 MB less on a host that is short of memory, at no time to speak of. What
 * frames leave behind is cleared away at one and a half times what is needed, not at four times: 60 MB less after
 * some minutes in a log.
 */
const small = ['--semi-space-growth-factor=1', '--heap-growing-percent=50']

/** What is set. A code cache is good for one setting, so that a build which has one sets them before all else. */
export const engineFlags: readonly string[] = [...bounded, ...small]

export function boundPatterns(): void {
	for (const flag of bounded) setFlagsFromString(flag)
}

export function saveMemory(): void {
	for (const flag of small) setFlagsFromString(flag)
}

/**
 * Gives the host back what an examination has left behind, 6 MB and more, where the engine was started with a way to
 * ask for it. Takes some 20 ms: for a moment in which nothing happens.
 */
export function tidyUp(): void {
	globalThis.gc?.({ type: 'major', execution: 'sync', flavor: 'last-resort' })
}
