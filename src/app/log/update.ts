/** What news of a log do to the state, and what has to be asked for next. */
import type { Key } from '../keys/key.js'
import { layoutOf } from '../layout.js'
import type { Step } from '../message.js'
import { say } from '../message.js'
import { placeOf, type State, withPlace } from '../state.js'
import { jumpLog } from './geometry.js'
import { clamped, isComing, isThere, type LogPlace, logPlaceOf, wishOf, withLog } from './place.js'
import type { FindWhat, LogNews, LogSpan } from './wishes.js'

export function heard(state: State, id: number, news: LogNews): Step {
	const next = withLog(state, id, place => changedBy(state, place, news))
	if (news.is === 'found' && news.at === undefined && logPlaceOf(next)?.id === id)
		return say(next, noFurther(news.what, news.step))
	if (news.is === 'ended') return say(next, news.words, 'warn')
	return withEarly(next, id)
}

/** Keys that were pressed too early act now, if the operator is still there. */
function withEarly(state: State, id: number): Step {
	const place = logPlaceOf(state)
	if (place?.id !== id || place.early === undefined || isComing(place)) return [state, []]
	const { early, ...rest } = place
	return [withPlace(state, rest), [{ kind: 'keys', keys: early }]]
}

/** Of more nobody knows any longer what they were meant for. */
const mostEarly = 200

/**
 * A key that is meant for a log which is not there yet is kept until it is; with it those that follow, for they may be
 * words for the field that the first one opens. `undefined`: the key acts at once.
 */
export function keptForLater(state: State, key: Key, acts: boolean): State | undefined {
	const place = logPlaceOf(state)
	if (!place || !isComing(place)) return undefined
	const { early = [], ...rest } = place
	if (key === 'esc' || key.startsWith('ctrl-')) return early.length > 0 ? withPlace(state, rest) : undefined
	if (early.length === 0 && !acts) return undefined
	return early.length >= mostEarly ? state : withPlace(state, { ...place, early: [...early, key] })
}

function changedBy(state: State, place: LogPlace, news: LogNews): LogPlace {
	switch (news.is) {
		case 'opened': {
			const { title, live, span, at } = news
			const following = place.following && live
			const here = { ...place, title, live, span, at, following, phase: 'open' as const }
			return { ...here, top: clamped(here, at - (following ? 0 : state.size.rows >> 2)) }
		}
		case 'failed':
			return { ...place, phase: 'failed', why: news.why }
		case 'busy':
			return { ...place, busy: news.words }
		case 'strip':
			return { ...place, strip: news.strip }
		case 'starts':
			return { ...place, starts: news.starts }
		case 'hits':
			if (news.query !== place.query) return place
			return {
				...place,
				hits: {
					count: news.count,
					done: news.done,
					kind: news.kind === 'all' ? (place.hits?.kind ?? 'text') : news.kind,
				},
			}
		case 'ended':
			return { ...place, following: false }
		default:
			return news.span.era === place.span.era ? withNews(place, news, state) : place
	}
}

type Spanned = Extract<LogNews, { span: LogSpan }>

function withNews(place: LogPlace, news: Exclude<Spanned, { is: 'opened' }>, state: State): LogPlace {
	const { span } = news
	switch (news.is) {
		case 'span':
			return followed({ ...place, span })
		case 'rows': {
			return { ...place, span, rows: news.rows, from: news.from, readAt: span.endLine }
		}
		case 'filtered': {
			const { turning: _, asked: _asked, ...rest } = place
			const here = { ...rest, span, rows: [], from: 0, at: news.at }
			return followed({ ...here, top: clamped(here, news.at - (state.size.rows >> 1)), sub: 0 })
		}
		case 'found': {
			if (news.at === undefined || (news.nearest ?? place.at) !== place.at) return { ...place, span }
			const size = { width: state.size.columns, rows: Math.max(1, state.size.rows - 8) }
			return jumpLog({ ...place, span, following: news.what === 'last' && place.live }, size, news.at)
		}
	}
}

/** Who follows stands on the newest line. */
function followed(place: LogPlace): LogPlace {
	return place.following ? { ...place, at: Math.max(place.span.low, place.span.end - 1) } : place
}

function noFurther(what: FindWhat, step: 1 | -1): string {
	const where = step === 1 ? 'below' : 'above'
	switch (what) {
		case 'hit':
			return `No further hit ${where}.`
		case 'error':
		case 'warning':
			return `No further ${what} ${where}.`
		case 'start':
			return `No further start of k3s ${where}.`
		default:
			return 'There is no such line.'
	}
}

/** Screenfuls beyond the screen that are kept at hand, so that most keys need no asking. More would make jumps slow. */
const margin = 2

/** Asks for the rows that the screen needs and does not have. */
export function askForRows(state: State): Step {
	const place = logPlaceOf(state)
	if (!place || !isThere(place)) return [state, []]
	const layout = layoutOf(state)
	if (layout.kind !== 'log') return [state, []]
	const { rows } = layout.view.size
	const { span, top, from } = place
	const first = Math.max(span.begin ?? Number.NEGATIVE_INFINITY, top - rows)
	const last = Math.min(span.end, top + 2 * rows)
	// The newest line may have grown, or stand for more lines, since it was read.
	const stale = place.readAt !== span.endLine && last >= from + place.rows.length
	if (!stale && first >= from && last <= from + place.rows.length) return [state, []]
	const wanted = {
		from: Math.max(span.begin ?? Number.NEGATIVE_INFINITY, top - margin * rows),
		to: Math.min(span.end, top + (1 + margin) * rows),
	}
	if (wanted.to <= wanted.from) return [state, []]
	// Asked once for each state of the log: what came then is all there is.
	const asked = `${span.era} ${wanted.from} ${wanted.to} ${span.endLine} ${Math.max(wanted.from, span.low)}`
	if (asked === place.asked) return [state, []]
	return [withPlace(state, { ...place, asked }), [wishOf(place, { do: 'rows', era: span.era, ...wanted })]]
}

/** Logs that this node has, once somebody wants to pick one. */
export function askForLogs(state: State): Step {
	const place = placeOf(state)
	if (place.kind === 'logs' && state.mode === 'live' && state.logSources === undefined) {
		return [{ ...state, logSources: [] }, [{ kind: 'log-sources' }]]
	}
	return [state, []]
}
