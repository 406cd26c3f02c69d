/**
 * YAML by its lines: what cannot be parsed is masked just as well, comments and line numbers stay, and so does
 * what makes the file valid or not.
 */
import { isEndpointName, isHarmless, isSecretName, redacted } from './names.js'
import { maskEndpoint } from './urls.js'

/** Indentation, marks of lists and comments · quote · key · colon · value. */
const pair =
	/^([ \t]{0,200}(?:#[ \t]{0,100})?(?:-[ \t]{1,20}){0,5})(["']?)([\w.$/-]{1,120}\+?)\2([ \t]{0,20}:)(?:([ \t]{1,100})(.*))?$/

const indentOf = (line: string) => /^[ \t]{0,200}/.exec(line)?.[0].length ?? 0

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

/** A value without quotes, or its first line; what comes after ` #` is a comment. */
function maskedValue(value: string): string {
	const quote = /^["']/.exec(value)?.[0] ?? ''
	const close = quote === '' ? -1 : value.lastIndexOf(quote)
	return close > 0 ? `${quote}${redacted}${quote}` : redacted
}

/** Lists, and texts that begin on the line after their key. Maps name their own secrets. */
function maskBelow(lines: string[], index: number, last: number): void {
	for (let at = index + 1; at <= last; at += 1) {
		const line = lines[at] ?? ''
		if (line.trim() === '' || /^\s*#/.test(line) || pair.test(line)) continue
		const mark = /^[ \t]{0,200}(?:-[ \t]{1,20}){0,5}/.exec(line)?.[0] ?? ''
		if (
			!isHarmless(
				line
					.slice(mark.length)
					.trim()
					.replace(/^(["'])\1$/, ''),
			)
		)
			lines[at] = `${mark}${redacted}`
	}
}

function maskPair(lines: string[], index: number, key: string, short: boolean): void {
	const parts = pair.exec(lines[index] ?? '')
	if (!parts) return
	const [, before = '', quote = '', , colon = '', blank = '', told = ''] = parts
	const head = `${before}${quote}${parts[3]}${quote}${colon}${blank}`
	const value = told.trimEnd()
	if (isEndpointName(key)) {
		lines[index] = `${head}${maskEndpoint(value)}`
		return
	}
	if (!isSecretName(key) && !(short && key === 't')) return
	const last = continuation(lines, index, before.length)
	if (value === '' || value.startsWith('#')) {
		maskBelow(lines, index, last)
		return
	}
	// `{…}` names its own; an anchor or an alias is resolved by the reader.
	if (value.startsWith('{') || isHarmless(value.replace(/^(["'])\1$/, '').replace(/ #.*$/, ''))) return
	lines[index] = head + (value.startsWith('[') ? `[${redacted}]` : maskedValue(value))
	if (!/^[ \t]*#/.test(before)) for (let at = index + 1; at <= last; at += 1) lines[at] = ''
}

/** In an object of kind Secret every value is one. */
function maskSecretObject(lines: string[], from: number, to: number): void {
	if (!lines.slice(from, to).some(line => /^["']?kind["']?:[ \t]{1,20}["']?Secret\b/.test(line))) return
	for (let index = from; index < to; index += 1) {
		if (!/^["']?(?:data|stringData)["']?:/.test(lines[index] ?? '')) continue
		for (let at = index + 1; at < to && (/^[ \t]/.test(lines[at] ?? '') || lines[at] === ''); at += 1) {
			const parts = pair.exec(lines[at] ?? '')
			if (parts?.[6]) lines[at] = `${(lines[at] ?? '').slice(0, -parts[6].length)}${redacted}`
			else if (!parts && (lines[at] ?? '').trim() !== '') lines[at] = ''
		}
	}
}

/** `short`: the file is k3s's own configuration, where `t` is the token. */
export function maskYaml(text: string, short: boolean): string {
	const lines = text.split('\n')
	let begin = 0
	for (let index = 0; index <= lines.length; index += 1) {
		if (index < lines.length && !/^---(?:\s|$)/.test(lines[index] ?? '')) continue
		maskSecretObject(lines, begin, index)
		begin = index + 1
	}
	for (let index = 0; index < lines.length; index += 1) {
		const key = pair.exec(lines[index] ?? '')?.[3]?.replace(/\+$/, '')
		if (key !== undefined) maskPair(lines, index, key, short)
	}
	return lines.join('\n')
}
