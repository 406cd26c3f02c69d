/** Changes of single lines in a text file. What is not named stays, byte for byte. */
import type { LineChange } from '../model/remedy.js'

/** An edit's new text, or why it cannot be made. Pure; the old text may be anything. */
export type Edited = { ok: true; text: string } | { ok: false; why: string }

export const refuse = (why: string): Edited => ({ ok: false, why })

/** Control characters in a new line would change what the line is, or what a terminal shows of it. */
const unprintable = /[\u0000-\u0008\u000a-\u001f\u007f]/

export function editLines(text: string, changes: readonly LineChange[]): Edited {
	const eol = text.includes('\r\n') ? '\r\n' : '\n'
	const lines = text.split('\n')
	// What `split` leaves behind the last line break is no line.
	const ended = lines.at(-1) === ''
	if (ended) lines.pop()
	const replaced = new Map<number, readonly string[]>()
	const appended: string[] = []
	for (const { line, at, becomes } of changes) {
		const bad = [line ?? '', ...becomes].find(each => unprintable.test(each))
		if (bad !== undefined) return refuse('a line holds control characters')
		if (line === undefined) {
			appended.push(...becomes)
			continue
		}
		const found = lineNumber(lines, line, at)
		if (typeof found === 'string') return refuse(found)
		if (replaced.has(found)) return refuse(`line ${found + 1} is changed twice`)
		replaced.set(found, becomes)
	}
	const kept = lines.flatMap((old, index) => {
		const carriage = old.endsWith('\r') ? '\r' : ''
		return replaced.get(index)?.map(line => line + carriage) ?? [old]
	})
	const all = [...kept, ...appended.map(line => (eol === '\r\n' ? `${line}\r` : line))]
	return { ok: true, text: all.join('\n') + (all.length > 0 && (ended || appended.length > 0) ? '\n' : '') }
}

/** Index of the line, or why it is not certain which one is meant. */
function lineNumber(lines: readonly string[], line: string, at: number | undefined): number | string {
	const same = (index: number) => lines[index]?.replace(/\r$/, '') === line
	if (at !== undefined && same(at - 1)) return at - 1
	const places: number[] = []
	for (let index = 0; index < lines.length && places.length < 2; index += 1)
		if (same(index)) places.push(index)
	const [only] = places
	if (only === undefined) return `the line "${line}" is no longer there`
	return places.length === 1 ? only : `the line "${line}" stands there more than once`
}
