/** The JavaScript engine, as the app wants it. */
import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'

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

export function boundPatterns(): void {
	for (const flag of bounded) setFlagsFromString(flag)
}

function saveMemory(): void {
	for (const flag of small) setFlagsFromString(flag)
}

let isSet = false

/**
 * Sets both, once: not before all of the program is loaded. V8 takes a code cache, that of Node.js' own modules as
 * well, only under the flags with which it was made; 15 ms of a start went into compiling anew what lay there compiled.
 */
export function setEngine(): void {
	if (isSet) return
	isSet = true
	boundPatterns()
	saveMemory()
}

/** The collector is at hand only in a context that was made after it was asked for. */
let collect: ((options: object) => void) | undefined

/**
 * Gives the host back what an examination has left behind, 6 MB and more. Takes some 20 ms: for a moment in which
 * nothing happens.
 */
export function tidyUp(): void {
	if (!collect) {
		setFlagsFromString('--expose-gc')
		collect = runInNewContext('gc') as (options: object) => void
	}
	collect({ type: 'major', execution: 'sync', flavor: 'last-resort' })
}
