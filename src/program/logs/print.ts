/** Logs without the app: which one a word means, and its end as text. */
import { type NamedLog, namedLogs } from '../../app/log/named.js'
import { type State, start } from '../../app/state.js'
import type { Subject } from '../../app/subject.js'
import { redactor } from '../../bundle/redact/redactor.js'
import type { LogRef } from '../../model/log-ref.js'
import { plainLine } from '../../model/plain-text.js'
import { hintOf } from './desk.js'
import { openRef } from './open-ref.js'
import { logSources } from './sources.js'

function stateOf(subject: Subject | undefined): State {
	const state = start({ mode: subject ? 'bundle' : 'live', from: '' })
	return subject ? { ...state, subject } : state
}

/** Without a subject on this host. */
export async function findLogs(words: string, subject: Subject | undefined): Promise<NamedLog[]> {
	const state = stateOf(subject)
	return namedLogs(subject ? state : { ...state, logSources: await logSources(state) }, words)
}

/** The last `count` lines, oldest first. Throws what a person can read. */
export async function tailOf(ref: LogRef, subject: Subject | undefined, count: number): Promise<string> {
	const state = stateOf(subject)
	const { reader } = await openRef(ref, state, hintOf(state))
	try {
		const from = reader.end - count
		await reader.reach(from, new AbortController().signal)
		const first = Math.max(from, reader.low)
		await reader.load(first, reader.end)
		const lines = reader.read(first, reader.end) ?? []
		const text = lines.map(each => `${plainLine(each.text)}\n`).join('')
		// What goes to a file or a pipe may go anywhere.
		return subject ? text : redactor().text('journal/k3s.log', text)
	} finally {
		reader.close()
	}
}
