/** What has an effect outside of the screen, or asks for words first. */
import { targetOf } from '../can.js'
import { diagnosisOf } from '../diagnoses.js'
import { lineAt } from '../document/shown.js'
import { begin } from '../examination.js'
import { layoutOf } from '../layout.js'
import { logName } from '../log/names.js'
import { only, type Step, say } from '../message.js'
import { promptOf } from '../prompt.js'
import { fixCommand } from '../screens/plan.js'
import { podNamed } from '../screens/pod.js'
import { placeOf, type State, withPlace } from '../state.js'
import type { Target } from '../target.js'
import { copyReport } from './report.js'

export function copy(state: State): Step {
	if (targetOf(state)?.kind === 'report') return copyReport(state)
	const text = copied(state)
	if (text === undefined || text === '') return only(state)
	const [said] = say(state, 'Copied, where the terminal allows it; else take it from above.', 'good', text)
	return [said, [{ kind: 'copy', text }]]
}

function copied(state: State): string | undefined {
	const layout = layoutOf(state)
	if (layout.kind === 'text') {
		const { view, place } = layout
		return view.document.lines[lineAt(view.all.shown, place.at)]
	}
	const target = targetOf(state)
	return target && wordsOf(state, target)
}

function wordsOf(state: State, target: Target): string {
	switch (target.kind) {
		case 'diagnosis':
			return diagnosisOf(state, target.cause)?.remedies.length
				? fixCommand(target.cause, 0)
				: `k3s-doctor explain ${target.cause}`
		case 'finding':
			return target.quote?.text ?? target.says
		case 'remedy': {
			// Several lines would run one after the other as soon as they are pasted; the doctor asks before each.
			const [command, ...more] = target.commands
			return command !== undefined && more.length === 0 ? command : fixCommand(target.cause, target.index)
		}
		case 'file':
			return target.file
		case 'wish':
			return target.says
		case 'action':
			return target.id
		case 'run':
			return state.run?.plan.title ?? ''
		case 'section':
			return target.section
		case 'pod': {
			const row = podNamed(state, target.uid)?.row
			return row ? `k3s kubectl -n ${row.namespace} describe pod ${row.name}` : target.uid
		}
		case 'container':
			return target.name
		case 'object': {
			const { of, namespace, name } = target.ref
			return `k3s kubectl ${namespace ? `-n ${namespace} ` : ''}describe ${of} ${name}`
		}
		case 'objects':
			return target.of
		case 'tab':
			return target.tab
		case 'log':
			return logName(target.ref)
		case 'since':
			return ''
		case 'report':
			return ''
		case 'command':
		case 'step':
		case 'words':
			return target.text
	}
}

export function examine(state: State): Step {
	if (state.run && state.run.phase !== 'over')
		return say(state, 'An action is under way; the node is looked at again when it is done.')
	if (state.exam.phase === 'asking') return say(state, 'The examination is still under way.')
	if (state.mode !== 'live' && state.exam.phase === 'done') {
		const what = state.mode === 'demo' ? 'This is a recording' : 'This is a saved bundle'
		return say(state, `${what}: it does not change. A new look needs the live node.`, 'warn')
	}
	return [begin(state), [{ kind: 'examine' }]]
}

/** Asks for a reason; what is put aside already comes back at once. */
export function suppress(state: State): Step {
	const target = targetOf(state)
	if (target?.kind !== 'diagnosis') return only(state)
	if (state.suppressed.some(({ cause }) => cause === target.cause)) {
		return [state, [{ kind: 'unsuppress', cause: target.cause }]]
	}
	return only({ ...state, prompt: promptOf('suppress', '', target.cause) })
}

export function search(state: State, kind: 'filter' | 'search' | 'only'): Step {
	const place = placeOf(state)
	const before = kind === 'only' && place.kind === 'text' ? place.only : place.query
	return only({ ...state, prompt: promptOf(kind, before) })
}

export function sort(state: State): Step {
	const layout = layoutOf(state)
	if (layout.kind !== 'list' || !layout.view.sorts) return only(state)
	const sorts = layout.view.sorts
	const next = (layout.place.sort + 1) % sorts.length
	return say(withPlace(state, { ...layout.place, sort: next }), `Sorted by ${sorts[next]}.`)
}

export function invert(state: State): Step {
	const place = placeOf(state)
	if (place.kind === 'text' || place.kind === 'log') return only(state)
	return only(withPlace(state, { ...place, inverse: !place.inverse }))
}

export function fold(state: State, unfold: boolean): Step {
	const place = placeOf(state)
	const target = targetOf(state)
	if (place.kind === 'text' || place.kind === 'log' || target?.kind !== 'diagnosis') return only(state)
	if (unfold) return only(withPlace(state, { ...place, unfolded: [...place.unfolded, target.cause] }))
	const own = state.subject?.report.diagnoses.find(({ cause }) => cause === target.cause)
	const root = place.unfolded.includes(target.cause) ? target.cause : (own?.explainedBy ?? target.cause)
	const unfolded = place.unfolded.filter(cause => cause !== root)
	// The cursor may have stood on what vanishes: it goes to the root.
	return only(withPlace(state, { ...place, unfolded, id: root, at: Number.MAX_SAFE_INTEGER }))
}

export function wrap(state: State): Step {
	const place = placeOf(state)
	if (place.kind !== 'text') return only(state)
	const on = !place.wrap
	return say(
		withPlace(state, { ...place, wrap: on, sub: 0, left: 0 }),
		on ? 'Long lines are wrapped.' : 'Long lines are cut; ← and → move sideways.',
	)
}
