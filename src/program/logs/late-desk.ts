/** The desk of the logs, loaded when the first log is wanted: it brings programs and the API with it. */
import type { DeskOptions, LogDesk } from './desk.js'

export function lateLogDesk(options: DeskOptions): LogDesk {
	let made: LogDesk | undefined
	let coming: Promise<LogDesk> | undefined
	const desk = () => {
		coming ??= import('./desk.js').then(({ logDesk }) => {
			made = logDesk(options)
			return made
		})
		return coming
	}
	return {
		// One after the other: wishes come to the desk in the order in which they were made.
		do: (id, wish, state) => void desk().then(it => it.do(id, wish, state)),
		sources: state => void desk().then(it => it.sources(state)),
		tidy: state => made?.tidy(state),
		close: () => made?.close(),
	}
}
