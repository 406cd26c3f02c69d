/**
 * Follows one list of the Kubernetes API: lists it, watches it from there, and begins anew where that fails. Where it
 * can be listed but not watched, it is listed again and again. Every end of a watch is told in words.
 */
import type { KubeEnd, LiveHost } from '../../host/host.js'
import { fields, inside, isObject, json, number, text } from '../field.js'
import { listAll, withQuery } from './list-all.js'
import { rest } from './rest.js'
import { statusMessage, statusWords, waitOf } from './words.js'

/** Times in milliseconds. */
export interface Pace {
	/** Between two lists, where nothing better works. */
	poll: number
	/** First and longest wait after a failure; it doubles in between. */
	retry: number
	retryMost: number
	/** How long a question may take. */
	limit: number
	/** After so much silence of a watch the API is asked whether it is still there. */
	silence: number
	/** The server ends a watch after so long. */
	watch: number
}

export const usualPace: Pace = {
	poll: 5_000,
	retry: 1_000,
	retryMost: 15_000,
	limit: 5_000,
	silence: 20_000,
	watch: 300_000,
}

export type Spoken = 'watch' | 'poll'

/** `T`: what is kept of an object. */
export interface Listener<T> {
	read(object: unknown): T
	/** All that was there when it was listed: what is not among them is gone. */
	listed(objects: readonly T[]): void
	changed(object: T): void
	deleted(object: T): void
	/** How it is told from now on. `trouble`: why it is not watched. */
	speaks(how: Spoken, trouble?: string): void
	/** Something went wrong that is being got over. */
	incident(says: string): void
	/** There is no list: why. */
	silent(trouble: string): void
}

export interface Following {
	stop(): void
	/** Resolves when it has stopped. */
	ended: Promise<void>
}

type Host = Pick<LiveHost, 'kube' | 'watchKube'>

export function follow<T>(
	host: Host,
	path: string,
	listener: Listener<T>,
	pace: Pace = usualPace,
): Following {
	const abort = new AbortController()
	return { stop: () => abort.abort(), ended: run(host, path, listener, pace, abort.signal) }
}

async function run<T>(
	host: Host,
	path: string,
	listener: Listener<T>,
	pace: Pace,
	signal: AbortSignal,
): Promise<void> {
	let failures = 0
	while (!signal.aborted) {
		const listing = await listAll(host, path, { read: listener.read, limit: pace.limit }, signal)
		if (signal.aborted) return
		if (!listing.ok) {
			listener.silent(listing.trouble)
			failures += 1
			await rest(listing.waitMs ?? backoff(pace, failures), signal)
			continue
		}
		failures = 0
		listener.listed(listing.objects)
		const trouble = await watchOn(host, path, listing.version, listener, pace, signal)
		if (trouble === undefined || signal.aborted) continue
		listener.speaks('poll', trouble.says)
		await rest(trouble.waitMs ?? pace.poll, signal)
	}
}

const backoff = (pace: Pace, failures: number) =>
	Math.min(pace.retryMost, pace.retry * 2 ** Math.min(10, Math.max(0, failures - 1)))

interface Trouble {
	says: string
	waitMs?: number
}

/** Watches until the list has to be made anew (`undefined`), or watching does not work. */
async function watchOn<T>(
	host: Host,
	path: string,
	version: string,
	listener: Listener<T>,
	pace: Pace,
	signal: AbortSignal,
): Promise<Trouble | undefined> {
	let from = version
	let failures = 0
	while (!signal.aborted) {
		const state: Watched = { from, opened: false, tooOld: false }
		const began = performance.now()
		const end = await oneWatch(host, path, state, listener, pace, signal)
		from = state.from
		if (signal.aborted || end.how === 'stopped') return undefined
		if (state.tooOld || (end.how === 'refused' && end.status === 410)) {
			listener.incident('the API no longer knew where the watch was (410 Gone); all was listed anew')
			return undefined
		}
		if (end.how === 'refused') {
			const says = statusWords(end)
			listener.incident(`the watch was refused: ${says}`)
			if (end.status === 429 || end.status >= 500) {
				failures += 1
				listener.speaks('poll', `the watch was refused: ${says}`)
				await rest(waitOf(end).waitMs ?? backoff(pace, failures), signal)
				if (failures < 3) continue
			}
			return { says: `it cannot be watched: ${says}`, ...waitOf(end) }
		}
		if (end.how === 'failed' || state.error !== undefined) {
			const says = end.how === 'failed' ? end.detail : `the watch ended: ${state.error}`
			listener.incident(says)
			failures = state.opened ? 1 : failures + 1
			// Listed anew, which also tells whether anybody is there at all.
			if (failures > 1) return { says }
			await rest(pace.retry / 4, signal)
			return undefined
		}
		// Closed in good order, as the server does with every watch after a while.
		failures = 0
		if (performance.now() - began < pace.retry) await rest(pace.retry, signal)
	}
	return undefined
}

interface Watched {
	/** The version up to which everything has been told. */
	from: string
	opened: boolean
	tooOld: boolean
	/** What the server said when it ended the watch. */
	error?: string
}

async function oneWatch<T>(
	host: Host,
	path: string,
	state: Watched,
	listener: Listener<T>,
	pace: Pace,
	signal: AbortSignal,
): Promise<KubeEnd> {
	const seconds = Math.max(1, Math.round(pace.watch / 1000))
	const query = `watch=1&allowWatchBookmarks=true&timeoutSeconds=${seconds}&resourceVersion=${encodeURIComponent(state.from)}`
	const own = new AbortController()
	const stop = () => own.abort()
	signal.addEventListener('abort', stop)
	let heard = performance.now()
	let hung: string | undefined
	// A peer that is gone without a word looks like one that has nothing to say: now and then it is asked.
	const guard = setInterval(() => {
		if (performance.now() - heard < pace.silence) return
		heard = performance.now()
		void host.kube('/version', pace.limit).then(answer => {
			if (answer.ok || own.signal.aborted) return
			hung = `the API fell silent: ${answer.unavailable.detail}`
			own.abort()
		})
	}, pace.silence)
	guard.unref()
	try {
		const end = await host.watchKube(withQuery(path, query), {
			signal: own.signal,
			limitMs: pace.limit,
			onOpen: () => {
				state.opened = true
				listener.speaks('watch')
			},
			onLine: line => {
				heard = performance.now()
				if (take(line, state, listener) === 'over') own.abort()
			},
		})
		if (hung !== undefined) return { how: 'failed', detail: hung }
		return end.how === 'stopped' && !signal.aborted ? { how: 'closed' } : end
	} finally {
		clearInterval(guard)
		signal.removeEventListener('abort', stop)
	}
}

/** One event of a watch. */
function take<T>(line: string, state: Watched, listener: Listener<T>): 'over' | undefined {
	const { type, object } = fields(json(line))
	if (type === 'ERROR') {
		state.tooOld = number(fields(object).code) === 410
		if (!state.tooOld) state.error = statusMessage(object) || 'without a reason'
		return 'over'
	}
	if (!isObject(object)) return undefined
	const version = text(inside(object, 'metadata').resourceVersion)
	if (version) state.from = version
	if (type === 'ADDED' || type === 'MODIFIED') listener.changed(listener.read(object))
	if (type === 'DELETED') listener.deleted(listener.read(object))
	return undefined
}
