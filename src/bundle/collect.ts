/** Asks a host everything that the sources want to know. */
import type { Host } from '../host/host.js'
import type { Bundle, NodeFacts } from '../model/bundle.js'
import { fileOf } from '../model/bundle.js'
import type { SourceName } from '../model/evidence/index.js'
import type { Source } from '../sources/source.js'
import { askFor, type Collection } from './collect/ask.js'
import { recorder } from './collect/record.js'
import { slots } from './collect/slots.js'
import { finish } from './redact/bundle.js'
import { type Redactor, redactor } from './redact/redactor.js'

export interface Progress {
	source: SourceName
	/** The bundle file of the question; empty: the source as a whole. */
	asked: string
	state: 'asking' | 'answered' | 'unanswered' | 'done'
	ms: number
}

/** `soFar` makes a bundle of what has been answered by now, for a first verdict while the rest is asked. */
export type OnProgress = (progress: Progress, soFar: () => Bundle) => void

export interface CollectOptions {
	onProgress?: OnProgress
	/** Seconds after which whatever is missing counts as timed out. Default 45. */
	limitSeconds?: number
	/** How far back logs are asked for, as journalctl takes it. */
	since?: string | undefined
	/** Masks what is filed. Default: what is known to be secret. */
	redact?: Redactor
	/** Files that are taken along where they are there, e.g. the doctor's own log of what it did. */
	also?: readonly string[]
}

/** All sources ask at once. Never throws, and ends within the limit whatever the host does. */
export async function collect(
	host: Host,
	node: NodeFacts,
	sources: readonly Source[],
	{
		onProgress = () => undefined,
		limitSeconds = 45,
		since,
		redact = redactor(),
		also = [],
	}: CollectOptions = {},
): Promise<Bundle> {
	const takenAt = `${new Date().toISOString().slice(0, 19)}Z`
	const ends = performance.now() + limitSeconds * 1000
	const facts = factsOf(node)
	let over = false
	const all: Collection = {
		host,
		node: facts,
		record: recorder(),
		slots: slots(),
		redact,
		asked: new Map(),
		left: () => (over ? 0 : ends - performance.now()),
		since,
	}
	const stopped = new Map<SourceName, string>()
	// A report may be saved already: what is known to be secret by now is masked in all that came before.
	const soFar = (): Bundle =>
		finish(
			{
				schema: 1,
				node: facts,
				takenAt,
				live: { stopped: new Map(stopped) },
				...all.record.soFar(),
				masked: redact.masked(),
			},
			redact.anew(),
		)
	const tell = (progress: Progress) => onProgress(progress, soFar)
	const unfinished = new Map(sources.map(({ name, title }) => [name, title]))

	async function collectOne({ name, title, collect }: Source): Promise<void> {
		const started = performance.now()
		try {
			await collect(askFor(all, (asked, state, ms) => tell({ source: name, asked, state, ms })))
		} catch (error) {
			const message = error instanceof Error ? error.message : String(error)
			all.record.note(`Asking for ${title} failed: ${message.slice(0, 300)}`)
			stopped.set(name, `asking failed (${message.slice(0, 300)})`)
		}
		unfinished.delete(name)
		tell({ source: name, asked: '', state: 'done', ms: Math.round(performance.now() - started) })
	}

	/** What is not there was never expected: there is nothing to tell. */
	async function takeAlong(path: string): Promise<void> {
		const answer = await host.read(path)
		if (answer.ok)
			all.record.open({ file: fileOf(path), path })(
				{ ms: answer.ms },
				redact.text(fileOf(path), answer.value.text),
			)
	}

	const asking = [...sources.map(collectOne), ...also.map(takeAlong)]
	const inTime = await before(ends, Promise.all(asking))
	over = true
	if (!inTime) {
		const late = [...unfinished.values()].join(', ')
		all.record.note(`Not everything was answered within ${limitSeconds} s: ${late}`)
		for (const name of unfinished.keys()) stopped.set(name, 'the time was up')
	}
	return finish({ schema: 1, node: facts, takenAt, live: { stopped }, ...all.record.close() }, redact)
}

/** Who found the node may know more than a bundle holds. */
function factsOf({ hostname, role, unit, init, dataDir, root }: NodeFacts): NodeFacts {
	return { hostname, role, unit, init, dataDir, root }
}

async function before(ends: number, work: Promise<unknown>): Promise<boolean> {
	let timer: NodeJS.Timeout | undefined
	const over = new Promise<false>(resolve => {
		timer = setTimeout(() => resolve(false), Math.max(0, ends - performance.now()))
	})
	try {
		return await Promise.race([work.then(() => true), over])
	} finally {
		clearTimeout(timer)
	}
}
