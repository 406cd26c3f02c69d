/** Rows of `kubectl get nodes -o wide`, where neither the JSON nor the description is there. */
import { kubectlAge } from '../ages.js'
import type { Row } from '../table.js'
import { isoAgo } from './pods.js'

export function nodeOfRow({ cells }: Row, at: number): unknown {
	const told = (cells.get('STATUS') ?? '').split(',')
	const ready = told.includes('Ready') ? 'True' : told.includes('NotReady') ? 'False' : 'Unknown'
	const roles = (cells.get('ROLES') ?? '').split(',').filter(role => role && role !== '<none>')
	const cordoned = told.includes('SchedulingDisabled')
	const addresses = [
		['InternalIP', cells.get('INTERNAL-IP')],
		['ExternalIP', cells.get('EXTERNAL-IP')],
		['Hostname', cells.get('NAME')],
	].filter(([, address]) => address && address !== '<none>')
	return {
		kind: 'Node',
		metadata: {
			name: cells.get('NAME') ?? '',
			creationTimestamp: isoAgo(at, kubectlAge(cells.get('AGE') ?? '')),
			labels: Object.fromEntries(roles.map(role => [`node-role.kubernetes.io/${role}`, 'true'])),
		},
		spec: {
			...(cordoned && {
				unschedulable: true,
				taints: [{ key: 'node.kubernetes.io/unschedulable', effect: 'NoSchedule' }],
			}),
		},
		status: {
			conditions: [{ type: 'Ready', status: ready }],
			addresses: addresses.map(([type, address]) => ({ type, address })),
			nodeInfo: {
				kubeletVersion: cells.get('VERSION') ?? '',
				osImage: cells.get('OS-IMAGE') ?? '',
				kernelVersion: (cells.get('KERNEL-VERSION') ?? '').split(' ')[0] ?? '',
				containerRuntimeVersion: cells.get('CONTAINER-RUNTIME') ?? '',
			},
		},
	}
}
