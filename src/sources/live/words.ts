/** What the Kubernetes API says when it refuses, and how long it wants to be left alone. */
import type { KubeAnswer } from '../../host/host.js'
import { fields, json, text } from '../field.js'

export function waitOf({ retryAfterMs }: { retryAfterMs?: number }): { waitMs?: number } {
	// A server that asks for an hour gets a minute: an operator is waiting.
	return retryAfterMs === undefined ? {} : { waitMs: Math.min(60_000, Math.max(0, retryAfterMs)) }
}

const meanings: Readonly<Record<number, string>> = {
	401: 'the credentials were not accepted (401)',
	403: 'it is not allowed (403)',
	404: 'the API does not know it (404)',
	410: 'the list had grown too old (410)',
	429: 'the API has too much to do (429)',
}

/** A refusal in words: what the status means, and what the server said. */
export function statusWords({ status, body }: Pick<KubeAnswer, 'status' | 'body'>): string {
	const said = statusMessage(json(body))
	return [meanings[status] ?? `the API failed (${status})`, said].filter(Boolean).join(': ')
}

export function statusMessage(object: unknown): string {
	return text(fields(object).message).slice(0, 300)
}
