/** Which actions make sense where the operator is: what is not offered in the footer does nothing either. */

import { actsOf } from './cluster/acts.js'
import { logsOf } from './cluster/logs.js'
import { type ObjectRef, refKey } from './cluster/object.js'
import { sightOf } from './cluster/sight.js'
import { askedAt } from './deeds.js'
import type { ActionName } from './keys/table.js'
import { type Layout, layoutOf } from './layout.js'
import { offeredFor } from './past.js'
import { podNamed } from './screens/pod.js'
import { type Place, placeOf, type State } from './state.js'
import type { Target } from './target.js'

/** What the cursor is on. */
export function targetOf(state: State): Target | undefined {
	const layout = layoutOf(state)
	if (layout.kind !== 'list' || layout.view.count === 0) return undefined
	return layout.view.targetOf(Math.min(layout.place.at, layout.view.count - 1))
}

const opens: ReadonlySet<Target['kind']> = new Set([
	'diagnosis',
	'finding',
	'remedy',
	'file',
	'section',
	'pod',
	'container',
	'object',
	'objects',
	'tab',
	'log',
	'since',
	'report',
	'wish',
	'action',
	'run',
	'step',
])

export function can(state: State, action: ActionName): boolean {
	const layout = layoutOf(state)
	const target = targetOf(state)
	switch (action) {
		case 'open':
			if (layout.kind === 'log') return true
			return target !== undefined && opens.has(target.kind) && !isHere(state, target)
		case 'view':
			return target?.kind !== 'file' && quoteOf(state, target) !== undefined
		case 'remedy':
			return remedyOf(state, target) !== undefined
		case 'run':
			return askedAt(state)?.plan !== undefined && placeOf(state).kind === 'plan'
		case 'go-on':
			return placeOf(state).kind === 'run' && state.run?.attend !== undefined
		case 'undo':
			return undoableAt(state) !== undefined
		case 'discard':
			return discardableAt(state) !== undefined
		case 'copy':
			if (layout.kind === 'log') return layout.place.rows.length > 0
			return layout.kind === 'text' ? layout.view.all.count > 0 : target !== undefined
		case 'unfold':
			return target?.kind === 'diagnosis' && target.foldable && !isUnfolded(layout, target.cause)
		case 'fold':
			return target?.kind === 'diagnosis' && isUnfolded(layout, rootOf(state, target.cause))
		case 'suppress':
			return target?.kind === 'diagnosis' && placeOf(state).kind !== 'actions'
		case 'logs':
			return target?.kind === 'diagnosis' || logsOf(state, target) !== undefined
		case 'logs-before':
			return logsOf(state, target, 'previous') !== undefined
		case 'describe':
		case 'yaml':
			return objectOf(state, target) !== undefined && isTold(state)
		case 'act':
			return remedyOf(state, target) !== undefined || actsAt(state, target)
		case 'faults':
		case 'namespace':
			return isTable(placeOf(state))
		case 'nodes':
			return placeOf(state).kind === 'pods'
		case 'kinds':
			return placeOf(state).kind !== 'kinds'
		case 'find':
			return placeOf(state).kind !== 'find'
		case 'filter':
			return layout.kind === 'list' && (layout.view.total > 0 || layout.place.query !== '')
		case 'sort':
		case 'invert':
			return layout.kind === 'list' && layout.view.sorts !== undefined && layout.view.total > 1
		case 'next-hit':
		case 'previous-hit':
			if (layout.kind === 'log') return layout.place.query !== '' || layout.place.filter.only !== ''
			return layout.kind === 'text' && layout.place.query !== ''
		case 'follow':
			return layout.kind === 'log' && layout.place.live
		case 'help':
			return placeOf(state).kind !== 'help'
		case 'save':
		case 'copy-report':
			return state.subject !== undefined
		default:
			return true
	}
}

/** The action whose undo `u` means: the one under the cursor, or the one that just ran. */
export function undoableAt(state: State): string | undefined {
	const target = targetOf(state)
	if (target?.kind === 'action' && target.undoable) return target.id
	const { run } = state
	return placeOf(state).kind === 'run' && run?.phase !== 'running' && run?.result?.undoable
		? run.result.id
		: undefined
}

export function discardableAt(state: State): string | undefined {
	const target = targetOf(state)
	return target?.kind === 'action' && target.discardable ? target.id : undefined
}

/** A diagnosis' own page offers no way to itself. */
function isHere(state: State, target: Target): boolean {
	const place = placeOf(state)
	if (target.kind === 'diagnosis') return place.kind === 'diagnosis' && place.cause === target.cause
	if (target.kind === 'object') return place.kind === 'object' && refKey(place.ref) === refKey(target.ref)
	if (target.kind === 'pod') return place.kind === 'pod' && place.uid === target.uid
	if (target.kind === 'container') return logsOf(state, target) === undefined
	if (target.kind === 'step') return place.kind === 'plan'
	if (target.kind === 'action') return place.kind === 'action'
	return target.kind === 'remedy' && place.kind === 'plan'
}

/** The quoted line, if the bundle has the file. */
export function quoteOf(
	state: State,
	target: Target | undefined,
): { file: string; line?: number } | undefined {
	const files = state.subject?.bundle.files
	const quote =
		target?.kind === 'finding'
			? target.quote
			: target?.kind === 'diagnosis'
				? diagnosis(state, target.cause)?.findings.find(finding => finding.quote)?.quote
				: undefined
	if (!quote || !files?.has(quote.file)) return undefined
	return { file: quote.file, ...(quote.line !== undefined && { line: quote.line }) }
}

/** The remedy that `r` means: the one under the cursor, else the first of the diagnosis one is at. */
export function remedyOf(
	state: State,
	target: Target | undefined,
): { cause: Extract<Target, { kind: 'remedy' }>['cause']; index: number } | undefined {
	const place = placeOf(state)
	if (place.kind === 'plan') return undefined
	if (target?.kind === 'remedy') return { cause: target.cause, index: target.index }
	const cause =
		place.kind === 'diagnosis' ? place.cause : target?.kind === 'diagnosis' ? target.cause : undefined
	const [first] = cause ? offeredFor(state, cause) : []
	return cause && first ? { cause, index: first.number - 1 } : undefined
}

export function rootOf(state: State, cause: string): string {
	return diagnosis(state, cause)?.explainedBy ?? cause
}

function isUnfolded(layout: Layout, cause: string): boolean {
	return layout.kind === 'list' && layout.place.unfolded.includes(cause)
}

function diagnosis(state: State, cause: string) {
	return state.subject?.report.diagnoses.find(candidate => candidate.cause === cause)
}

/** The object of the API behind a target, if it is one. */
export function objectOf(state: State, target: Target | undefined): ObjectRef | undefined {
	if (target?.kind === 'object') return target.ref
	const id = target?.kind === 'pod' ? target.uid : target?.kind === 'container' ? target.pod : undefined
	const row = id === undefined ? undefined : podNamed(state, id)?.row
	return row && { of: 'pods', namespace: row.namespace, name: row.name }
}

/** What to say to a key that does nothing here; most need no words, for the footer does not offer them. */
export function whyNot(state: State, action: ActionName): string | undefined {
	if (action === 'run' && placeOf(state).kind === 'plan' && askedAt(state)?.why === undefined)
		return 'The plan is still being made; x runs it once it is complete.'
	if (action !== 'act' || objectOf(state, targetOf(state)) === undefined) return undefined
	return sightOf(state)?.by === 'api'
		? 'There is nothing that can be done with it from here.'
		: 'The Kubernetes API would have to do it, and it does not answer.'
}

/** Where the API is silent nothing can be done through it. */
function actsAt(state: State, target: Target | undefined): boolean {
	const ref = objectOf(state, target)
	const sight = sightOf(state)
	return ref !== undefined && sight?.by === 'api' && actsOf(sight, ref).length > 0
}

/** Where the API did not tell of objects there is nothing to be read. */
function isTold(state: State): boolean {
	return state.mode === 'live' || sightOf(state)?.by === 'api'
}

function isTable({ kind }: Place): boolean {
	return kind === 'pods' || kind === 'objects'
}
