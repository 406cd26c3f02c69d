/** Fields that are typed into in a log: search, filter, times, where to save. */
import { only, type Step, say } from '../message.js'
import type { Prompt, State } from '../state.js'
import { withPlace } from '../state.js'
import { refiltered } from './filtering.js'
import { logPlaceOf, rowAt, wishOf } from './place.js'
import { typedTime } from './time.js'
import type { LogFilter } from './wishes.js'

export type LogPromptKind = 'log-search' | 'log-only' | 'log-time' | 'log-save'

export function isLogPrompt(kind: Prompt['kind']): kind is LogPromptKind {
	return kind.startsWith('log-')
}

/** A search and a filter take effect while they are typed. */
export function typing(state: State, kind: Prompt['kind'], text: string): Step {
	const place = logPlaceOf(state)
	if (place?.phase !== 'open') return only(state)
	if (kind === 'log-search' && place.query !== text) {
		const { hits: _, ...rest } = place
		const from = place.turning ? {} : { from: place.at }
		return [
			withPlace(state, { ...rest, query: text, ...(text !== '' && { following: false }) }),
			[wishOf(place, { do: 'search', era: place.span.era, query: text, ...from })],
		]
	}
	if (kind === 'log-only' && place.filter.only !== text)
		return refiltered(state, place, { ...place.filter, only: text })
	return only(state)
}

export function accepted(state: State, kind: LogPromptKind, text: string): Step {
	const place = logPlaceOf(state)
	if (!place) return only(state)
	switch (kind) {
		case 'log-save':
			return text === '' ? only(state) : [state, [wishOf(place, { do: 'save', path: text })]]
		case 'log-time':
			return text === '' ? only(state) : toTime(state, text)
		default:
			return only(state)
	}
}

/** `04:12` jumps; `since 15m`, `until 04:20` cut; `all` shows all again. */
export function toTime(state: State, text: string): Step {
	const place = logPlaceOf(state)
	if (place?.phase !== 'open') return only(state)
	const [, word = '', rest = ''] = /^(?:(since|from|until|to|all)\b)?\s*(.*)$/i.exec(text.trim()) ?? []
	const newest = place.span.lastAt ?? rowAt(place, place.at)?.at ?? 0
	const near = rowAt(place, place.at)?.at ?? newest
	const said = word.toLowerCase()
	const { since, until, ...others } = place.filter
	if (said === 'all') return refiltered(state, place, others)
	const line = /^(?:line )?(\d{1,10})$/i.exec(rest)
	if (said === '' && line) {
		return [
			withPlace(state, { ...place, following: false }),
			[
				wishOf(place, {
					do: 'find',
					era: place.span.era,
					what: 'line',
					from: place.at,
					step: 1,
					at: Number(line[1]),
				}),
			],
		]
	}
	const at = typedTime(rest, { near, newest, style: place.times })
	if (at === undefined)
		return say(
			state,
			`"${text}" is no time. 04:12, 2026-11-21 04:12, 15m, since 1h, until 04:20, all.`,
			'warn',
		)
	if (said === '') {
		return [
			withPlace(state, { ...place, following: false }),
			[wishOf(place, { do: 'find', era: place.span.era, what: 'time', from: place.at, step: 1, at })],
		]
	}
	const from = said === 'since' || said === 'from'
	const filter: LogFilter = {
		...others,
		...(from ? { since: at } : since !== undefined && { since }),
		...(from ? until !== undefined && { until } : { until: at }),
	}
	return refiltered(state, place, filter)
}
