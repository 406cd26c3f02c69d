/**
 * An operator's own search pattern may take for ever on an unlucky line (`(x+x+)+y`). V8 has a second engine that
 * takes linear time; it is switched to after some backtracking. It knows no `i` flag, which is why searches fold
 * letters themselves.
 */
import { setFlagsFromString } from 'node:v8'

export function boundPatterns(): void {
	setFlagsFromString('--enable-experimental-regexp-engine-on-excessive-backtracks')
	setFlagsFromString('--regexp-backtracks-before-fallback=1000')
}
