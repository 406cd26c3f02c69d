/** Nodes that report regularly: what does not get through to them is not due to their being away. */
import type { Evidence } from '../../src/rule.js'

/** By its name or one of its addresses. */
function isReadyNode({ cluster }: Evidence, who: string): boolean {
	return (cluster?.nodes ?? []).some(
		({ name, addresses, conditions }) =>
			(name === who || addresses.some(({ address }) => address === who)) &&
			conditions.some(({ type, status }) => type === 'Ready' && status === 'True'),
	)
}

/** Where no list of nodes was answered, nothing says that the node is away. */
export function isReadyOrUnknown(evidence: Evidence, who: string): boolean {
	return evidence.cluster?.nodes === undefined
		? evidence.service?.state === 'running'
		: isReadyNode(evidence, who)
}
