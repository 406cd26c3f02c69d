/**
 * The one door to logs: `openLog(state, ref, spot)` opens any log where the operator is; pods, diagnoses, the command
 * line and the picker come in through here. Back (`Esc`, `q`) leads to where one came from.
 */
import type { LogRef, LogSpot } from '../../model/log-ref.js'
import { only, type Step } from '../message.js'
import { into, type State, withPlace } from '../state.js'
import { bundleFileOf } from './names.js'
import { logAt, wishOf } from './place.js'
import { type LogFilter, showAll } from './wishes.js'

export function openLog(state: State, ref: LogRef, spot: LogSpot = {}, filter: LogFilter = showAll): Step {
	const id = (state.logsOpened ?? 0) + 1
	const place = logAt(id, ref, spot, filter)
	const wish = wishOf(place, { do: 'open', ref, spot, filter, follow: place.following })
	return [into({ ...state, logsOpened: id }, place), [wish]]
}

/** In the place of what is open: another source, the instance before. */
export function openLogInstead(state: State, ref: LogRef, filter: LogFilter = showAll): Step {
	const id = (state.logsOpened ?? 0) + 1
	const place = logAt(id, ref, {}, filter)
	const wish = wishOf(place, { do: 'open', ref, spot: {}, filter, follow: true })
	return [withPlace({ ...state, logsOpened: id }, place), [wish]]
}

/** The log of this node's k3s. */
export function openUnit(state: State): Step {
	const unit = state.subject?.bundle.node.unit
	const own = unit === undefined ? undefined : bundleFileOf(state, { kind: 'unit', unit })
	if (unit !== undefined && (state.mode === 'live' || own !== undefined))
		return openLog(state, { kind: 'unit', unit })
	// A bare log, or a bundle of a node whose unit has another name than its record says.
	const other = [...(state.subject?.bundle.files.keys() ?? [])].find(file => file.startsWith('journal/k3s'))
	return other === undefined ? only(state) : openLog(state, { kind: 'bundle', file: other })
}
