/** What the kubelet says of a shortage: a condition of the node, and events. */
import { type FactSign, fact, hint, type KubeEvent, nowOf, proof } from '../../src/rule.js'
import { apiQuote } from '../workload/cite.js'

/** The node reports a condition such as `MemoryPressure`. */
export const reports = (condition: string): FactSign =>
	fact(['cluster'], ({ cluster }) => {
		const found = cluster.self?.conditions.find(({ type }) => type === condition)
		return (
			found?.status === 'True' &&
			proof('cluster', `The node reports ${condition}: ${found.message || found.reason}`, {
				quote: apiQuote('nodes', `${found.reason}: ${found.message}`),
				at: found.since,
			})
		)
	})

/** Events of this node that are about the shortage, and not older than `within` milliseconds; the first `most`. */
export const warned = (isAbout: (event: KubeEvent) => boolean, within: number, most: number): FactSign =>
	fact(['cluster'], ({ cluster }, evidence) =>
		(cluster.events ?? [])
			.filter(
				event =>
					isAbout(event) &&
					(event.host === cluster.self?.name || event.name === cluster.self?.name) &&
					nowOf(evidence) - event.lastAt < within,
			)
			.slice(0, most)
			.map(({ reason, message, lastAt, count }) =>
				hint('cluster', `${reason}: ${message.slice(0, 200)}`, {
					quote: apiQuote('events', message),
					at: lastAt,
					count,
				}),
			),
	)
