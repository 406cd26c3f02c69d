/** One object of a live API, its secrets masked before anybody sees it. */
import type { ObjectRef } from '../app/cluster/object.js'
import type { Redactor } from '../bundle/redact/redactor.js'
import type { LiveHost } from '../host/host.js'
import { objectPath } from '../sources/cluster/lists.js'
import { statusWords } from '../sources/live/words.js'

/** `redact`: the session's own, so that a secret gets the mark that it has in the bundle. */
export async function lookUp(
	host: Pick<LiveHost, 'kube'>,
	redact: Redactor,
	{ of, namespace, name }: ObjectRef,
): Promise<{ object: unknown } | { why: string }> {
	const answer = await host.kube(objectPath(of, namespace, name))
	if (!answer.ok) return { why: answer.unavailable.detail }
	if (answer.value.status !== 200) return { why: statusWords(answer.value) }
	const text = redact.kube(`api/${of}.json`, answer.value.body)
	// What cannot be read cannot be cleaned, and is not shown.
	return text === '' ? { why: 'the answer of the API is no object' } : { object: JSON.parse(text) }
}
