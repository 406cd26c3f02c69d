/** A list of the Kubernetes API, page by page: of each page only what is read from it is kept. */
import type { LiveHost } from '../../host/host.js'
import { inside, isObject, json, text } from '../field.js'
import { statusWords, waitOf } from './words.js'

/** Objects per page. */
const page = 250
/** Nobody reads more. */
const mostObjects = 50_000

export type ListEnd<T> =
	| { ok: true; objects: T[]; version: string }
	| { ok: false; trouble: string; waitMs?: number }

/** Page by page; told only when it is whole. */
export async function listAll<T>(
	host: Pick<LiveHost, 'kube'>,
	path: string,
	{ read, limit }: { read(object: unknown): T; limit: number },
	signal: AbortSignal,
): Promise<ListEnd<T>> {
	const objects: T[] = []
	let next = ''
	do {
		const asked = withQuery(path, `limit=${page}${next ? `&continue=${encodeURIComponent(next)}` : ''}`)
		const answer = await host.kube(asked, limit)
		if (signal.aborted) return { ok: false, trouble: 'stopped' }
		if (!answer.ok) return { ok: false, trouble: answer.unavailable.detail }
		const { status, body } = answer.value
		// The rest of the pages is too old: the list begins anew.
		if (status === 410 && next !== '') {
			return { ok: false, trouble: 'the list grew too old while it was read (410 Gone)' }
		}
		if (status !== 200) return { ok: false, trouble: statusWords(answer.value), ...waitOf(answer.value) }
		const told = json(body)
		if (!isObject(told) || !Array.isArray(told.items))
			return { ok: false, trouble: 'the answer of the API is no list' }
		for (const item of told.items) if (isObject(item)) objects.push(read(item))
		const { continue: more, resourceVersion } = inside(told, 'metadata')
		next = text(more)
		if (next === '' || objects.length >= mostObjects) {
			return { ok: true, objects, version: text(resourceVersion) }
		}
	} while (!signal.aborted)
	return { ok: false, trouble: 'stopped' }
}

export function withQuery(path: string, query: string): string {
	return `${path}${path.includes('?') ? '&' : '?'}${query}`
}
