/** A node as `kubectl describe node` tells it. */
import type { Placed } from '../draft.js'
import { byKey, isoOf, pairsOf, tableBelow, valuesOf } from './describe.js'
import type { Made } from './list.js'

/** `node.kubernetes.io/unreachable:NoExecute`, `key=value:NoSchedule` */
function taintOf(text: string): unknown {
	const colon = text.lastIndexOf(':')
	const [key, value] = text.slice(0, colon).split('=')
	return { key, ...(value !== undefined && { value }), effect: text.slice(colon + 1) }
}

const dated = /^[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} \d{4} /

export function nodeOfDescription(lines: readonly Placed[]): Made | undefined {
	const [from] = lines
	const top = byKey(lines)
	const name = top.get('Name')?.value
	if (!from || !name) return undefined
	const value = (key: string) => top.get(key)?.value
	const system = byKey(top.get('System Info')?.inner ?? [])
	const info = (key: string) => system.get(key)?.value ?? ''
	const conditions = tableBelow(top.get('Conditions')).map(([type, status, ...rest]) => {
		const times = rest.filter(word => dated.test(word))
		const words = rest.filter(word => !dated.test(word))
		const [reason = '', ...message] = words
		return {
			type,
			status,
			reason,
			message: message.join(' '),
			lastTransitionTime: isoOf(times[1] ?? times[0]),
		}
	})
	const addresses = Object.entries(pairsOf(top.get('Addresses'), ':'))
	return {
		from,
		object: {
			kind: 'Node',
			metadata: {
				name,
				labels: pairsOf(top.get('Labels'), '='),
				annotations: pairsOf(top.get('Annotations'), ': '),
				creationTimestamp: isoOf(value('CreationTimestamp')),
			},
			spec: {
				...(value('Unschedulable') === 'true' && { unschedulable: true }),
				taints: valuesOf(top.get('Taints')).map(taintOf),
				podCIDRs: (value('PodCIDRs') ?? value('PodCIDR') ?? '').split(',').filter(Boolean),
				...(value('ProviderID') && { providerID: value('ProviderID') }),
			},
			status: {
				conditions,
				addresses: addresses.map(([type, address]) => ({ type, address })),
				capacity: pairsOf(top.get('Capacity'), ':'),
				allocatable: pairsOf(top.get('Allocatable'), ':'),
				nodeInfo: {
					machineID: info('Machine ID'),
					bootID: info('Boot ID'),
					kernelVersion: info('Kernel Version'),
					osImage: info('OS Image'),
					architecture: info('Architecture'),
					containerRuntimeVersion: info('Container Runtime Version'),
					kubeletVersion: info('Kubelet Version'),
				},
			},
		},
	}
}
