/** Going places: tabs, into what the cursor is on, and back. */

import { can, objectOf, quoteOf, remedyOf, targetOf } from '../can.js'
import { logsOf } from '../cluster/logs.js'
import { openLog, openUnit } from '../log/open.js'
import { pickLog, pickSince } from '../log/pick.js'
import { only, type Step, say } from '../message.js'
import { isRunning } from '../run.js'
import { isLogFile } from '../screens/logs.js'
import {
	into,
	listStart,
	type NodeSection,
	placeOf,
	type State,
	type Tab,
	tabs,
	tabTitles,
	textAt,
	withPlace,
} from '../state.js'
import type { Target } from '../target.js'
import { openList } from './cluster.js'
import { openPlan } from './deeds.js'
import { chooseReport } from './report.js'

export function toTab(state: State, tab: Tab | undefined): Step {
	if (!tab) return only(state)
	// The tab one is in: back to its beginning, as in a browser.
	if (tab === state.tab) {
		return only({ ...state, places: { ...state.places, [tab]: state.places[tab].slice(0, 1) } })
	}
	return only({ ...state, tab })
}

export function nextTab(state: State, step: 1 | -1): Step {
	const at = (tabs.indexOf(state.tab) + step + tabs.length) % tabs.length
	const tab = tabs[at]
	return only(tab ? { ...state, tab } : state)
}

export function open(state: State): Step {
	const target = targetOf(state)
	if (placeOf(state).kind === 'find' && target) return openFound(state, target)
	return openTarget(state, target)
}

/** What was found stands in its own tab, and Esc leads to that tab's first page. */
function openFound(state: State, target: Target): Step {
	const tabs: Partial<Record<Target['kind'], Tab>> = { diagnosis: 'diagnoses', section: 'node' }
	const tab = tabs[target.kind] ?? 'pods'
	const [left] = back({ ...state, places: withoutQuery(state) })
	const [home] = toTab({ ...left, tab }, tab)
	return openTarget(home, target)
}

function withoutQuery(state: State): State['places'] {
	const place = placeOf(state)
	return withPlace(state, place.kind === 'text' ? place : { ...place, query: '' }).places
}

function openTarget(state: State, target: Target | undefined): Step {
	switch (target?.kind) {
		case 'diagnosis':
			return only(into(state, { kind: 'diagnosis', cause: target.cause, ...listStart }))
		case 'remedy':
			return openPlan(state, { kind: 'remedy', cause: target.cause, number: target.index + 1 })
		case 'wish':
			return openPlan(state, target.wish)
		case 'action':
			return only(into(state, { kind: 'action', action: target.id, ...listStart }))
		case 'run':
			return only(into(state, { kind: 'run', ...listStart }))
		case 'step':
			return only(unfolded(state, `step ${target.index}`))
		case 'finding':
			return view(state)
		case 'file':
			return openFile(state, target.file, target.line)
		case 'section':
			return openSection(state, target.section)
		case 'object':
			return only(into(state, { kind: 'object', ref: target.ref, ...listStart }))
		case 'objects':
			return openList(state, target.of)
		case 'pod':
			return only(into(state, { kind: 'pod', uid: target.uid, ...listStart }))
		case 'container':
			return logs(state)
		case 'tab':
			return toTab(state, target.tab)
		case 'log':
			return pickLog(state, target)
		case 'since':
			return pickSince(state, target)
		case 'report':
			return chooseReport(state, target.choice)
		default:
			return only(state)
	}
}

/** Shows all of an item, or no longer. */
function unfolded(state: State, id: string): State {
	const place = placeOf(state)
	if (place.kind === 'text' || place.kind === 'log') return state
	const others = place.unfolded.filter(each => each !== id)
	const shown = others.length < place.unfolded.length
	return withPlace(state, { ...place, unfolded: shown ? others : [...others, id] })
}

/** Back to the shell; but a doctor that stands still would not hear what it runs. */
export function suspend(state: State): Step {
	if (isRunning(state.run)) return say(state, 'An action is running: the doctor stays.', 'warn')
	return [state, [{ kind: 'suspend' }]]
}

export function openSection(state: State, section: NodeSection): Step {
	return only(into(state, { kind: 'section', section, ...listStart }))
}

/** `line` is 1-based; the cursor is put on it. */
export function openFile(state: State, file: string, line?: number): Step {
	if (!state.subject?.bundle.files.has(file)) {
		const entry = state.subject?.bundle.entries.find(candidate => candidate.file === file)
		if (!entry) {
			const why = state.mode === 'live' ? 'was not asked for' : 'is not in this bundle'
			return say(state, `${file} ${why}.`, 'warn')
		}
	}
	if (isLogFile(file) && state.subject?.bundle.files.has(file))
		return openLog(state, { kind: 'bundle', file }, line === undefined ? {} : { line })
	const at = Math.max(0, (line ?? 1) - 1)
	// A third of the window above it: what led there is usually wanted too.
	const top = Math.max(0, at - Math.floor(state.size.rows / 3))
	return only(into(state, { ...textAt({ file }, at), top }))
}

/** The quoted line where it stands. */
export function view(state: State): Step {
	const quote = quoteOf(state, targetOf(state))
	return quote
		? openFile(state, quote.file, quote.line)
		: say(
				state,
				state.mode === 'live' ? 'That file was not asked for.' : 'The bundle does not hold that file.',
				'warn',
			)
}

/** With a diagnosis its remedy, with an object of the cluster what can be done with it. */
export function act(state: State): Step {
	if (remedyOf(state, targetOf(state))) return remedy(state)
	const ref = objectOf(state, targetOf(state))
	return ref ? only(into(state, { kind: 'acts', ref, ...listStart })) : only(state)
}

export function remedy(state: State): Step {
	const wanted = remedyOf(state, targetOf(state))
	if (!wanted) return only(state)
	return openPlan(state, { kind: 'remedy', cause: wanted.cause, number: wanted.index + 1 })
}

/** The pod's own log, all its containers by time; else k3s's. `previous`: of the instance before. */
export function logs(state: State, instance?: 'previous'): Step {
	const own = logsOf(state, targetOf(state), instance)
	if (!own) return instance ? only(state) : openUnit({ ...state, tab: 'logs' })
	const { ref, row, elsewhere } = own
	if (elsewhere)
		return say(state, `Its logs are on the node ${row.node}: k3s-doctor reads them there.`, 'warn')
	return openLog(state, ref)
}

export function help(state: State): Step {
	return can(state, 'help') ? only(into(state, { kind: 'help', ...listStart })) : only(state)
}

/** First what is filtered or searched is shown again, then one level back. */
export function back(state: State): Step {
	const place = placeOf(state)
	if (place.kind === 'text' && place.only !== '') return only(withPlace(state, { ...place, only: '' }))
	if (place.query !== '') return only(withPlace(state, { ...place, query: '' }))
	const stack = state.places[state.tab]
	if (stack.length > 1) {
		return only({ ...state, places: { ...state.places, [state.tab]: stack.slice(0, -1) } })
	}
	return only(state)
}

export function quit(state: State): Step {
	if (state.places[state.tab].length > 1) {
		const stack = state.places[state.tab]
		return only({ ...state, places: { ...state.places, [state.tab]: stack.slice(0, -1) } })
	}
	if (isRunning(state.run)) return say(state, 'An action is running (6 shows it). Ctrl-C stops it.', 'warn')
	if (state.leaving) return [state, [{ kind: 'leave', interrupted: false }]]
	const here = state.tab === 'diagnoses' ? '' : ` (1 goes back to ${tabTitles.diagnoses})`
	const asked = say(state, `Leave k3s-doctor? q again leaves, any other key stays${here}.`)
	return [{ ...asked[0], leaving: true }, asked[1]]
}
