/** An object in its raw form: of a live API as it was looked up, else from the bundle's list. Secrets are masked in both. */
import type { Bundle } from '../../model/bundle.js'
import type { Listed } from '../../model/live.js'
import { remembering } from '../memo.js'
import type { State } from '../state.js'
import { type ObjectRef, refKey } from './object.js'

type Fields = Readonly<Record<string, unknown>>

const isObject = (value: unknown): value is Fields =>
	typeof value === 'object' && value !== null && !Array.isArray(value)

/** One list at a time: whoever reads one object of it reads the next one too. */
const itemsOf = remembering((bundle: Bundle, of: Listed): readonly Fields[] => {
	try {
		const told: unknown = JSON.parse(bundle.files.get(`api/${of}.json`) ?? '')
		return isObject(told) && Array.isArray(told.items) ? told.items.filter(isObject) : []
	} catch {
		return []
	}
})

export interface Raw {
	object?: unknown
	/** Why there is none, or that it is on its way. */
	why?: string
	/** Where it comes from. */
	from: string
}

export function rawOf(state: State, ref: ObjectRef): Raw {
	const { looked, subject, mode } = state
	if (looked && refKey(looked.ref) === refKey(ref)) {
		if (looked.object !== undefined) return { object: looked.object, from: 'asked just now' }
		if (looked.why === undefined) return { why: 'The API is being asked…', from: '' }
	}
	const found = subject && itemsOf(subject.bundle, ref.of).find(({ metadata }) => isNamed(metadata, ref))
	const asked = looked && refKey(looked.ref) === refKey(ref) ? looked.why : undefined
	const from =
		mode === 'live' ? `as the examination found it${asked ? `; the API: ${asked}` : ''}` : 'from the bundle'
	if (found) return { object: found, from }
	return { why: asked ?? 'The API did not tell of it, so there is nothing more to show.', from: '' }
}

function isNamed(metadata: unknown, { namespace, name }: ObjectRef): boolean {
	return (
		isObject(metadata) &&
		metadata.name === name &&
		(typeof metadata.namespace === 'string' ? metadata.namespace : '') === namespace
	)
}
