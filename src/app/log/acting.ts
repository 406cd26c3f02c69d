/** What an action on a log needs of the screen: where it is, and how high its rows are. */
import { layoutOf } from '../layout.js'
import { only, type Step } from '../message.js'
import { type State, withPlace } from '../state.js'
import type { HeightOf, LogSize } from './geometry.js'
import { isThere, type LogPlace } from './place.js'

export interface Here {
	place: LogPlace
	size: LogSize
	heightOf: HeightOf
}

export function hereOf(state: State): Here | undefined {
	const layout = layoutOf(state)
	return layout.kind === 'log' ? { place: layout.place, ...layout.view } : undefined
}

/** An action on an open log; before it is open, and while another filter is on its way, there is nothing to act on. */
export const acting =
	(act: (state: State, here: Here) => Step) =>
	(state: State): Step => {
		const here = hereOf(state)
		return here && isThere(here.place) ? act(state, here) : only(state)
	}

export const put = (state: State, place: LogPlace): Step => only(withPlace(state, place))

/** Who goes up does not want to be taken away from there by the next line. */
export function standing(place: LogPlace, delta: number): LogPlace {
	return delta < 0 && place.following ? { ...place, following: false } : place
}
