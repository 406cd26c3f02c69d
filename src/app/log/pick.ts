/** What is picked in the list of logs: a log to read, one to read together with the open one, a time to begin at. */
import type { LogRef } from '../../model/log-ref.js'
import { only, type Step, say } from '../message.js'
import type { State } from '../state.js'
import type { Target } from '../target.js'
import { refiltered } from './filtering.js'
import { openLog, openLogInstead } from './open.js'
import type { LogPlace } from './place.js'

/** The log from which the list of logs was opened. */
export function logPlaceBelow({ places, tab }: State): LogPlace | undefined {
	const [above, list] = places[tab].slice(-2)
	return above?.kind === 'log' && list?.kind === 'logs' ? above : undefined
}

function closed(state: State): State {
	const stack = state.places[state.tab]
	return { ...state, places: { ...state.places, [state.tab]: stack.slice(0, -1) } }
}

/** In the place of the log from which it was picked; at the top of the tab one level deeper. */
export function pickLog(state: State, { ref, filter }: Extract<Target, { kind: 'log' }>): Step {
	const below = logPlaceBelow(state)
	if (!below) return openLog(state, ref, {}, filter)
	const merge = state.places[state.tab].at(-1)
	if (merge?.kind !== 'logs' || !merge.merge) return openLogInstead(closed(state), ref, filter)
	const both: LogRef = {
		kind: 'merged',
		of: [...(below.ref.kind === 'merged' ? below.ref.of : [below.ref]), ref],
	}
	return openLogInstead(closed(state), both)
}

export function pickSince(state: State, { since }: Extract<Target, { kind: 'since' }>): Step {
	const below = logPlaceBelow(state)
	if (!below) return only(state)
	const { since: _, until: _until, ...filter } = below.filter
	const back = closed(state)
	if (since === 'all') return refiltered(back, below, filter)
	const newest = state.subject?.evidence.journal?.newest?.beganAt
	const at =
		since === 'start' ? newest : below.span.lastAt === undefined ? undefined : below.span.lastAt - since
	if (at === undefined) {
		return say(
			back,
			since === 'start' ? 'When k3s was started last is not known.' : 'The lines of this log carry no time.',
			'warn',
		)
	}
	return refiltered(back, below, { ...filter, since: at })
}
