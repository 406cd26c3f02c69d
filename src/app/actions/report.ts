/** The report for others: what is in it, and where it goes. */
import { only, type Step, say } from '../message.js'
import { promptOf } from '../prompt.js'
import { bundleName, isArchive, orderFor, reportName, withContent } from '../report-order.js'
import { into, type State, textAt } from '../state.js'
import type { ReportChoice } from '../target.js'

const none = 'There is no report yet.'

export function chooseReport(state: State, choice: ReportChoice): Step {
	const { wanted } = state
	switch (choice) {
		case 'read':
			return only(into(state, textAt({ report: true })))
		case 'save':
			return save(state)
		case 'bundle':
			return state.subject
				? only({ ...state, prompt: promptOf('save', bundleName(state)) })
				: say(state, none)
		case 'copy':
			return copyReport(state)
		case 'anonymise':
			return only({ ...state, wanted: { ...wanted, anonymise: !wanted.anonymise } })
		default:
			return only({
				...state,
				wanted:
					'format' in choice ? { ...wanted, format: choice.format } : withContent(wanted, choice.content),
			})
	}
}

/** Asks for a name. */
export function save(state: State): Step {
	if (!state.subject) return say(state, none)
	return only({ ...state, prompt: promptOf('save', reportName(state)) })
}

/** `path` may be empty. */
export function saveReport(state: State, path: string, replace = false): Step {
	if (!state.subject) return say(state, none)
	const name = path || reportName(state)
	// The name tells what is wanted.
	if (isArchive(name)) {
		return [state, [{ kind: 'save-bundle', path: name, anonymise: state.wanted.anonymise, replace }]]
	}
	return [state, [{ kind: 'save-report', path: name, order: orderFor(name, state.wanted), replace }]]
}

export function copyReport(state: State): Step {
	if (!state.subject) return say(state, none)
	return [state, [{ kind: 'copy-report', order: state.wanted }]]
}
