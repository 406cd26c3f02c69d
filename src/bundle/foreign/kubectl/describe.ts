/** `kubectl describe`: headings with a colon, and below each, deeper, what belongs to it. */
import type { Placed } from '../draft.js'

export interface Section {
	key: string
	value: string
	from: Placed
	/** Deeper lines below it, up to the next heading of the same depth. */
	inner: Placed[]
}

const indentOf = (text: string) => text.length - text.trimStart().length

/** The headings of the depth on which the first line stands. */
export function sections(lines: readonly Placed[]): Section[] {
	const found: Section[] = []
	let depth: number | undefined
	for (const line of lines) {
		if (line.text.trim() === '') continue
		const indent = indentOf(line.text)
		depth ??= indent
		const parts = indent === depth ? /^\s*([^:\s][^:]{0,200}):(?:\s+(.*))?$/.exec(line.text) : null
		if (parts) found.push({ key: parts[1] ?? '', value: (parts[2] ?? '').trim(), from: line, inner: [] })
		else found.at(-1)?.inner.push(line)
	}
	return found
}

export function byKey(lines: readonly Placed[]): ReadonlyMap<string, Section> {
	const map = new Map<string, Section>()
	for (const section of sections(lines)) if (!map.has(section.key)) map.set(section.key, section)
	return map
}

/** The descriptions in a text: each begins with its name at the left edge. */
export function described(lines: readonly Placed[]): Placed[][] {
	const blocks: Placed[][] = []
	for (const line of lines) {
		if (/^Name: {2,}\S/.test(line.text)) blocks.push([])
		blocks.at(-1)?.push(line)
	}
	return blocks
}

/** A value that goes on in the lines below it: `a=b` pairs of labels, the elements of a list. */
export function valuesOf(section: Section | undefined): string[] {
	if (!section) return []
	const all = [section.value, ...section.inner.map(({ text }) => text.trim())]
	return all.filter(text => text !== '' && !/^<(?:none|unset|nil)>$/.test(text))
}

export function pairsOf(section: Section | undefined, separator: string): Record<string, string> {
	const pairs = valuesOf(section).flatMap(text => {
		const at = text.indexOf(separator)
		return at > 0 ? [[text.slice(0, at), text.slice(at + separator.length).trim()]] : []
	})
	return Object.fromEntries(pairs)
}

/** `Sat, 21 Nov 2026 05:54:38 +0000` -> ISO. */
export function isoOf(text: string | undefined): string | undefined {
	const at = Date.parse(text ?? '')
	return Number.isNaN(at) ? undefined : `${new Date(at).toISOString().slice(0, 19)}Z`
}

/** Rows of a table below a heading, cells parted by two blanks or more; the first two rows are its head. */
export function tableBelow(section: Section | undefined): string[][] {
	const rows = (section?.inner ?? []).map(({ text }) => text.trim().split(/ {2,}|\t+/))
	return rows.slice(1).filter(([first]) => first !== undefined && !/^-+$/.test(first))
}
