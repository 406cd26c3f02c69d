/** The window cut into title bar, tabs, body and footer; and what is in the body. */
import type { Line } from './line.js'
import type { ListView } from './list.js'
import type { LogPlace } from './log/place.js'
import { type LogView, logView } from './log/view.js'
import { actionsView, actionView } from './screens/actions.js'
import { actsView } from './screens/acts.js'
import { diagnosesView } from './screens/diagnoses.js'
import { diagnosisView } from './screens/diagnosis.js'
import { evidenceView } from './screens/evidence.js'
import { findView } from './screens/find.js'
import { helpView } from './screens/help.js'
import { kindsView } from './screens/kinds.js'
import { logsView } from './screens/logs.js'
import { nodeView, sectionView } from './screens/node.js'
import { objectView } from './screens/object.js'
import { objectsView } from './screens/objects.js'
import { planView } from './screens/plan.js'
import { podView } from './screens/pod.js'
import { podsView } from './screens/pods.js'
import { reportView } from './screens/report.js'
import { runView } from './screens/run.js'
import { type TextView, textView } from './screens/text.js'
import { type ListPlace, type Place, placeOf, type State, type TextPlace } from './state.js'

export type Layout = Readonly<
	| { kind: 'list'; place: ListPlace; view: ListView; head: readonly Line[]; rows: number }
	| { kind: 'text'; place: TextPlace; view: TextView }
	| { kind: 'log'; place: LogPlace; view: LogView }
>

/** On very low windows the tabs give way, then the title bar. */
export function chromeOf({ size: { rows } }: State): { title: number; tabs: number; footer: number } {
	return { title: rows >= 4 ? 1 : 0, tabs: rows >= 9 ? 1 : 0, footer: rows >= 2 ? 1 : 0 }
}

export function bodyRows(state: State): number {
	const { title, tabs, footer } = chromeOf(state)
	return Math.max(1, state.size.rows - title - tabs - footer)
}

const known = new WeakMap<State, Layout>()

/** A state never changes, so its layout is made once. */
export function layoutOf(state: State): Layout {
	const made = known.get(state)
	if (made) return made
	const layout = layoutAt(state, placeOf(state))
	known.set(state, layout)
	return layout
}

function layoutAt(state: State, place: Place): Layout {
	const rows = bodyRows(state)
	const width = Math.max(1, state.size.columns)
	if (place.kind === 'text') return { kind: 'text', place, view: textView(state, place, width, rows) }
	if (place.kind === 'log') return { kind: 'log', place, view: logView(state, place, width, rows) }
	const view = listView(state, place, width, rows)
	// The list keeps at least half of the body, whatever is to be said above it.
	const head = view.head.slice(0, Math.floor(rows / 2))
	return { kind: 'list', place, view, head, rows: Math.max(1, rows - head.length) }
}

function listView(state: State, place: ListPlace, width: number, rows: number): ListView {
	switch (place.kind) {
		case 'diagnoses':
			return diagnosesView(state, place, width, rows)
		case 'diagnosis':
			return diagnosisView(state, place, width)
		case 'plan':
			return planView(state, place, width)
		case 'run':
			return runView(state, place, width)
		case 'action':
			return actionView(state, place, width)
		case 'pods':
			return podsView(state, place, width)
		case 'pod':
			return podView(state, place, width)
		case 'kinds':
			return kindsView(state, place, width)
		case 'objects':
			return objectsView(state, place, width)
		case 'object':
			return objectView(state, place, width)
		case 'acts':
			return actsView(state, place, width)
		case 'find':
			return findView(state, place, width)
		case 'logs':
			return logsView(state, place, width)
		case 'node':
			return nodeView(state, place, width)
		case 'section':
			return sectionView(state, place.section, place, width)
		case 'report':
			return reportView(state, place, width)
		case 'actions':
			return actionsView(state, place, width)
		case 'evidence':
			return evidenceView(state, place, width)
		case 'help':
			return helpView(state, place, width)
	}
}
