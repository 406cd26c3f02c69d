/**
 * Tabs where Go's YAML reader (libyaml's rules) takes none, though others do: anywhere among the blanks and dashes
 * that begin a line, even of an empty line or before a comment. Inside texts and brackets they are allowed.
 */

/** Offsets [from, to) within which tabs are free: quoted and block texts, `[…]` and `{…}`. */
export type Range = readonly [from: number, to: number]

/** Offset of the first tab that Go refuses. `ranges` are sorted and do not overlap. */
export function refusedTab(text: string, ranges: readonly Range[]): number | undefined {
	let range = 0
	for (let from = 0; from < text.length; ) {
		const newline = text.indexOf('\n', from)
		const end = newline < 0 ? text.length : newline
		while (range < ranges.length && (ranges[range]?.[1] ?? 0) <= from) range += 1
		// Its first line may still stand outside: `key: "text`.
		const inside = (ranges[range]?.[0] ?? text.length) < from
		const tab = inside ? undefined : tabAmongBlanks(text, from, end)
		if (tab !== undefined) return tab
		from = end + 1
	}
	return undefined
}

function tabAmongBlanks(text: string, from: number, end: number): number | undefined {
	for (let at = from; at < end; at += 1) {
		const character = text[at]
		if (character === '\t') return at
		const next = text[at + 1]
		const isDash = character === '-' && (next === ' ' || next === '\t')
		if (character !== ' ' && !isDash) return undefined
	}
	return undefined
}
