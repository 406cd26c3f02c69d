/** While something is typed: each key changes what is searched, Enter does what was asked. */
import { kindTable } from '../cluster/kinds.js'
import { readCommand, suggestions } from '../commands.js'
import { nextHit } from '../document/shown.js'
import { centre } from '../document/window.js'
import { counted } from '../format.js'
import type { Key } from '../keys/key.js'
import { layoutOf } from '../layout.js'
import { putAt } from '../list.js'
import { openNamed } from '../log/named.js'
import { accepted, isLogPrompt, typing } from '../log/prompts.js'
import { only, type Step, say } from '../message.js'
import { offered } from '../past.js'
import { promptText, replaceText, type } from '../prompt.js'
import { sectionNames } from '../screens/node.js'
import { into, listStart, type Prompt, placeOf, type State, type Tab, tabs, withPlace } from '../state.js'
import { chooseNamespace, find, openListAt } from './cluster.js'
import { confirmed, leave, openPlan } from './deeds.js'
import { examine } from './do.js'
import { back, help, open, openFile, openSection, toTab } from './go.js'
import { by } from './move.js'
import { saveReport } from './report.js'

/** The state with another prompt; a search is applied while it is typed. */
export function typed(state: State, prompt: Prompt): Step {
	return applied({ ...state, prompt }, prompt.kind, promptText(prompt))
}

export function insert(state: State, words: Key): Step {
	return state.prompt ? typed(state, type(state.prompt, words)) : only(state)
}

function applied(state: State, kind: Prompt['kind'], text: string): Step {
	return isLogPrompt(kind) ? typing(state, kind, text) : only(searchedAs(state, kind, text))
}

function searchedAs(state: State, kind: Prompt['kind'], text: string): State {
	const place = placeOf(state)
	if (kind === 'filter' && place.kind !== 'text' && place.kind !== 'log' && place.query !== text) {
		return withPlace(state, { ...putAt(place, 0), top: 0, query: text })
	}
	if (kind === 'only' && place.kind === 'text' && place.only !== text) {
		return withPlace(state, { ...place, only: text, at: 0, top: 0, sub: 0 })
	}
	if (kind === 'search' && place.kind === 'text' && place.query !== text) return searched(state, text)
	return state
}

/** Shows the first hit from where the cursor is on, without losing the place when there is none. */
function searched(state: State, query: string): State {
	const next = withPlace(state, { ...placeOf(state), query } as ReturnType<typeof placeOf>)
	const layout = layoutOf(next)
	if (layout.kind !== 'text' || query === '') return next
	const { view, place } = layout
	const at = nextHit(view.document, place, 1, place.at - 1) ?? nextHit(view.document, place, -1)
	if (at === undefined) return next
	const near = at >= place.top && at < place.top + view.size.rows && !place.wrap
	return withPlace(next, near ? { ...place, at } : centre(place, view.all, view.size, at))
}

export function cancel(state: State): Step {
	const { prompt, ...rest } = state
	if (prompt?.kind === 'confirm') return say(rest, 'Nothing was run.')
	if (!prompt) return only(state)
	const [before, effects] = applied(rest, prompt.kind, prompt.before)
	return placeOf(rest).kind === 'find' ? back(before) : [before, effects]
}

export function accept(state: State): Step {
	const { prompt, ...rest } = state
	if (!prompt) return only(state)
	const text = promptText(prompt).trim()
	switch (prompt.kind) {
		case 'command':
			return run(rest, chosen(state, prompt) ?? text)
		case 'suppress': {
			if (text === '')
				return say(state, 'A reason is needed, so that others understand it. Esc cancels.', 'warn')
			const cause = state.subject?.report.diagnoses.find(found => found.cause === prompt.about)?.cause
			return [rest, cause ? [{ kind: 'suppress', cause, why: text }] : []]
		}
		case 'confirm':
			return confirmed(state)
		case 'log-search':
		case 'log-only':
		case 'log-time':
		case 'log-save':
			return accepted(rest, prompt.kind, text)
		case 'save':
			return text === '' ? only(rest) : saveReport(rest, text)
		case 'filter':
			// In the finder Enter means the one that is found.
			return placeOf(rest).kind === 'find' ? open(rest) : only(rest)
		default:
			return only(rest)
	}
}

function chosen(state: State, prompt: Prompt): string | undefined {
	return prompt.choice === undefined ? undefined : suggestions(state, promptText(prompt))[prompt.choice]
}

/** Tab: the common beginning of all suggestions; of one, all of it. */
export function complete(state: State): Step {
	const { prompt } = state
	if (prompt?.kind !== 'command') return only(state)
	const all = suggestions(state, promptText(prompt))
	const pick = chosen(state, prompt) ?? (all.length === 1 ? all[0] : undefined)
	if (pick !== undefined) {
		const { takes } = readCommand(pick).command ?? {}
		const more = takes !== undefined && !pick.includes(' ') ? ' ' : ''
		return only({ ...state, prompt: withoutChoice(replaceText(prompt, pick + more)) })
	}
	const common = commonStart(all)
	return only(
		common.length > promptText(prompt).length
			? { ...state, prompt: replaceText(prompt, common) }
			: choose(state, 1)[0],
	)
}

function withoutChoice({ choice: _, ...prompt }: Prompt): Prompt {
	return prompt
}

function commonStart(words: readonly string[]): string {
	const [first = '', ...rest] = words
	let length = first.length
	for (const word of rest) {
		while (!word.startsWith(first.slice(0, length))) length -= 1
	}
	return first.slice(0, length)
}

export function choose(state: State, step: 1 | -1): Step {
	const { prompt } = state
	// What is filtered can be walked through while it is typed.
	if (prompt?.kind === 'filter') return by(state, step)
	if (prompt?.kind !== 'command') return only(state)
	const { length } = suggestions(state, promptText(prompt))
	if (length === 0) return only(state)
	const from = prompt.choice ?? (step === 1 ? -1 : 0)
	return only({ ...state, prompt: { ...prompt, choice: (from + step + length) % length } })
}

function run(state: State, text: string): Step {
	const { command, word, argument } = readCommand(text)
	if (word === '') return only(state)
	if (!command) return say(state, `There is no command "${word}". ? lists them.`, 'warn')
	const tab = tabs.find(name => name === command.name)
	if (tab) return toTabAt(state, tab, argument)
	const kind = kindTable.find(({ of }) => of === command.name)
	if (kind) return openListAt(state, kind.of, argument)
	switch (command.name) {
		case 'cause': {
			const diagnosis = state.subject?.report.diagnoses.find(({ cause }) => cause === argument)
			if (!diagnosis) return say(state, `There is no diagnosis "${argument}" here.`, 'warn')
			const [home] = toTab({ ...state, tab: 'diagnoses' }, 'diagnoses')
			return only(into(home, { kind: 'diagnosis', cause: diagnosis.cause, ...listStart }))
		}
		case 'fix':
			return fix(state, argument)
		case 'namespace':
			return chooseNamespace(state, argument)
		case 'find':
			return find(state)
		case 'save':
			return saveReport(state, argument)
		case 'save!':
			return saveReport(state, argument, true)
		case 'examine':
			return examine(state)
		case 'redraw':
			return [state, [{ kind: 'redraw' }]]
		case 'help':
			return help(state)
		default:
			return leave(state, false)
	}
}

/** `CAUSE [N]`, as on the command line: the remedy's plan. */
function fix(state: State, argument: string): Step {
	const [named = '', number = ''] = argument.split(/\s+/)
	const diagnosis = state.subject?.report.diagnoses.find(({ cause }) => cause === named)
	if (!diagnosis) return say(state, `There is no diagnosis "${named}" here.`, 'warn')
	const offers = offered(state, diagnosis)
	const offer = number === '' ? offers[0] : offers.find(each => String(each.number) === number)
	if (!offer) return say(state, `${named} has ${counted(offers.length, 'remedy', 'remedies')}.`, 'warn')
	const [home] = toTab({ ...state, tab: 'diagnoses' }, 'diagnoses')
	const page = into(home, { kind: 'diagnosis', cause: diagnosis.cause, ...listStart })
	return openPlan(page, { kind: 'remedy', cause: diagnosis.cause, number: offer.number })
}

/** A tab, and in it the file or section that was named. */
function toTabAt(state: State, tab: Tab, argument: string): Step {
	const [there] = toTab({ ...state, tab }, tab)
	if (argument === '') return only(there)
	if (tab === 'pods') return chooseNamespace(there, argument)
	if (tab === 'node') {
		const section = sectionNames.find(name => name === argument)
		return section ? openSection(there, section) : say(there, `Node has no section "${argument}".`, 'warn')
	}
	if (tab === 'logs') return openNamed(there, argument)
	return tab === 'evidence' ? openFile(there, argument) : only(there)
}
