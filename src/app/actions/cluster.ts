/** What is shown of the cluster: of one namespace, of this node, only what is at fault. */

import type { Listed } from '../../model/live.js'
import { objectOf, targetOf } from '../can.js'
import type { ObjectRef } from '../cluster/object.js'
import { podRows } from '../cluster/pods.js'
import { namespacesOf, type Scope, scopeWords, withScope } from '../cluster/scope.js'
import { sightOf } from '../cluster/sight.js'
import { only, type Step, say } from '../message.js'
import { promptOf } from '../prompt.js'
import { into, listStart, placeOf, type State, textAt, withPlace } from '../state.js'

export function faults(state: State): Step {
	return rescoped(state, { faults: !state.scope.faults })
}

export function nodes(state: State): Step {
	return rescoped(state, { ownNode: !state.scope.ownNode })
}

/** The command with its suggestions: what there is to choose among stands above it. */
export function namespace(state: State): Step {
	return [{ ...state, prompt: promptOf('command', 'namespace ') }, []]
}

export function chooseNamespace(state: State, name: string): Step {
	const { namespace: _, ...whole } = state.scope
	if (name === '' || name === 'all') return told({ ...state, scope: whole })
	const sight = sightOf(state)
	const known = sight ? namespacesOf(sight, podRows(sight, '')) : []
	if (!known.includes(name)) return say(state, `There is no namespace "${name}" here.`, 'warn')
	return rescoped(state, { namespace: name })
}

function rescoped(state: State, change: Partial<Scope>): Step {
	return told(withScope(state, change))
}

/** What was under the cursor may be gone: it goes to the first one then. */
function told(state: State): Step {
	const place = placeOf(state)
	const home = place.kind === 'text' ? state : withPlace(state, { ...place, top: 0 })
	return say(home, `Shown: ${scopeWords(state.scope)}.`)
}

/** What the cursor is on, described or as YAML. */
export function read(state: State, as: 'yaml' | 'describe'): Step {
	const ref = objectOf(state, targetOf(state))
	return ref ? readObject(state, ref, as) : only(state)
}

/** A live API is asked for it as it is now; until then stands what the examination found. */
export function readObject(state: State, ref: ObjectRef, as: 'yaml' | 'describe'): Step {
	const there = into(state, textAt({ object: ref, as }))
	if (state.mode !== 'live') return only(there)
	return [{ ...there, looked: { ref } }, [{ kind: 'look-up', ref }]]
}

/** A list of the cluster; the pods are the tab's own. */
export function openList(state: State, of: Listed): Step {
	const [home] = state.places.pods
	const atHome: State = { ...state, tab: 'pods', places: { ...state.places, pods: home ? [home] : [] } }
	return only(of === 'pods' ? atHome : into(atHome, { kind: 'objects', of, ...listStart }))
}

/** `:services shop`: the list, of one namespace. */
export function openListAt(state: State, of: Listed, argument: string): Step {
	const [there] = openList(state, of)
	return argument === '' ? only(there) : chooseNamespace(there, argument)
}

export function kinds(state: State): Step {
	return only(into(state, { kind: 'kinds', ...listStart }))
}

/** The finder with its field open. */
export function find(state: State): Step {
	return only({ ...into(state, { kind: 'find', ...listStart }), prompt: promptOf('filter', '') })
}
