/** The lists that have to be followed for what is on the screen; none where nothing of the cluster is shown. */
import type { Listed } from '../../model/live.js'
import { type Place, placeOf, type State } from '../state.js'

const nothing: readonly Listed[] = []

export function wantedLists(state: Pick<State, 'mode' | 'tab' | 'places'>): readonly Listed[] {
	if (state.mode !== 'live' || state.tab !== 'pods') return nothing
	return listsFor(placeOf(state as State))
}

/** Beside its own list, what a page shows of others. */
function listsFor(place: Place): readonly Listed[] {
	switch (place.kind) {
		case 'objects':
			return [...listsOf(place.of), 'pods']
		case 'object':
			return [...new Set<Listed>([...listsOf(place.ref.of), 'pods', 'events', 'replicasets'])]
		case 'acts':
			return ['pods', 'nodes', 'replicasets']
		case 'pod':
			return ['pods', 'replicasets', 'events']
		case 'text':
			return 'object' in place.document ? ['pods', 'events'] : nothing
		default:
			return ['pods']
	}
}

/** Services are read together with their endpoint slices. */
function listsOf(of: Listed): readonly Listed[] {
	return of === 'services' ? ['services', 'endpointslices'] : [of]
}
