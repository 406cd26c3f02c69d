/** What the last row says of a log: where one is in it, and what a search or filter finds. */
import { shorten } from '../columns.js'
import { counted } from '../format.js'
import { type Span, span } from '../line.js'
import type { Prompt } from '../state.js'
import { isEmpty, type LogPlace, rowAt } from './place.js'

export function logPosition(place: LogPlace): string {
	if (place.phase !== 'open' || isEmpty(place)) return ''
	const { span: known, filter, query, hits, left, at } = place
	const row = rowAt(place, at)
	const parts: string[] = []
	if (row) {
		// As long as the beginning is not known, lines are counted from the end.
		const number = known.firstLine === undefined ? undefined : row.number - known.firstLine + 1
		parts.push(
			number === undefined
				? `${known.endLine - row.number} from the end`
				: `${number}/${known.endLine - (known.firstLine ?? 0)}`,
		)
	}
	if (left > 0) parts.push(`column ${left + 1}`)
	if (filter.only !== '' || filter.quiet || filter.fold) {
		const shown = known.end - (known.begin ?? known.low)
		parts.push(`${shown}${known.begin === undefined ? '+' : ''} shown`)
	}
	if (query !== '') parts.push(`${hits ? hitWords(hits) : 'searching'} "${shorten(query, 16)}"`)
	return parts.join(', ')
}

function hitWords({ count, done }: NonNullable<LogPlace['hits']>): string {
	return `${done ? '' : '…'}${counted(count, 'hit')}`
}

export function logRemark(place: LogPlace, kind: Prompt['kind']): Span[] {
	const { hits, span: known } = place
	if (kind === 'log-search' && hits) {
		const how = hits.kind === 'pattern' ? 'pattern, ' : hits.kind === 'fuzzy' ? 'fuzzy, ' : ''
		return [span(`${how}${hitWords(hits)} `, hits.count > 0 || !hits.done ? 'faint' : 'warn')]
	}
	if (kind !== 'log-only' || place.filter.only === '') return []
	const shown = known.end - (known.begin ?? known.low)
	return [span(`${shown}${known.begin === undefined ? '+' : ''} lines `, shown > 0 ? 'faint' : 'warn')]
}
