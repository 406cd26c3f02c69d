/** An object of the cluster, by its list and its name; and its text once it was asked for. */
import type { Listed } from '../../model/live.js'

export interface ObjectRef {
	of: Listed
	/** Empty for what has no namespace. */
	namespace: string
	name: string
}

/** The newest object that was asked of a live API, secrets masked. Neither object nor reason: it is on its way. */
export interface LookedUp {
	ref: ObjectRef
	object?: unknown
	why?: string
}

export function refKey({ of, namespace, name }: ObjectRef): string {
	return `${of} ${namespace}/${name}`
}
