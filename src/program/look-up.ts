/** One object of a live API, its secrets masked before anybody sees it. */
import type { ObjectRef } from '../app/cluster/object.js'
import { redactor } from '../bundle/redact/redactor.js'
import type { LiveHost } from '../host/host.js'
import type { NodeFacts } from '../model/bundle.js'
import { objectPath } from '../sources/cluster/lists.js'
import { statusWords } from '../sources/live/words.js'

const masks = redactor()

export async function lookUp(
	host: Pick<LiveHost, 'kube'>,
	_node: NodeFacts,
	{ of, namespace, name }: ObjectRef,
): Promise<{ object: unknown } | { why: string }> {
	const answer = await host.kube(objectPath(of, namespace, name))
	if (!answer.ok) return { why: answer.unavailable.detail }
	if (answer.value.status !== 200) return { why: statusWords(answer.value) }
	const text = masks.kube(`api/${of}.json`, answer.value.body)
	// What cannot be read cannot be cleaned, and is not shown.
	return text === '' ? { why: 'the answer of the API is no object' } : { object: JSON.parse(text) }
}
