/** Which rows of a list stay under a filter. */
import Fuse from 'fuse.js'
import { remembering } from './memo.js'
import { matcherOf } from './search.js'

export interface Searchable {
	/** Everything of the row that can be looked for. */
	readonly search: string
}

/** Beyond this, fuzzy search takes longer than a frame (100 ms for 10,000). */
export const fuzzyUpTo = 500

/**
 * Rows whose text matches; where none does and the list is short, those that nearly do, best first.
 * `~` in front asks for the latter at once.
 */
export const filtered = remembering(
	<R extends Searchable>(rows: readonly R[], query: string): readonly R[] => {
		if (query === '' || query === '!' || query === '~') return rows
		const short = rows.length <= fuzzyUpTo
		const near = query.startsWith('~') && short ? nearly(rows, query.slice(1)) : []
		if (near.length > 0) return near
		const matcher = matcherOf(query, texts(rows))
		const found = rows.filter(({ search }) => matcher.test(search))
		return found.length > 0 || !short || matcher.inverse ? found : nearly(rows, query)
	},
) as <R extends Searchable>(rows: readonly R[], query: string) => readonly R[]

function nearly<R extends Searchable>(rows: readonly R[], words: string): readonly R[] {
	const fuse = new Fuse(rows, { keys: ['search'], ignoreLocation: true, threshold: 0.35, shouldSort: true })
	return fuse.search(words.slice(0, 64)).map(({ item }) => item)
}

function* texts(rows: readonly Searchable[]): Iterable<string> {
	for (const { search } of rows) yield search
}
