/**
 * Changes of top-level keys in a YAML file of k3s. Only the text of what changes is written anew; every other byte
 * stays, so comments, order, quoting and blank lines cannot be lost. The result is parsed again and must say exactly
 * what was wanted, or the edit is refused.
 */
import { isMap, isScalar, type Pair, parseAllDocuments, type YAMLMap } from 'yaml'
import type { YamlEditStep } from '../model/remedy.js'
import { type Edited, refuse } from './edit-lines.js'
import { appended, eolOf, indentOf, type Splice, spliceOf } from './yaml-text.js'

type Changes = Omit<YamlEditStep, 'edit'>

/** A key as k3s and the kubelet have them; `+` at the end appends to what other files set. */
const keyGrammar = /^[A-Za-z0-9_.-]+\+?$/

export function editYaml(text: string, changes: Changes): Edited {
	const bad = badChange(changes)
	if (bad) return refuse(bad)
	const parsed = parsedMap(text)
	if (typeof parsed === 'string') return refuse(parsed)
	const { values, map } = parsed
	const wanted = applied(values, changes)
	const pairs = map?.items ?? []
	const splices: Splice[] = []
	for (const pair of pairs) {
		const key = keyOf(pair)
		if (!touches(changes, key)) continue
		const made = spliceOf(text, pair, key, wanted.has(key) ? { value: wanted.get(key) } : undefined)
		if (!made) return refuse(`the text of ${key} is written in a way that cannot be edited safely`)
		splices.push(...made)
	}
	const had = new Set(pairs.map(keyOf))
	const fresh = [...wanted].filter(([key]) => !had.has(key))
	const changed = spliced(text, splices)
	return proved(appended(changed, fresh, map ? indentOf(text, map) : '', eolOf(text)), wanted)
}

/** From the end, so that the places before stay true. */
function spliced(text: string, splices: readonly Splice[]): string {
	let result = text
	for (const { from, to, text: fresh } of [...splices].sort((a, b) => b.from - a.from))
		result = result.slice(0, from) + fresh + result.slice(to)
	return result
}

function badChange({ set = {}, remove = [], addTo = {}, dropFrom = {} }: Changes): string | undefined {
	for (const key of [...Object.keys(set), ...remove, ...Object.keys(addTo), ...Object.keys(dropFrom)])
		if (!keyGrammar.test(key)) return `"${key}" is no configuration key`
	const values = [...Object.values(set), ...Object.values(addTo), ...Object.values(dropFrom)].flat()
	const control = values.some(value => typeof value === 'string' && /[\u0000-\u001f\u007f]/.test(value))
	return control ? 'a value holds control characters' : undefined
}

interface Parsed {
	values: Map<string, unknown>
	/** Absent in an empty file. */
	map?: YAMLMap
}

/** What the file says and its map, or why it cannot be edited. */
function parsedMap(text: string): Parsed | string {
	const documents = parseAllDocuments(text, { logLevel: 'silent' })
	const [document] = documents
	if (!document) return { values: new Map() }
	if (documents.length > 1) return 'it holds several YAML documents'
	const [error] = document.errors
	if (error) return `it does not parse: ${error.message.split('\n', 1)[0]}`
	const { contents } = document
	if (contents === null || (isScalar(contents) && contents.value === null)) return { values: new Map() }
	if (!isMap(contents)) return 'it is not a list of keys with values'
	if (contents.flow) return 'it is written in braces'
	if (contents.items.some(({ key }) => !isScalar(key) || key.tag)) return 'a key of it is no plain word'
	try {
		return { values: new Map(Object.entries(document.toJS({ maxAliasCount: 100 }) ?? {})), map: contents }
	} catch (error) {
		// An alias without its anchor, or aliases that multiply without end.
		return `it does not parse: ${error instanceof Error ? error.message.split('\n', 1)[0] : error}`
	}
}

function keyOf(pair: Pair): string {
	return String(isScalar(pair.key) ? pair.key.value : pair.key)
}

function touches({ set = {}, remove = [], addTo = {}, dropFrom = {} }: Changes, key: string): boolean {
	return [set, addTo, dropFrom].some(change => Object.hasOwn(change, key)) || remove.includes(key)
}

/** What the file must say in the end. */
function applied(have: ReadonlyMap<string, unknown>, changes: Changes): Map<string, unknown> {
	const wanted = new Map(have)
	for (const key of changes.remove ?? []) wanted.delete(key)
	for (const [key, value] of Object.entries(changes.set ?? {})) wanted.set(key, value)
	for (const [key, items] of Object.entries(changes.addTo ?? {})) {
		const had = listOf(wanted.get(key))
		const missing = items.filter(item => !had.some(other => String(other) === item))
		if (missing.length > 0) wanted.set(key, [...had, ...missing])
	}
	for (const [key, items] of Object.entries(changes.dropFrom ?? {})) {
		const had = wanted.get(key)
		const left = listOf(had).filter(item => !items.includes(String(item)))
		if (left.length === 0) wanted.delete(key)
		else if (Array.isArray(had)) wanted.set(key, left)
	}
	return wanted
}

function listOf(value: unknown): unknown[] {
	if (value === undefined || value === null) return []
	return Array.isArray(value) ? value : [value]
}

function proved(text: string, wanted: ReadonlyMap<string, unknown>): Edited {
	const again = parsedMap(text)
	if (typeof again === 'string') return refuse(`the change would break the file: ${again}`)
	const got = again.values
	const alike = (key: string, value: unknown) => JSON.stringify(got.get(key)) === JSON.stringify(value)
	const same = got.size === wanted.size && [...wanted].every(([key, value]) => alike(key, value))
	return same ? { ok: true, text } : refuse('the change cannot be made without touching other keys')
}
