/** Where the text of a YAML key begins and ends, and the text that takes its place. */
import {
	isAlias,
	isCollection,
	isMap,
	isScalar,
	isSeq,
	type Node,
	type Pair,
	Scalar,
	stringify,
	type YAMLMap,
	YAMLSeq,
} from 'yaml'

/** Replace the text from offset `from` up to `to`. */
export interface Splice {
	from: number
	to: number
	text: string
}

/** Quoted so that YAML 1.1 reads it the same: k3s's reader takes `yes` and `0644` for something else than text. */
const rendering = { lineWidth: 0, flowCollectionPadding: false, version: '1.1' } as const

export function eolOf(text: string): string {
	return text.includes('\r\n') ? '\r\n' : '\n'
}

/** Blanks before the keys of a map. */
export function indentOf(text: string, map: YAMLMap): string {
	const [first] = map.items
	return (first && indentBefore(text, first)) ?? ''
}

/** What makes the pair say `fresh`, or go away; `undefined` where its place in the text is not certain. */
export function spliceOf(
	text: string,
	pair: Pair,
	key: string,
	fresh: { value: unknown } | undefined,
): Splice[] | undefined {
	const indent = indentBefore(text, pair)
	const keyRange = isScalar(pair.key) ? pair.key.range : undefined
	if (indent === undefined || !keyRange) return undefined
	const colon = text.indexOf(':', keyRange[1])
	// A value that is not written has its place behind the comment, where the parser noticed that it is missing.
	const written = !(isScalar(pair.value) && pair.value.source === '')
	const old = written && (isScalar(pair.value) || isCollection(pair.value)) ? pair.value : undefined
	if (colon < 0 || isAlias(pair.value)) return undefined
	const end = Math.max(colon + 1, old ? endOf(text, old) : 0)
	if (!fresh) return [{ from: keyRange[0] - indent.length, to: nextLine(text, end), text: '' }]

	const { value } = fresh
	if (isScalar(old) && !Array.isArray(value) && !old.type?.startsWith('BLOCK')) {
		const [from] = old.range ?? [colon]
		return [{ from, to: end, text: scalarText(value, old.type) }]
	}
	if (isSeq(old) && Array.isArray(value)) {
		if (old.flow) return [{ from: (old.range ?? [colon])[0], to: end, text: flowText(old, value) }]
		const made = itemSplices(text, old, value)
		if (made) return made
	}
	const whole = indented(stringify({ [key]: value }, rendering), indent, eolOf(text)).trimEnd()
	const rest = whole.slice(whole.indexOf(':', key.length + indent.length) + 1)
	// A comment behind a list's last item, or behind a block of text, would not fit what comes there now.
	if (isCollection(old)) return [{ from: colon + 1, to: lineEnd(text, end), text: rest }]
	if (!/^\r?\n/.test(rest)) return [{ from: colon + 1, to: end, text: rest }]
	// A list begins below the line, and a comment behind the old value stays on it.
	const below = lineEnd(text, end)
	return [
		{ from: colon + 1, to: end, text: '' },
		{ from: below, to: below, text: rest },
	]
}

/** Keys that are new, at the end. */
export function appended(
	text: string,
	fresh: readonly (readonly [string, unknown])[],
	indent: string,
	eol: string,
): string {
	if (fresh.length === 0) return text
	const ended = text === '' || text.endsWith('\n') ? text : text + eol
	return (
		ended +
		fresh.map(([key, value]) => indented(stringify({ [key]: value }, rendering), indent, eol)).join('')
	)
}

function indentBefore(text: string, { key }: Pair): string | undefined {
	const start = isScalar(key) ? key.range?.[0] : undefined
	if (start === undefined) return undefined
	// A byte order mark may stand before the first key.
	const before = text.slice(text.lastIndexOf('\n', start - 1) + 1, start).replace('\ufeff', '')
	return /^ *$/.test(before) ? before : undefined
}

/** Offset behind the last character of a node, without the comments and line breaks that follow it. */
function endOf(text: string, node: Node): number {
	const end = node.range?.[1] ?? 0
	if (isCollection(node) && !node.flow) {
		const last: unknown = node.items.at(-1)
		const inner = isMap(node) ? lastOf(last) : last
		return isScalar(inner) || isCollection(inner) ? endOf(text, inner) : end
	}
	// The range of a block of text ends behind its line break.
	return isScalar(node) && node.type?.startsWith('BLOCK') ? text.slice(0, end).trimEnd().length : end
}

function lastOf(pair: unknown): unknown {
	if (typeof pair !== 'object' || pair === null || !('key' in pair)) return undefined
	return 'value' in pair && pair.value !== null ? pair.value : pair.key
}

/** Items that go and items that come at the end of a block list; `undefined` where that does not give `wanted`. */
function itemSplices(text: string, list: YAMLSeq, wanted: readonly unknown[]): Splice[] | undefined {
	const splices: Splice[] = []
	let kept = 0
	let prefix: string | undefined
	for (const item of list.items) {
		const [start, end] = (isScalar(item) && item.range) || []
		if (start === undefined || end === undefined || !isScalar(item)) return undefined
		const lineStart = text.lastIndexOf('\n', start - 1) + 1
		const before = text.slice(lineStart, start)
		if (!/^ *- +$/.test(before)) return undefined
		prefix ??= before
		if (kept < wanted.length && Object.is(item.value, wanted[kept])) kept += 1
		else splices.push({ from: lineStart, to: nextLine(text, end), text: '' })
	}
	const last = list.items.at(-1)
	if (kept === 0 || prefix === undefined || !isScalar(last)) return undefined
	const at = nextLine(text, endOf(text, last))
	const eol = eolOf(text)
	const fresh = wanted.slice(kept).map(value => `${prefix}${scalarText(value)}${eol}`)
	if (fresh.length > 0)
		splices.push({ from: at, to: at, text: (text[at - 1] === '\n' ? '' : eol) + fresh.join('') })
	return splices
}

function flowText(old: YAMLSeq, wanted: readonly unknown[]): string {
	const list = new YAMLSeq()
	list.flow = true
	const left = [...old.items]
	for (const value of wanted) {
		const at = left.findIndex(item => isScalar(item) && item.value === value)
		list.items.push(at >= 0 ? left.splice(at, 1)[0] : new Scalar(value))
	}
	return stringify(list, rendering).trimEnd()
}

function scalarText(value: unknown, like?: string | null): string {
	const node = new Scalar(value)
	if (typeof value === 'string' && (like === 'QUOTE_SINGLE' || like === 'QUOTE_DOUBLE')) node.type = like
	return stringify(node, rendering).trimEnd()
}

function lineEnd(text: string, from: number): number {
	const at = text.indexOf('\n', from)
	return at < 0 ? text.length : text[at - 1] === '\r' ? at - 1 : at
}

function nextLine(text: string, from: number): number {
	const at = text.indexOf('\n', from)
	return at < 0 ? text.length : at + 1
}

function indented(lines: string, indent: string, eol: string): string {
	return lines.replace(/^(?=.)/gm, indent).replaceAll('\n', eol)
}
