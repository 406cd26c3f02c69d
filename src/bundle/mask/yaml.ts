/**
 * YAML by its lines: what cannot be parsed is masked just as well, comments and line numbers stay, and so does
 * what makes the file valid or not.
 */
import type { Hide } from './hide.js'
import { isEndpointName, isHarmless, isSecretName, kindOfName } from './names.js'
import { maskEndpoint } from './urls.js'

/** Indentation, marks of lists and comments · quote · key · colon · value. */
const pair =
	/^([ \t]{0,200}(?:#[ \t]{0,100})?(?:-[ \t]{1,20}){0,5})(["']?)([\w.$/-]{1,120}\+?)\2([ \t]{0,20}:)(?:([ \t]{1,100})(.*))?$/

const indentOf = (line: string) => /^[ \t]{0,200}/.exec(line)?.[0].length ?? 0

interface Context {
	lines: string[]
	/** The file is k3s's own configuration: `t` is the token, and `$x` no variable. */
	own: boolean
	hide: Hide
}

/** Lines after `index` that belong to a value at `column`; a list may stand at the column of its key. */
function continuation(lines: readonly string[], index: number, column: number): number {
	let last = index
	for (let at = index + 1; at < lines.length; at += 1) {
		const line = lines[at] ?? ''
		if (line.trim() === '') continue
		const isItem = indentOf(line) === column && /^[ \t]*-(?:[ \t]|$)/.test(line)
		if (indentOf(line) <= column && !isItem) break
		last = at
	}
	return last
}

function isNone(value: string, own: boolean): boolean {
	const bare = value.replace(/^(["'])\1$/, '').replace(/ #.*$/, '')
	return isHarmless(bare) && !(own && bare.startsWith('$'))
}

/** What stands in the value: without its quotes, and without the comment behind it. */
function unquoted(value: string): { quote: string; inner: string } {
	const quote = /^["']/.exec(value)?.[0] ?? ''
	const close = quote === '' ? -1 : value.lastIndexOf(quote)
	if (close > 0) return { quote, inner: value.slice(1, close) }
	return {
		quote: '',
		inner: value
			.replace(/^["']/, '')
			.replace(/[ \t]#.*$/, '')
			.trimEnd(),
	}
}

/** Lists, and texts that begin on the line after their key. Maps name their own secrets. */
function maskBelow({ lines, own, hide }: Context, key: string, index: number, last: number): void {
	for (let at = index + 1; at <= last; at += 1) {
		const line = lines[at] ?? ''
		if (line.trim() === '' || /^\s*#/.test(line) || pair.test(line)) continue
		const mark = /^[ \t]{0,200}(?:-[ \t]{1,20}){0,5}/.exec(line)?.[0] ?? ''
		const value = line.slice(mark.length).trim()
		if (!isNone(value, own)) lines[at] = `${mark}${hide(unquoted(value).inner, kindOfName(key))}`
	}
}

function maskPair(context: Context, index: number, key: string): void {
	const { lines, own, hide } = context
	const parts = pair.exec(lines[index] ?? '')
	if (!parts) return
	const [, before = '', quote = '', , colon = '', blank = '', told = ''] = parts
	const head = `${before}${quote}${parts[3]}${quote}${colon}${blank}`
	const value = told.trimEnd()
	if (isEndpointName(key)) {
		lines[index] = `${head}${maskEndpoint(value, hide)}`
		return
	}
	if (!isSecretName(key) && !(own && key === 't')) return
	const last = continuation(lines, index, before.length)
	if (value === '' || value.startsWith('#')) {
		maskBelow(context, key, index, last)
		return
	}
	// `{…}` names its own; an anchor or an alias is resolved by the reader.
	if (value.startsWith('{') || isNone(value, own)) return
	const kind = kindOfName(key)
	if (value.startsWith('[')) {
		const end = value.lastIndexOf(']')
		const items = value.slice(1, end < 0 ? undefined : end).split(',')
		lines[index] = `${head}[${items.map(item => hide(unquoted(item.trim()).inner, kind)).join(', ')}]`
	} else {
		const below = /^[ \t]*#/.test(before) ? [] : lines.slice(index + 1, last + 1).map(line => line.trim())
		const block = /^[|>]/.test(value)
		const shown = unquoted(value)
		const secret = (block ? below : [shown.inner, ...below.map(line => line.replace(/["']$/, ''))]).join('\n')
		lines[index] = `${head}${shown.quote}${hide(secret.trim(), kind)}${shown.quote}`
	}
	if (!/^[ \t]*#/.test(before)) for (let at = index + 1; at <= last; at += 1) lines[at] = ''
}

/** Where a line's first key begins, behind the marks of lists. */
const columnOf = (line: string) => /^[ \t]{0,200}(?:-[ \t]{1,20}){0,5}/.exec(line)?.[0].length ?? 0

/** In an object of kind Secret every value is one, wherever in the document it stands. */
function maskSecretObjects({ lines, hide }: Context): void {
	for (let index = 0; index < lines.length; index += 1) {
		const line = lines[index] ?? ''
		if (!/^[ \t-]{0,200}["']?kind["']?:[ \t]{1,20}["']?Secret["']?[ \t\r]*$/.test(line)) continue
		const column = columnOf(line)
		const inside = (at: number) => {
			const other = lines[at] ?? ''
			return !/^(?:---|\.\.\.)/.test(other) && (other.trim() === '' || columnOf(other) >= column)
		}
		let from = index
		while (from > 0 && !beginsItem(lines[from] ?? '', column) && inside(from - 1)) from -= 1
		let to = index + 1
		while (to < lines.length && inside(to) && !beginsItem(lines[to] ?? '', column)) to += 1
		maskData(lines, from, to, column, hide)
	}
}

/** The line begins the next item of the list that the mapping at `column` is an item of. */
function beginsItem(line: string, column: number): boolean {
	return /^[ \t]*-[ \t]/.test(line) && columnOf(line) === column
}

function maskData(lines: string[], from: number, to: number, column: number, hide: Hide): void {
	for (let index = from; index < to; index += 1) {
		const line = lines[index] ?? ''
		if (columnOf(line) !== column || !/^[ \t-]*["']?(?:data|stringData)["']?:/.test(line)) continue
		if (/:[ \t]{1,20}\{/.test(line)) lines[index] = maskFlowValues(line, hide)
		for (let at = index + 1; at < to; at += 1) {
			const below = lines[at] ?? ''
			if (below.trim() === '') continue
			if (indentOf(below) <= column) break
			const parts = pair.exec(below)
			if (parts?.[6])
				lines[at] =
					`${below.slice(0, -parts[6].length)}${hide(unquoted(parts[6].trimEnd()).inner, 'secret object')}`
			else if (!parts) lines[at] = ''
		}
	}
}

const flowValue =
	/([{,][ \t]{0,20}["']?[\w.-]{1,253}["']?[ \t]{0,10}:[ \t]{0,10})("[^"]{1,4000}"|'[^']{1,4000}'|[^\s,{}"']{1,4000})/g

/** `data: {a: X}`. */
function maskFlowValues(line: string, hide: Hide): string {
	return line.replace(
		flowValue,
		(_, before: string, value: string) => `${before}${hide(unquoted(value).inner, 'secret object')}`,
	)
}

/** `- name: DB_PASSWORD`, and beside it `value: …`: an environment variable of a container. */
function maskVariable({ lines, hide }: Context, index: number): void {
	const [, before = '', , key, , , told = ''] = pair.exec(lines[index] ?? '') ?? []
	if (key !== 'name' || !isSecretName(unquoted(told.trim()).inner)) return
	for (const at of [index + 1, index - 1]) {
		const line = lines[at] ?? ''
		const beside = pair.exec(line)
		if (beside?.[3] !== 'value' || !beside[6] || columnOf(line) !== before.length) continue
		const { quote, inner } = unquoted(beside[6].trimEnd())
		if (!isHarmless(inner))
			lines[at] = `${line.slice(0, -beside[6].length)}${quote}${hide(inner, 'environment')}${quote}`
	}
}

const flowPair = /([{,][ \t]{0,20}["']?)([\w.-]{1,80})(["']?[ \t]{0,10}:[ \t]{1,10})([^\s"',{}[\]]{1,500})/g

/** `{username: bob, password: X}`: quoted values are found as in JSON. */
function maskFlow(line: string, hide: Hide): string {
	return line.replace(flowPair, (whole, before: string, key: string, colon: string, value: string) =>
		isSecretName(key) && !isHarmless(value)
			? `${before}${key}${colon}${hide(value, kindOfName(key))}`
			: whole,
	)
}

/** `own`: the file is k3s's own configuration. */
export function maskYaml(text: string, own: boolean, hide: Hide): string {
	const lines = text.split('\n')
	const context = { lines, own, hide }
	for (const [index, line] of lines.entries()) if (line.includes('{')) lines[index] = maskFlow(line, hide)
	if (text.includes('Secret')) maskSecretObjects(context)
	for (let index = 0; index < lines.length; index += 1) {
		const key = pair.exec(lines[index] ?? '')?.[3]?.replace(/\+$/, '')
		if (key !== undefined) maskPair(context, index, key)
		if (key === 'name') maskVariable(context, index)
	}
	return lines.join('\n')
}
