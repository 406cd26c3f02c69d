/** The describe and YAML views of an object, as documents. */
import type { Document } from '../document/document.js'
import type { State } from '../state.js'
import { describeLines } from './describe.js'
import { kindWord } from './kinds.js'
import { type ObjectRef, refKey } from './object.js'
import { rawOf } from './raw.js'
import { eventsOf } from './related.js'
import { sightOf } from './sight.js'
import { yamlLines } from './yaml.js'

interface Made {
	key: string
	events: unknown
	document: Document
}

const made = new WeakMap<object, Made>()

export function objectDocument(state: State, ref: ObjectRef, as: 'yaml' | 'describe'): Document {
	const { object, why, from } = rawOf(state, ref)
	const title = `${kindWord(ref.of)} ${ref.name}`
	if (typeof object !== 'object' || object === null)
		return { title, facts: [title], lines: [why ?? ''], ownLines: 0 }
	const sight = sightOf(state)
	const key = `${refKey(ref)} ${as} ${from}`
	const known = made.get(object)
	if (known && known.key === key && known.events === sight?.cluster.events) return known.document
	const about = { kind: kindWord(ref.of), namespace: ref.namespace, name: ref.name }
	const lines =
		as === 'yaml'
			? yamlLines(object)
			: describeLines(object, sight ? eventsOf(sight, about) : [], sight?.now ?? 0)
	const facts = [`${title}, ${from}`, 'secrets masked']
	const document = { title, facts, lines, ownLines: lines.length }
	made.set(object, { key, events: sight?.cluster.events, document })
	return document
}
