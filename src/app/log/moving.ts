/** Moving in a log: by lines and windows, sideways, and to what is looked for. */
import { only, say } from '../message.js'
import { type State, withPlace } from '../state.js'
import { acting, put, standing } from './acting.js'
import { moveLog, pageLog } from './geometry.js'
import { clamped, logPlaceOf, rowAt, wishOf } from './place.js'
import { wordsOf } from './rows.js'
import type { FindWhat } from './wishes.js'

export const by = (delta: number) =>
	acting((state, { place, size, heightOf }) =>
		put(state, moveLog(standing(place, delta), size, heightOf, delta)),
	)

export const byWindow = (share: number) =>
	acting((state, { place, size }) => {
		const delta = Math.sign(share) * Math.max(1, Math.floor(Math.abs(share) * (size.rows - 1)))
		return put(state, pageLog(standing(place, delta), delta))
	})

export const sideways = (delta: number) =>
	acting((state, { place, size }) => {
		if (place.wrap) return only(state)
		let widest = 0
		for (let at = place.top; at < place.top + size.rows; at += 1) {
			const row = rowAt(place, at)
			if (row) widest = Math.max(widest, wordsOf(row, place.columns).text.length)
		}
		const left = Math.max(0, Math.min(widest - (size.width >> 1), place.left + delta))
		return put(state, { ...place, left })
	})

export const find = (what: FindWhat, step: 1 | -1) =>
	acting((state, { place }) => [
		withPlace(state, step < 0 ? standing(place, -1) : place),
		[wishOf(place, { do: 'find', era: place.span.era, what, from: place.at, step })],
	])

export const toHit = (step: 1 | -1) => (state: State) => {
	const place = logPlaceOf(state)
	if (place?.query !== '') return find('hit', step)(state)
	// Without a search the next line that the filter has kept is the next hit.
	return place.filter.only !== '' ? by(step)(state) : say(state, 'Nothing is searched; / searches.')
}

export const mark = acting((state, { place }) => {
	const number = rowAt(place, place.at)?.number
	if (number === undefined) return only(state)
	const marks = place.marks.includes(number)
		? place.marks.filter(other => other !== number)
		: [...place.marks, number].sort((one, other) => one - other)
	return put(state, { ...place, marks, at: clamped(place, place.at + 1) })
})

export const nextMark = acting((state, { place }) => {
	const { marks, span } = place
	const here = rowAt(place, place.at)?.number ?? 0
	const next = marks.find(number => number > here) ?? marks[0]
	if (next === undefined) return say(state, 'No line is marked; m marks one.')
	return [
		withPlace(state, { ...place, following: false }),
		[wishOf(place, { do: 'find', era: span.era, what: 'number', from: place.at, step: 1, at: next })],
	]
})
