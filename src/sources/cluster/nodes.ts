import type { KubeNode, Taint } from '../../model/evidence/index.js'
import { fields, inside, list, map, optional, text, texts, time } from '../field.js'
import { conditions, meta } from './meta.js'

function taint(value: unknown): Taint {
	const { key, value: told, effect, timeAdded } = fields(value)
	return { key: text(key), value: text(told), effect: text(effect), ...optional('since', time(timeAdded)) }
}

export function kubeNode(object: unknown): KubeNode {
	const spec = inside(object, 'spec')
	const status = inside(object, 'status')
	const info = fields(status.nodeInfo)
	const podCidrs = texts(spec.podCIDRs)
	return {
		...meta(object),
		unschedulable: spec.unschedulable === true,
		taints: list(spec.taints)
			.map(taint)
			.filter(found => found.key),
		conditions: conditions(object),
		addresses: list(status.addresses)
			.map(fields)
			.map(({ type, address }) => ({ type: text(type), address: text(address) })),
		podCidrs: podCidrs.length ? podCidrs : texts([spec.podCIDR]),
		kubeletVersion: text(info.kubeletVersion),
		osImage: text(info.osImage),
		arch: text(info.architecture),
		kernel: text(info.kernelVersion),
		runtime: text(info.containerRuntimeVersion),
		capacity: map(status.capacity),
		allocatable: map(status.allocatable),
		providerId: text(spec.providerID),
		...optional('bootId', text(info.bootID) || undefined),
		...optional('machineId', text(info.machineID) || undefined),
	}
}
