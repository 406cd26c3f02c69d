/** Pods that the kubelet of this node threw out because the node ran short of something. */
import { type Evidence, type Finding, hint, nowOf, strong, unnamed } from '../../src/rule.js'
import { apiQuote, citeEvent } from '../workload/cite.js'
import { fullName, ownNodeName } from '../workload/pods.js'

/** Milliseconds. The kubelet keeps a condition for five minutes; an hour later an eviction is history. */
const fresh = 600_000

const shortOf = /The node was low on resource: (?<resource>[\w.-]{1,60}?)\.?(?:\s|$)/

/** A pod that was evicted stays as Failed; it does not say when that was. */
function evictedOnce({ cluster }: Evidence, resources: RegExp, own: string): Finding | undefined {
	const pod = cluster?.pods?.find(
		({ reason, message, node }) =>
			reason === 'Evicted' &&
			(node === own || own === unnamed) &&
			resources.test(shortOf.exec(message)?.groups?.resource ?? ''),
	)
	return (
		pod &&
		hint('cluster', `The kubelet once evicted ${fullName(pod)}: ${pod.message.slice(0, 200)}`, {
			quote: apiQuote('pods', pod.message.slice(0, 300)),
		})
	)
}

export function evicted(evidence: Evidence, resources: RegExp, condition: string): Finding | undefined {
	const { cluster } = evidence
	const own = ownNodeName(evidence)
	const found = (cluster?.events ?? []).filter(({ reason, kind, message, lastAt, host, namespace, name }) => {
		const resource = shortOf.exec(message)?.groups?.resource
		if (reason !== 'Evicted' || kind !== 'Pod' || !resource || !resources.test(resource)) return false
		if (nowOf(evidence) - lastAt > fresh) return false
		const pod = cluster?.pods?.find(candidate => candidate.namespace === namespace && candidate.name === name)
		return own === unnamed || (host !== '' ? host === own : pod?.node === own)
	})
	const last = found.at(-1)
	if (!last) return evictedOnce(evidence, resources, own)
	const over = cluster?.self?.conditions.find(({ type }) => type === condition)?.status === 'False'
	const says = `The kubelet evicted ${last.namespace}/${last.name}${found.length > 1 ? ` and ${found.length - 1} more` : ''}: ${last.message.slice(0, 200)}`
	return (over ? hint : strong)(
		'cluster',
		over ? `${says}; since then the node says that it has enough` : says,
		citeEvent(last),
	)
}
