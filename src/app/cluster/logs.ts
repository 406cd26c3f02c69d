/** Which log belongs to a pod or a container: of all its containers by time, of one, of the instance before. */
import type { ContainerLog, LogRef } from '../../model/log-ref.js'
import { bundleFileOf } from '../log/names.js'
import type { State } from '../state.js'
import type { Target } from '../target.js'
import { type PodRow, podRows } from './pods.js'
import { sightOf } from './sight.js'

export interface PodLogs {
	ref: LogRef
	row: PodRow
	/** The log lies on another node. */
	elsewhere: boolean
}

/** `undefined`: the target is no pod, or the bundle has no log of it. */
export function logsOf(state: State, target: Target | undefined, instance?: 'previous'): PodLogs | undefined {
	const id = target?.kind === 'pod' ? target.uid : target?.kind === 'container' ? target.pod : undefined
	const sight = id === undefined ? undefined : sightOf(state)
	const row = sight && podRows(sight, '').find(pod => pod.id === id)
	if (!row || !sight) return undefined
	const one = (container: string | undefined): ContainerLog => ({
		kind: 'container',
		namespace: row.namespace,
		pod: row.name,
		...(row.uid !== '' && { uid: row.uid }),
		...(container !== undefined && { container }),
		...(instance && { instance }),
	})
	const names = target?.kind === 'container' ? [target.name] : containersOf(row)
	// One container has one log; of several the reader of a live node finds all files by itself.
	if (state.mode === 'live') {
		const elsewhere = row.node !== '' && sight.node !== '' && row.node !== sight.node
		return { ref: one(names.length === 1 ? names[0] : undefined), row, elsewhere }
	}
	const held = names.map(one).filter(ref => bundleFileOf(state, ref) !== undefined)
	const [first] = held
	if (!first) return undefined
	return { ref: held.length === 1 ? first : { kind: 'merged', of: held }, row, elsewhere: false }
}

function containersOf({ pod, containers, files }: PodRow): string[] {
	const all = pod?.containers ?? containers ?? files?.containers ?? []
	return all.map(({ name }) => name)
}
