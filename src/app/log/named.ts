/** Which log is meant by a word: a unit, a pod, a container, a path, a file of the bundle. */
import type { LogRef } from '../../model/log-ref.js'
import { only, type Step, say } from '../message.js'
import { isLogFile } from '../screens/logs.js'
import { listStart, type State, withPlace } from '../state.js'
import { bundleFileOf, logName } from './names.js'
import { openLog } from './open.js'

export interface NamedLog {
	name: string
	ref: LogRef
}

const unitName = /^[\w@:.-]{1,200}$/

/** All logs that `words` may mean, the likeliest alone when it is clear. Without words the log of this node's k3s. */
export function namedLogs(state: State, words: string): NamedLog[] {
	const all = everyLog(state)
	const own = state.subject?.bundle.node.unit ?? 'k3s.service'
	const wanted = words.trim()
	if (wanted === '') {
		const first =
			all.find(({ ref }) => ref.kind === 'unit' && ref.unit === own) ??
			all.find(({ ref }) => ref.kind === 'unit')
		return first ? [first] : all.slice(0, 1)
	}
	if (state.subject?.bundle.files.has(wanted) && isLogFile(wanted))
		return [{ name: wanted, ref: { kind: 'bundle', file: wanted } }]
	const exact = all.filter(({ name, ref }) => names(name, ref).includes(wanted))
	if (exact.length > 0) return exact.slice(0, 1)
	if (state.mode === 'live' && wanted.startsWith('/'))
		return [{ name: wanted, ref: { kind: 'file', path: wanted } }]
	const begun = all.filter(({ name, ref }) => names(name, ref).some(each => each.startsWith(wanted)))
	const held = begun.length > 0 ? begun : all.filter(({ name }) => name.includes(wanted))
	if (held.length === 0 && state.mode === 'live' && unitName.test(wanted) && wanted.endsWith('.service'))
		return [{ name: wanted, ref: { kind: 'unit', unit: wanted } }]
	return held
}

/** What a log answers to. */
function names(name: string, ref: LogRef): string[] {
	switch (ref.kind) {
		case 'unit':
			return [ref.unit, ref.unit.replace(/\.service$/, '')]
		case 'kernel':
			return ['kernel']
		case 'container': {
			const { namespace, pod, container = '' } = ref
			return [name, `${namespace}/${pod}/${container}`, `${namespace}/${pod}`, pod, `${pod}/${container}`]
		}
		case 'file':
		case 'bundle': {
			const path = ref.kind === 'file' ? ref.path : ref.file
			const base = path.split('/').at(-1) ?? path
			return [path, path.replace(/^files/, ''), base, base.replace(/\.log$/, '')]
		}
		default:
			return [name]
	}
}

export function everyLog(state: State): NamedLog[] {
	const { subject, logSources = [] } = state
	const found: NamedLog[] = logSources
		.filter(({ filter }) => filter === undefined)
		.map(({ name, ref }) => ({ name, ref }))
	if (!subject) return found
	const { unit } = subject.bundle.node
	for (const ref of [{ kind: 'unit', unit }, { kind: 'kernel' }] as const) {
		const has =
			state.mode === 'live'
				? found.every(other => other.name !== logName(ref))
				: bundleFileOf(state, ref) !== undefined
		if (
			has &&
			!found.some(({ ref: other }) => other.kind === ref.kind && names('', other)[0] === names('', ref)[0])
		)
			found.push({ name: logName(ref), ref })
	}
	const pods = subject.evidence.podLogs ?? []
	if (state.mode !== 'live') {
		for (const { namespace, pod, uid, container } of pods) {
			const ref: LogRef = { kind: 'container', namespace, pod, uid, container }
			if (!found.some(({ name }) => name === logName(ref))) found.push({ name: logName(ref), ref })
		}
	}
	const taken = new Set([
		...pods.map(({ file }) => file),
		...found.map(({ ref }) => bundleFileOf(state, ref)),
	])
	for (const file of subject.bundle.files.keys()) {
		if (isLogFile(file) && !taken.has(file) && state.mode !== 'live')
			found.push({ name: file, ref: { kind: 'bundle', file } })
	}
	return found
}

/** Opens what is meant; where it is not clear, the list of logs shows what it may be. */
export function openNamed(state: State, words: string): Step {
	const found = namedLogs(state, words)
	const [first] = found
	if (!first)
		return say(
			state,
			`There is no log "${words}" ${state.mode === 'live' ? 'on this host' : 'in this bundle'}.`,
			'warn',
		)
	if (found.length === 1) return openLog(state, first.ref)
	const [home] = [state.places.logs[0]]
	if (home?.kind !== 'logs') return only(state)
	const list = { ...state, tab: 'logs' as const, places: { ...state.places, logs: [home] } }
	return only(withPlace(list, { kind: 'logs', ...listStart, query: words.trim() }))
}
