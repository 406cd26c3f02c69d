/** Which of the objects are shown: of one namespace, of this node, only what is at fault. */
import type { State } from '../state.js'
import type { PodRow } from './pods.js'
import type { Sight } from './sight.js'

export interface Scope {
	/** Absent: all. */
	namespace?: string
	ownNode: boolean
	faults: boolean
}

export const wholeScope: Scope = { ownNode: false, faults: false }

/** A short key for what is remembered by scope. */
export function scopeKey({ namespace = '', ownNode, faults }: Scope): string {
	return `${namespace}|${ownNode ? 'own' : ''}|${faults ? 'faults' : ''}`
}

export function inScope(row: PodRow, { namespace, ownNode, faults }: Scope, node: string): boolean {
	if (namespace !== undefined && row.namespace !== namespace) return false
	if (ownNode && row.node !== node) return false
	return !faults || row.health === 'fault'
}

/** `all namespaces, this node, only faults`. */
export function scopeWords({ namespace, ownNode, faults }: Scope, ofPods = true): string {
	return [
		namespace === undefined ? 'all namespaces' : `namespace ${namespace}`,
		ofPods && (ownNode ? 'this node' : 'all nodes'),
		faults ? 'only faults' : '',
	]
		.filter(Boolean)
		.join(', ')
}

/** Namespaces that hold something, sorted. */
export function namespacesOf(sight: Sight, pods: readonly PodRow[]): string[] {
	const names = new Set(pods.map(({ namespace }) => namespace))
	for (const { name } of sight.cluster.namespaces ?? []) names.add(name)
	return [...names].filter(Boolean).sort()
}

export function withScope(state: State, change: Partial<Scope>): State {
	return { ...state, scope: { ...state.scope, ...change } }
}
