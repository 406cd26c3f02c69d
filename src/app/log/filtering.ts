/** What of a log is shown, made more and less. */
import { only, type Step, say } from '../message.js'
import { type State, withPlace } from '../state.js'
import { acting } from './acting.js'
import { type LogPlace, logPlaceOf, rowAt, wishOf } from './place.js'
import type { LogFilter } from './wishes.js'

export function refiltered(state: State, place: LogPlace, filter: LogFilter): Step {
	const keep = place.turning
		? place.turning.keep
		: place.following
			? undefined
			: rowAt(place, place.at)?.number
	const era = place.span.era + 1
	const next: LogPlace = { ...place, filter, span: { ...place.span, era }, turning: { keep } }
	return [withPlace(state, next), [wishOf(place, { do: 'filter', era, filter, keep })]]
}

export const filterBy = (change: (filter: LogFilter) => LogFilter, words: (filter: LogFilter) => string) =>
	acting((state, { place }) => {
		const filter = change(place.filter)
		const [next, effects] = refiltered(state, place, filter)
		const [said] = say(next, words(filter))
		return [said, effects]
	})

export const context = (change: 1 | -1) =>
	acting((state, { place }) => {
		const { filter } = place
		if (filter.only === '') return say(state, '& filters; + and _ then show more or fewer lines around each.')
		if (filter.fold) return say(state, 'Repeats are folded (u): their surroundings are not shown.')
		const around = Math.max(0, Math.min(50, filter.context + change))
		return around === filter.context ? only(state) : refiltered(state, place, { ...filter, context: around })
	})

/** One thing less that hides or marks lines; `undefined` when there is none. */
export function cleared(state: State): Step | undefined {
	const place = logPlaceOf(state)
	if (place?.phase !== 'open') return undefined
	if (place.busy !== '') return [withPlace(state, { ...place, busy: '' }), [wishOf(place, { do: 'stop' })]]
	const { only: words, since, until } = place.filter
	if (words !== '') return refiltered(state, place, { ...place.filter, only: '', context: 0 })
	if (place.query !== '') {
		const { hits: _, ...rest } = place
		return [
			withPlace(state, { ...rest, query: '' }),
			[wishOf(place, { do: 'search', era: place.span.era, query: '' })],
		]
	}
	if (since !== undefined || until !== undefined) {
		const { since: _, until: _until, ...filter } = place.filter
		return refiltered(state, place, filter)
	}
	return undefined
}
