/** The logs of this host, once it has told which there are. */
import { putAt } from '../list.js'
import type { State } from '../state.js'
import type { LogSource } from './wishes.js'

/**
 * Who has not moved in the list stays at its top: the collected copy that was all there was at first is not what one
 * would read on a living host.
 */
export function withLogs(state: State, all: readonly LogSource[]): State {
	const logs = state.places.logs.map(place =>
		place.kind === 'logs' && place.at === 0 && !state.logSources?.length ? putAt(place, 0) : place,
	)
	return { ...state, logSources: all, places: { ...state.places, logs } }
}
