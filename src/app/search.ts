/**
 * What is looked for: literal text where it is found literally, else a regular expression, if it is one.
 * `!` in front inverts, `~` asks for fuzzy. Small letters match large ones too; a large letter matches only itself.
 */

export interface Matcher {
	/** How the words were understood, for the operator to see. */
	kind: 'all' | 'text' | 'pattern' | 'fuzzy'
	inverse: boolean
	test(text: string): boolean
	/** Where it matches, for highlighting: pairs of start and end. */
	hits(text: string): [number, number][]
}

/** Longer lines are searched in their first part only: a pattern may take quadratic time on them. */
const patternReach = 4_000
const mostHits = 50

const everything: Matcher = { kind: 'all', inverse: false, test: () => true, hits: () => [] }

export function matcherOf(query: string, among: Iterable<string> = []): Matcher {
	if (query === '' || query === '!' || query === '~') return everything
	if (query.startsWith('~')) return fuzzy(query.slice(1))
	const inverse = query.startsWith('!')
	const words = inverse ? query.slice(1) : query
	const literal = text(words)
	const pattern = patternOf(words)
	let chosen = literal
	if (pattern && !some(among, literal)) chosen = pattern
	return inverse ? { ...chosen, inverse, test: line => !chosen.test(line), hits: () => [] } : chosen
}

function some(among: Iterable<string>, matcher: Matcher): boolean {
	for (const item of among) if (matcher.test(item)) return true
	return false
}

const isSmall = (words: string) => words === words.toLowerCase()

function text(words: string): Matcher {
	const small = isSmall(words)
	const fold = (line: string) => (small ? line.toLowerCase() : line)
	return {
		kind: 'text',
		inverse: false,
		test: line => fold(line).includes(words),
		hits: line => {
			const folded = fold(line)
			// Lowercasing may change the length (İ): then places would be wrong, and nothing is highlighted.
			if (folded.length !== line.length) return []
			const found: [number, number][] = []
			for (let at = folded.indexOf(words); at >= 0 && found.length < mostHits; ) {
				found.push([at, at + words.length])
				at = folded.indexOf(words, at + words.length)
			}
			return found
		},
	}
}

function patternOf(words: string): Matcher | undefined {
	if (!/[\\^$.*+?()[\]{}|]/.test(words)) return undefined
	let pattern: RegExp
	try {
		pattern = new RegExp(words, 'g')
	} catch {
		return undefined
	}
	// Folded here instead of by the flag `i`, for the sake of the engine that never backtracks.
	const fold = (line: string) => {
		const near = line.slice(0, patternReach)
		return isSmall(words) ? near.toLowerCase() : near
	}
	return {
		kind: 'pattern',
		inverse: false,
		test: line => {
			pattern.lastIndex = 0
			return pattern.test(fold(line))
		},
		hits: line => {
			const folded = fold(line)
			if (folded.length !== Math.min(line.length, patternReach)) return []
			const found: [number, number][] = []
			for (const match of folded.matchAll(pattern)) {
				if (found.length >= mostHits) break
				if (match[0] !== '') found.push([match.index, match.index + match[0].length])
			}
			return found
		},
	}
}

/** All characters in this order, with anything between: cheap enough for long lists. */
function fuzzy(words: string): Matcher {
	const wanted = [...words.toLowerCase()].filter(char => char !== ' ')
	return {
		kind: 'fuzzy',
		inverse: false,
		test: line => {
			const folded = line.toLowerCase()
			let at = -1
			for (const char of wanted) {
				at = folded.indexOf(char, at + 1)
				if (at < 0) return false
			}
			return true
		},
		hits: () => [],
	}
}
