/** The heart of the app: what a message makes of the state, and what it wants done. Pure. */

import { answer, wantsOneKey } from './actions/deeds.js'
import { actions } from './actions/index.js'
import { insert } from './actions/prompts.js'
import { can, whyNot } from './can.js'
import { askToKnow, attend, planned, ranOn, runOver, verified, withoutPlans } from './deeds.js'
import { settleText } from './document/window.js'
import { examined, found, notExamined, withStep } from './examination.js'
import { isText, type Key } from './keys/key.js'
import { scopesAt } from './keys/scopes.js'
import { bindingOf } from './keys/table.js'
import { layoutOf } from './layout.js'
import { settle } from './list.js'
import { actsOnLog, logActions } from './log/actions.js'
import { cleared } from './log/filtering.js'
import { settleLog } from './log/geometry.js'
import { openNamed } from './log/named.js'
import { withLogs } from './log/sources.js'
import { askForLogs, askForRows, heard, keptForLater } from './log/update.js'
import { type Effect, type Message, only, type Step, say } from './message.js'
import { askToWrite, withWritten } from './report-order.js'
import { type Prompt, placeOf, type State, withPlace } from './state.js'

export function update(state: State, message: Message): Step {
	const [next, effects] = react(state, message)
	const [ready, writing] = askToWrite(settled(next))
	const [asking, more] = askToKnow(ready)
	const [reading, rows] = askForRows(asking)
	const [last, logs] = askForLogs(reading)
	const wanted = [...writing, ...more, ...rows, ...logs]
	return [last, wanted.length > 0 ? [...effects, ...wanted] : effects]
}

function react(state: State, message: Message): Step {
	switch (message.type) {
		case 'keys':
			return keys(state, message.keys)
		case 'paste':
			// Pasted text is never taken for commands: only a field takes it.
			return state.prompt ? pasted(quiet(state), message.text) : only(state)
		case 'resize':
			return only({ ...state, size: { columns: message.columns, rows: message.rows } })
		case 'source':
			return only(withStep(state, message.step))
		case 'found':
			return only(found(state, message.subject))
		case 'examined':
			return only(examined(withoutPlans(state), message.subject))
		case 'not-examined':
			return only(notExamined(state, message.error))
		case 'clock':
			return only({ ...state, exam: { ...state.exam, seconds: message.seconds } })
		case 'suppressions':
			return only({ ...state, suppressed: message.all })
		case 'written':
			return only(withWritten(state, message.written))
		case 'planned':
			return only(planned(state, message))
		case 'ran-on':
			return only(ranOn(state, message.event))
		case 'run-clock':
			return only(state.run ? { ...state, run: { ...state.run, seconds: message.seconds } } : state)
		case 'attend':
			return attend(state, message.text)
		case 'run-over':
			return only(runOver(state, message.result, message.verifies))
		case 'verifying':
			return only(state.run ? { ...state, run: { ...state.run, sees: message.says } } : state)
		case 'verified':
			return only(verified(state, message))
		case 'log':
			return heard(state, message.id, message.news)
		case 'open-log':
			return openNamed(state, message.words)
		case 'log-sources':
			return only(withLogs(state, message.all))
		case 'past':
			return only({ ...state, past: message.past })
		case 'live':
			return only({ ...state, live: message.live })
		case 'looked-up':
			return only({ ...state, looked: message.looked })
		case 'notice':
			return only({ ...state, notice: message.notice })
	}
}

function keys(state: State, pressed: readonly Key[]): Step {
	let now = state
	const effects: Effect[] = []
	for (const [index, key] of pressed.entries()) {
		const before = now.prompt
		const [next, wanted] = press(now, key)
		now = settled(next)
		effects.push(...wanted)
		// What was typed after leaving belongs to the shell.
		if (wanted.some(({ kind }) => kind === 'leave')) break
		// Keys that were on their way before the question stood there are no answer to it.
		if (now.prompt && now.prompt.kind !== before?.kind && asksForLeave(now.prompt)) break
		// A log answers at once where it can; the next key acts on what it has answered.
		if (index + 1 < pressed.length && wanted.some(({ kind }) => kind === 'log')) {
			effects.push({ kind: 'keys', keys: pressed.slice(index + 1) })
			break
		}
	}
	return [now, effects]
}

function press(before: State, key: Key): Step {
	const leaving = before.leaving
	const state = touch(quiet(before))
	if (state.prompt && wantsOneKey(state.prompt)) return answer(state, key)
	if (state.prompt) {
		const binding = bindingOf(key, ['prompt'])
		if (binding) return actions[binding.does](state, key)
		return isText(key) ? insert(state, key) : only(state)
	}
	const { kind } = placeOf(state)
	const binding = bindingOf(key, scopesAt(placeOf(state)))
	const kept = keptForLater(state, key, binding !== undefined && actsOnLog(binding.does))
	if (kept) return only(kept)
	if (!binding) return only(state)
	if (!can(state, binding.does)) {
		const why = whyNot(state, binding.does)
		return why === undefined ? only(state) : say(state, why, 'warn')
	}
	const asked = leaving && binding.does === 'quit' ? { ...state, leaving } : state
	const own = kind === 'log' ? logActions[binding.does] : undefined
	return own && !(binding.does === 'back' && !cleared(asked)) ? own(asked) : actions[binding.does](asked, key)
}

/** A question whose yes changes the node is answered by nothing but keys that are pressed now. */
function asksForLeave({ kind }: Prompt): boolean {
	return kind === 'confirm' || kind === 'stop'
}

function pasted(state: State, text: string): Step {
	if (state.prompt && asksForLeave(state.prompt)) return say(state, 'A paste is no answer: type it.', 'warn')
	return insert(state, text)
}

/** What was said once, and the question whether to leave, are over with the next key. */
function quiet(state: State): State {
	if (!state.notice && !state.leaving) return state
	const { notice: _notice, leaving: _leaving, ...rest } = state
	return rest
}

function touch(state: State): State {
	return state.touched || state.tab !== 'diagnoses' ? state : { ...state, touched: true }
}

/** The cursor on something that exists and is on the screen. */
function settled(state: State): State {
	const layout = layoutOf(state)
	if (layout.kind === 'text') {
		const { place, view } = layout
		const next = settleText(place, view.all, view.size)
		return same(place, next) ? state : withPlace(state, next)
	}
	if (layout.kind === 'log') {
		const { place, view } = layout
		const next = settleLog(place, view.size, view.heightOf)
		return next === place ? state : withPlace(state, next)
	}
	const { place, view, rows } = layout
	const next = { ...place, ...settle(place, view, rows) }
	return same(place, next) ? state : withPlace(state, next)
}

function same<T extends object>(a: T, b: T): boolean {
	const entries = Object.entries(b)
	return (
		entries.length === Object.keys(a).length && entries.every(([key, value]) => a[key as keyof T] === value)
	)
}
