/** Where the app's subjects come from: a saved bundle in one step, or a live node bit by bit. */
import { rules } from '../../rules/index.js'
import { counted } from '../app/format.js'
import type { StepState } from '../app/subject.js'
import type { OnProgress, Progress } from '../bundle/collect.js'
import { openRedacted, type RedactedOptions } from '../bundle/redact/open.js'
import { type Examination, examine } from '../examine.js'
import type { Bundle } from '../model/bundle.js'
import type { SourceName } from '../model/evidence/index.js'
import { sources } from '../sources/index.js'
import type { Source } from '../sources/source.js'
import type { Telling } from './run-app.js'
import { questionOf, stepsOf } from './steps.js'

export type Examine = (telling: Telling) => Promise<Examination>

/** Opens the bundle anew for each look. `from` is how a person names it. */
export function ofBundle(path: string, from: string, options: RedactedOptions = {}): Examine {
	return async ({ source }) => {
		const examination = examine(await openRedacted(path, options), rules, from)
		for (const step of stepsOf(examination, sources)) source(step)
		return examination
	}
}

/** Without these a first verdict would be a guess. */
const first: readonly SourceName[] = ['units', 'journal']
/** Judging costs time that the asking needs too: at most a fifth of it. */
const share = 5

/**
 * Asks a host. What can be said so far is told as soon as the unit and the journal have answered, and again as more
 * sources are done; only whole sources are judged, for half an answer reads like another one.
 */
export function ofHost(ask: (onProgress: OnProgress) => Promise<Bundle>): Examine {
	return async telling => {
		const began = performance.now()
		const done = new Set<SourceName>()
		let next = 0
		const judge = (soFar: () => Bundle) => {
			if (telling.signal.aborted || done.size === sources.length) return
			if (!first.every(name => done.has(name)) || performance.now() < next) return
			const start = performance.now()
			const among = sources.filter(({ name }) => done.has(name))
			telling.found(examine(soFar(), rules, 'this host', undefined, among))
			next = performance.now() + share * (performance.now() - start)
		}
		const steps = stepTeller(telling)
		const bundle = await ask((progress, soFar) => {
			steps.progress(progress)
			if (progress.state !== 'done') return
			done.add(progress.source)
			judge(soFar)
		})
		const examination = examine(bundle, rules, 'this host', performance.now() - began)
		for (const step of stepsOf(examination, sources)) {
			const ms = steps.ms(step.source)
			telling.source({ ...step, ...(ms !== undefined && { ms }) })
		}
		return examination
	}
}

/** Turns the progress of single questions into one line per source. */
function stepTeller(telling: Telling) {
	const titles = new Map<SourceName, Source>(sources.map(source => [source.name, source]))
	const times = new Map<SourceName, number>()
	const answers = new Map<SourceName, number>()
	const tell = (name: SourceName, asked: string, state: StepState, ms?: number, says?: string) =>
		telling.source({
			source: name,
			title: titles.get(name)?.title ?? name,
			asked,
			state,
			...(ms !== undefined && { ms }),
			...(says !== undefined && { says }),
		})
	for (const { name } of sources) tell(name, '', 'waiting')
	return {
		ms: (name: SourceName) => times.get(name),
		progress: ({ source, asked, state, ms }: Progress) => {
			if (state === 'asking') tell(source, questionOf({ file: asked }), 'asking')
			if (state === 'answered') answers.set(source, (answers.get(source) ?? 0) + 1)
			if (state !== 'done') return
			const count = answers.get(source) ?? 0
			times.set(source, ms)
			const says = count > 0 ? counted(count, 'answer') : 'no answer'
			tell(source, '', count > 0 ? 'answered' : 'unanswered', ms, says)
		},
	}
}
