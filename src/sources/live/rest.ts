/** A pause that ends early when nobody wants it any more. */
export function rest(ms: number, signal: AbortSignal): Promise<void> {
	return new Promise(resolve => {
		if (signal.aborted || ms <= 0) {
			setImmediate(resolve)
			return
		}
		const done = () => {
			clearTimeout(timer)
			signal.removeEventListener('abort', done)
			resolve()
		}
		const timer = setTimeout(done, ms)
		timer.unref()
		signal.addEventListener('abort', done)
	})
}
