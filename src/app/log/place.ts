/** Where the operator is in a log: a window of its rows, the cursor, and how it is looked at. Plain data. */
import type { Start } from '../../model/evidence/index.js'
import type { LogRow } from '../../model/log-line.js'
import type { LogRef, LogSpot } from '../../model/log-ref.js'
import type { Key } from '../keys/key.js'
import { placeOf, type State, withPlace } from '../state.js'
import { logName } from './names.js'
import { type LogFilter, type LogSpan, type LogWish, type Strip, showAll } from './wishes.js'

export type TimeStyle = 'local' | 'utc' | 'relative' | 'off'
/** `all`: with who spoke and the fields. `message`: what was said. `raw`: the line as it stands in the log. */
export type ColumnStyle = 'all' | 'message' | 'raw'

export interface LogPlace {
	kind: 'log'
	/** Distinguishes open logs from each other. */
	id: number
	ref: LogRef
	spot: LogSpot
	title: string
	phase: 'opening' | 'open' | 'failed'
	/** Why it could not be opened. */
	why?: string
	/** It may grow. */
	live: boolean
	span: LogSpan
	/** The rows at hand, `from` is the place of the first. */
	rows: readonly LogRow[]
	from: number
	/** `span.endLine` when they were read. */
	readAt?: number
	/** Rows that are on their way, so that they are not asked for twice. */
	asked?: string
	/** Place of the cursor, and of the first line on the screen. */
	at: number
	top: number
	/** Rows of the first line that are above the screen, when it is wrapped. */
	sub: number
	/** First column that is shown, when lines are not wrapped. */
	left: number
	wrap: boolean
	times: TimeStyle
	columns: ColumnStyle
	following: boolean
	filter: LogFilter
	/** Another filter was asked for; until it holds the places mean nothing. */
	turning?: { keep: number | undefined }
	/** Keys that were pressed before there was anything to act on, while it is opened or filtered. */
	early?: readonly Key[]
	/** Search; only highlights. */
	query: string
	hits?: { count: number; done: boolean; kind: 'text' | 'pattern' | 'fuzzy' | 'all' }
	/** What takes long at the moment; '' when nothing does. */
	busy: string
	strip?: Strip
	showsStrip: boolean
	/** What became of k3s since the node was examined, where that is watched. */
	starts?: readonly Start[]
	/** Numbers of marked lines, ascending. */
	marks: readonly number[]
}

const nothing: LogSpan = { era: 0, low: 0, end: 0, endLine: 0 }

export function logAt(id: number, ref: LogRef, spot: LogSpot, filter: LogFilter = showAll): LogPlace {
	return {
		kind: 'log',
		id,
		ref,
		spot,
		title: logName(ref),
		phase: 'opening',
		live: false,
		span: nothing,
		rows: [],
		from: 0,
		at: 0,
		top: 0,
		sub: 0,
		left: 0,
		wrap: false,
		times: 'local',
		columns: 'all',
		following: spot.line === undefined && spot.at === undefined,
		filter,
		query: '',
		busy: '',
		showsStrip: false,
		marks: [],
	}
}

/** The row at a place, if it is at hand. */
export function rowAt({ rows, from }: LogPlace, at: number): LogRow | undefined {
	return rows[at - from]
}

export function isEmpty({ span }: LogPlace): boolean {
	return span.begin !== undefined ? span.end <= span.begin : span.end <= span.low
}

/** As near to `at` as there are places. */
export function clamped({ span }: LogPlace, at: number): number {
	const low = span.begin ?? Number.NEGATIVE_INFINITY
	return Math.max(low, Math.min(at, span.end - 1))
}

/** There is nothing to act on yet. */
export function isComing({ phase, turning }: LogPlace): boolean {
	return phase === 'opening' || turning !== undefined
}

/** It is open, and its places mean what the filter says. */
export function isThere(place: LogPlace): boolean {
	return place.phase === 'open' && !isComing(place)
}

export function logPlaceOf(state: State): LogPlace | undefined {
	const place = placeOf(state)
	return place.kind === 'log' ? place : undefined
}

/** The open log with this id, wherever it lies, changed by `change`. */
export function withLog(state: State, id: number, change: (place: LogPlace) => LogPlace): State {
	const here = placeOf(state)
	if (here.kind === 'log' && here.id === id) {
		const next = change(here)
		return next === here ? state : withPlace(state, next)
	}
	for (const [tab, stack] of Object.entries(state.places) as [
		keyof State['places'],
		State['places']['logs'],
	][]) {
		const index = stack.findIndex(place => place.kind === 'log' && place.id === id)
		const place = stack[index]
		if (place?.kind !== 'log') continue
		const next = stack.map((other, at) => (at === index ? change(place) : other))
		return { ...state, places: { ...state.places, [tab]: next } }
	}
	return state
}

/** Ids of all logs that are open somewhere. */
export function openLogs({ places }: State): Set<number> {
	const ids = new Set<number>()
	for (const stack of Object.values(places)) {
		for (const place of stack) if (place.kind === 'log') ids.add(place.id)
	}
	return ids
}

export function wishOf({ id }: LogPlace, wish: LogWish): { kind: 'log'; id: number; wish: LogWish } {
	return { kind: 'log', id, wish }
}
