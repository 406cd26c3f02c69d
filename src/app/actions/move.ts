/** Moving the cursor, in lists and in texts. */
import { nextHit, nextLevel } from '../document/shown.js'
import { centre, moveLines, movePage } from '../document/window.js'
import { layoutOf } from '../layout.js'
import { moveBy, moveRows, putAt } from '../list.js'
import { only, type Step, say } from '../message.js'
import { widestShown } from '../screens/text.js'
import { type State, type TextPlace, withPlace } from '../state.js'

/** By items or lines. */
export function by(state: State, delta: number): Step {
	const layout = layoutOf(state)
	if (layout.kind === 'text') {
		const { view, place } = layout
		return only(withPlace(state, moveLines(place, view.all, view.size, delta)))
	}
	if (layout.kind === 'log') return only(state)
	const { view, place, rows } = layout
	return only(withPlace(state, { ...place, ...moveBy(place, view, rows, delta) }))
}

/** By a part of the window: 1 is a page down, -0.5 half a page up. */
export function byWindow(state: State, share: number): Step {
	const layout = layoutOf(state)
	if (layout.kind === 'log') return only(state)
	const height = layout.kind === 'text' ? layout.view.size.rows : layout.rows
	// One row stays in sight, so that the eye finds its place again.
	const delta = Math.sign(share) * Math.max(1, Math.floor(Math.abs(share) * (height - 1)))
	if (layout.kind === 'text') {
		const { view, place } = layout
		return only(withPlace(state, movePage(place, view.all, view.size, delta)))
	}
	const { view, place } = layout
	return only(withPlace(state, { ...place, ...moveRows(place, view, height, delta) }))
}

export function toEnd(state: State, end: 'first' | 'last'): Step {
	const layout = layoutOf(state)
	if (layout.kind === 'text') {
		const at = end === 'first' ? 0 : Math.max(0, layout.view.all.count - 1)
		return only(withPlace(state, { ...layout.place, at, top: at, sub: 0 }))
	}
	if (layout.kind === 'log') return only(state)
	const at = end === 'first' ? 0 : Math.max(0, layout.view.count - 1)
	return only(withPlace(state, { ...putAt(layout.place, at), top: at }))
}

export function sideways(state: State, delta: number): Step {
	const layout = layoutOf(state)
	if (layout.kind !== 'text' || layout.place.wrap) return only(state)
	const most = widestShown(layout.view, layout.place)
	const left = Math.max(0, Math.min(most, layout.place.left + delta))
	return only(withPlace(state, { ...layout.place, left }))
}

type Find = (place: TextPlace) => number | undefined

function jump(state: State, what: string, find: (layout: Parameters<Find>[0]) => number | undefined): Step {
	const layout = layoutOf(state)
	if (layout.kind !== 'text') return only(state)
	const { view, place } = layout
	const at = find(place)
	if (at === undefined) return say(state, what)
	const near = at >= place.top && at < place.top + view.size.rows && !place.wrap
	return only(withPlace(state, near ? { ...place, at } : centre(place, view.all, view.size, at)))
}

export function toHit(state: State, step: 1 | -1): Step {
	const layout = layoutOf(state)
	if (layout.kind !== 'text') return only(state)
	const { document } = layout.view
	const where = step === 1 ? 'below' : 'above'
	return jump(state, `No further hit ${where}.`, place => nextHit(document, place, step))
}

export function toLevel(state: State, step: 1 | -1, level: 'error' | 'warning'): Step {
	const layout = layoutOf(state)
	if (layout.kind !== 'text') return only(state)
	const { document } = layout.view
	const where = step === 1 ? 'below' : 'above'
	return jump(state, `No further ${level} ${where}.`, place => nextLevel(document, place, step, level))
}
