/** What keys do in a log. Names are those of the table of keys; what is not here does the same as everywhere. */
import type { ActionName } from '../keys/table.js'
import { only, type Step, say } from '../message.js'
import { promptOf } from '../prompt.js'
import { into, listStart, type State, withPlace } from '../state.js'
import { acting, hereOf } from './acting.js'
import { cleared, context, filterBy } from './filtering.js'
import { by, byWindow, find, mark, nextMark, sideways, toHit } from './moving.js'
import { openLogInstead } from './open.js'
import { logPlaceOf, rowAt, type TimeStyle, wishOf } from './place.js'
import { quotedBy } from './quotes.js'
import { nextBucket, stripWidth } from './strip.js'

const timeWords: Readonly<Record<TimeStyle, string>> = {
	local: 'Local times.',
	utc: 'Times in UTC.',
	relative: 'Times as distance from the line with the cursor.',
	off: 'No times.',
}
const timeStyles = ['local', 'utc', 'relative', 'off'] as const
const columnStyles = ['all', 'message', 'raw'] as const
const columnWords = {
	all: 'All columns.',
	message: 'Only what was said.',
	raw: 'Lines as they stand in the log.',
} as const

const turn = <T>(all: readonly T[], now: T): T => all[(all.indexOf(now) + 1) % all.length] ?? now

function open(state: State): Step {
	const here = hereOf(state)
	const row = here && rowAt(here.place, here.place.at)
	const cause = here && row && quotedBy(state, here.place, row)
	if (cause === undefined) return by(1)(state)
	// Opened from that diagnosis: there is where one goes back to.
	const stack = state.places[state.tab]
	const before = stack.at(-2)
	if (before?.kind === 'diagnosis' && before.cause === cause)
		return only({ ...state, places: { ...state.places, [state.tab]: stack.slice(0, -1) } })
	return only(into(state, { kind: 'diagnosis', cause, ...listStart }))
}

const copy = acting((state, { place }) => {
	const marked = place.rows.filter(({ number }) => place.marks.includes(number))
	const row = rowAt(place, place.at)
	const text = marked.length > 0 ? marked.map(each => each.text).join('\n') : (row?.text ?? '')
	if (text === '') return only(state)
	const far = place.marks.length - marked.length
	const what = marked.length > 0 ? `${marked.length} marked lines` : 'The line'
	const rest = far > 0 ? `; ${far} further ones are too far away, S saves them` : ''
	const [said] = say(state, `${what} copied, where the terminal allows it${rest}.`, 'good', text)
	return [said, [{ kind: 'copy', text }]]
})

const strip = acting((state, { place }) => {
	const showsStrip = !place.showsStrip
	const { strip: _, ...rest } = place
	return [
		withPlace(state, { ...rest, showsStrip }),
		[wishOf(place, { do: 'strip', buckets: showsStrip ? stripWidth(state.size.columns) : 0 })],
	]
})

const bucket = (step: 1 | -1) =>
	acting((state, { place }) => {
		if (!place.showsStrip) return strip(state)
		const at = rowAt(place, place.at)?.at
		const time = at === undefined ? undefined : nextBucket(place, at, step)
		if (time === undefined) return say(state, 'No further errors in this direction.')
		return [
			withPlace(state, { ...place, following: false }),
			[wishOf(place, { do: 'find', era: place.span.era, what: 'time', from: place.at, step, at: time })],
		]
	})

const follow = acting((state, { place }) => {
	if (!place.live) return say(state, 'This log does not grow: it was taken along when the node was examined.')
	if (place.following) {
		return [withPlace(state, { ...place, following: false }), [wishOf(place, { do: 'follow', on: false })]]
	}
	return [
		withPlace(state, { ...place, following: true }),
		[
			wishOf(place, { do: 'follow', on: true }),
			wishOf(place, { do: 'find', era: place.span.era, what: 'last', from: place.at, step: 1 }),
		],
	]
})

/** The instance before, of a container; the start of k3s before, elsewhere. */
function previous(state: State): Step {
	const place = logPlaceOf(state)
	if (place?.ref.kind !== 'container') return find('start', -1)(state)
	const { ref } = place
	if (typeof ref.instance === 'number') {
		return ref.instance === 0
			? say(state, 'This is the first instance.')
			: openLogInstead(state, { ...ref, instance: ref.instance - 1 })
	}
	return openLogInstead(
		state,
		ref.instance === 'previous' ? { ...ref, instance: 'all' } : { ...ref, instance: 'previous' },
	)
}

function pick(state: State, merge: boolean): Step {
	const place = logPlaceOf(state)
	if (!place) return only(state)
	return only(into(state, { kind: 'logs', ...listStart, ...(merge && { merge: true }) }))
}

/** Names of the table of keys that exist for logs alone. */
export const logOwnActions = {
	'log-search': state => only({ ...state, prompt: promptOf('log-search', logPlaceOf(state)?.query ?? '') }),
	'log-only': state => only({ ...state, prompt: promptOf('log-only', logPlaceOf(state)?.filter.only ?? '') }),
	'log-time': state => only({ ...state, prompt: promptOf('log-time', '') }),
	'log-save': state => only({ ...state, prompt: promptOf('log-save', saveName(state)) }),
	'more-context': context(1),
	'less-context': context(-1),
	follow,
	times: acting((state, { place }) => {
		const times = turn(timeStyles, place.times)
		return say(withPlace(state, { ...place, times }), timeWords[times])
	}),
	columns: acting((state, { place }) => {
		const columns = turn(columnStyles, place.columns)
		return say(withPlace(state, { ...place, columns, left: 0 }), columnWords[columns])
	}),
	repeats: filterBy(
		filter => ({ ...filter, fold: !filter.fold }),
		({ fold }) => (fold ? 'Lines that say the same are counted.' : 'Every line is shown.'),
	),
	noise: filterBy(
		filter => ({ ...filter, quiet: !filter.quiet }),
		({ quiet }) => (quiet ? 'Lines that healthy nodes have as well are hidden.' : 'Every line is shown.'),
	),
	mark,
	'next-mark': nextMark,
	pager: acting((state, { place }) => [state, [wishOf(place, { do: 'pager' })]]),
	source: state => pick(state, false),
	merge: state => pick(state, true),
	previous,
	histogram: strip,
	'next-errors': bucket(1),
	'previous-errors': bucket(-1),
} as const satisfies Partial<Record<string, (state: State) => Step>>

/** What names of the other scopes do here. */
export const logActions: Readonly<Partial<Record<ActionName, (state: State) => Step>>> = {
	open,
	copy,
	down: by(1),
	up: by(-1),
	'page-down': byWindow(1),
	'page-up': byWindow(-1),
	'half-down': byWindow(0.5),
	'half-up': byWindow(-0.5),
	first: find('first', -1),
	last: find('last', 1),
	left: sideways(-1),
	right: sideways(1),
	'far-left': sideways(-10),
	'far-right': sideways(10),
	'line-start': sideways(-1_000_000),
	'line-end': sideways(1_000_000),
	'next-hit': toHit(1),
	'previous-hit': toHit(-1),
	'next-error': find('error', 1),
	'previous-error': find('error', -1),
	'next-warning': find('warning', 1),
	'previous-warning': find('warning', -1),
	wrap: acting((state, { place }) => {
		const on = !place.wrap
		return say(
			withPlace(state, { ...place, wrap: on, sub: 0, left: 0 }),
			on ? 'Long lines are wrapped.' : 'Long lines are cut; ← and → move sideways.',
		)
	}),
	/** Esc: first what was searched and filtered, then back. */
	back: state => cleared(state) ?? only(state),
}

const elsewhere: ReadonlySet<ActionName> = new Set(['back', 'source', 'merge', 'previous'])

/** Whether an action needs a log that is open. */
export function actsOnLog(action: ActionName): boolean {
	return (action in logActions || action in logOwnActions) && !elsewhere.has(action)
}

function saveName(state: State): string {
	const place = logPlaceOf(state)
	const name = (place?.title ?? 'log')
		.replace(/[^A-Za-z0-9.-]+/g, '-')
		.replace(/^-+|-+$/g, '')
		.slice(-60)
	return `${name || 'log'}.txt`
}
