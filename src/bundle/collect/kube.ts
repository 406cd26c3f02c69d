/** Answers of the Kubernetes API, as they are filed. */
import type { Answer } from '../../host/host.js'
import type { WhyNot } from '../../model/bundle.js'
import type { Redactor } from '../redact/redactor.js'
import type { Outcome } from './record.js'

interface Filed {
	outcome: Outcome
	text?: string
}

/** `file`: `api/<resource>.json` for lists and objects, `api/<name>.txt` for plain text. */
export function filedKube(
	redact: Redactor,
	file: string,
	answer: Answer<{ status: number; body: string }>,
): Filed {
	const asked = { ms: answer.ms }
	if (!answer.ok) {
		const { why, detail } = answer.unavailable
		return { outcome: { ...asked, exit: 1, why, stderr: `${failureStart(why, detail)}${detail}\n` } }
	}
	const { status, body } = answer.value
	const json = file.endsWith('.json')
	if (status >= 200 && status < 300) {
		const text = json ? redact.kube(file, kubectlShape(body)) : redact.text(file, body)
		return json && text === ''
			? { outcome: { ...asked, exit: 1, why: 'unreadable', stderr: 'error: the answer is no JSON\n' } }
			: { outcome: asked, text }
	}
	const said = statusMessage(body)
	// A failed health check is an answer: which check failed is what we want to know.
	if (!json && said === undefined && status >= 500)
		return { outcome: { ...asked, exit: 1, stderr: `HTTP ${status}\n` }, text: redact.text(file, body) }
	const { why, stderr } = refusal(status, said ?? '')
	return { outcome: { ...asked, exit: 1, why, stderr: redact.text(file, `${stderr}\n`) } }
}

/** The first words of kubectl, by which saved bundles are read too. */
function failureStart(why: WhyNot, detail: string): string {
	if (detail.startsWith('The connection')) return ''
	return why === 'failed' || why === 'timeout' ? 'Unable to connect to the server: ' : 'error: '
}

function refusal(status: number, said: string): { why: WhyNot; stderr: string } {
	if (status === 401)
		return { why: 'denied', stderr: 'error: You must be logged in to the server (Unauthorized)' }
	if (status === 403) return { why: 'denied', stderr: `Error from server (Forbidden): ${said}` }
	if (status === 404) return { why: 'absent', stderr: `Error from server (NotFound): ${said}` }
	return { why: 'failed', stderr: `Error from server (HTTP ${status}): ${said}` }
}

type Fields = Record<string, unknown>

function parsed(text: string): Fields | undefined {
	try {
		const value: unknown = JSON.parse(text)
		return typeof value === 'object' && value !== null ? { ...value } : undefined
	} catch {
		return undefined
	}
}

/** The message of a Status object; `undefined` when the body is none. */
function statusMessage(body: string): string | undefined {
	const told = parsed(body)
	if (told?.kind !== 'Status') return undefined
	return typeof told.message === 'string' ? told.message.slice(0, 2000) : ''
}

/** The API's `PodList`, whose items do not say what they are, as kubectl prints it: a `List` of `Pod`. */
export function kubectlShape(body: string): string {
	const told = parsed(body)
	const { kind, apiVersion, items } = told ?? {}
	if (typeof kind !== 'string' || !kind.endsWith('List') || !Array.isArray(items)) return body
	const about = { apiVersion, kind: kind.slice(0, -'List'.length) }
	return JSON.stringify({
		apiVersion: 'v1',
		items: items.map((item: unknown) => (typeof item === 'object' && item ? { ...about, ...item } : item)),
		kind: 'List',
		metadata: told?.metadata,
	})
}
