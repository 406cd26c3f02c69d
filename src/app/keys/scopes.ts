/** Which keys are valid in a place: the more special ones come before the general. */
import type { Place } from '../state.js'
import type { Scope } from './table.js'

const cluster: ReadonlySet<Place['kind']> = new Set(['pods', 'pod', 'kinds', 'objects', 'object', 'find'])

export function scopesAt({ kind }: Pick<Place, 'kind'>): readonly Exclude<Scope, 'prompt'>[] {
	if (kind === 'text' || kind === 'log') return [kind, 'everywhere']
	return cluster.has(kind) ? ['cluster', 'list', 'everywhere'] : ['list', 'everywhere']
}
