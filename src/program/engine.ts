/** The JavaScript engine, as the app wants it. */
import { setFlagsFromString } from 'node:v8'

/**
 * An operator's own search pattern may take for ever on an unlucky line (`(x+x+)+y`). V8 has a second engine that
 * takes linear time; it is switched to after some backtracking. It knows no `i` flag, which is why searches fold
 * letters themselves.
 */
export function boundPatterns(): void {
	setFlagsFromString('--enable-experimental-regexp-engine-on-excessive-backtracks')
	setFlagsFromString('--regexp-backtracks-before-fallback=1000')
}

/** The space for young objects stays small: 8 MB less on a host that is short of memory, at no time to speak of. */
export function saveMemory(): void {
	setFlagsFromString('--semi-space-growth-factor=1')
}
