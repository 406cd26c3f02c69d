/** A layout that is not ours: how it is recognised, and how it is read. */
import type { NodeFacts } from '../../model/bundle.js'
import type { Notes } from '../open/notes.js'
import type { Draft } from './draft.js'

export interface Foreign {
	/** Texts by their clean name, seen from the collector's top directory. */
	files: ReadonlyMap<string, string>
	/** That directory's name; empty where there is none. */
	top: string
	/** Newest modification time in it, epoch milliseconds. */
	modifiedAt: number
	notes: Notes
}

export interface Translated {
	node: NodeFacts
	/** Epoch milliseconds. */
	takenAt: number
	draft: Draft
}

export interface Layout {
	/** Whose it is, as a sentence's subject: `Rancher's logs-collector`. */
	name: string
	/** Directories at the top that no other layout has. */
	marks: readonly string[]
	/** Whether a name, seen from the top directory, is one that `translate` looks at. */
	wants(name: string): boolean
	/** Whether the names below a top directory are of this layout. */
	fits(names: ReadonlySet<string>): boolean
	/** `undefined`: nothing in it is of use. */
	translate(foreign: Foreign): Translated | undefined
}
