/**
 * Defensive reads of parsed JSON: any field may be missing, of another type, or a number written as a string.
 * Nothing here throws.
 */

export type Fields = Readonly<Record<string, unknown>>

const none: Fields = Object.freeze(Object.create(null))

/** `value` as an object; an empty one when it is anything else. */
export function fields(value: unknown): Fields {
	return isObject(value) ? value : none
}

export function isObject(value: unknown): value is Fields {
	return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** The object along a path of own keys; an empty one where a step is missing. */
export function inside(value: unknown, ...path: string[]): Fields {
	let here = fields(value)
	for (const key of path) here = fields(own(here, key))
	return here
}

/** An own property, so that `constructor` or `__proto__` in a hostile file is nothing special. */
export function own(from: Fields, key: string): unknown {
	return Object.hasOwn(from, key) ? from[key] : undefined
}

export function list(value: unknown): readonly unknown[] {
	return Array.isArray(value) ? value : []
}

/** A string; numbers and booleans as written, everything else as ''. */
export function text(value: unknown): string {
	if (typeof value === 'string') return value
	return typeof value === 'number' || typeof value === 'boolean' ? String(value) : ''
}

export function texts(value: unknown): string[] {
	return list(value).map(text).filter(Boolean)
}

/** A finite number, also from a decimal string. */
export function number(value: unknown): number | undefined {
	if (typeof value === 'string' && !/^-?\d{1,20}(\.\d{1,20})?$/.test(value)) return undefined
	if (typeof value !== 'string' && typeof value !== 'number') return undefined
	const made = Number(value)
	return Number.isFinite(made) ? made : undefined
}

/** Epoch milliseconds of an ISO time. */
export function time(value: unknown): number | undefined {
	if (typeof value !== 'string' || value.length > 40) return undefined
	const at = Date.parse(value)
	return Number.isNaN(at) ? undefined : at
}

/** A map of strings without a prototype; values of other types are left out. */
export function map(value: unknown): Record<string, string> {
	const made: Record<string, string> = Object.create(null)
	for (const [key, entry] of Object.entries(fields(value))) {
		if (typeof entry === 'string' || typeof entry === 'number' || typeof entry === 'boolean')
			made[key] = String(entry)
	}
	return made
}

/** Parsed JSON, or `undefined`. */
export function json(content: string | undefined): unknown {
	if (!content) return undefined
	try {
		return JSON.parse(content)
	} catch {
		return undefined
	}
}

/** `{key: value}` when there is a value: for optional fields, which must be absent and never `undefined`. */
export function optional<K extends string, V>(key: K, value: V | undefined): { [P in K]?: V } {
	if (value === undefined) return {}
	const made: { [P in K]?: V } = {}
	made[key] = value
	return made
}
