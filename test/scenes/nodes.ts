/** The own node's object. */
import type { HealthyFiles, Item } from '../healthy/node.js'

export function changeNode(node: HealthyFiles, change: (item: Item) => Item): void {
	node.update('nodes', change, ({ metadata }) => metadata.name === node.host)
}

/** A condition says this now. */
export function condition(node: HealthyFiles, type: string, values: Record<string, string>): void {
	changeNode(node, item => ({
		...item,
		status: {
			...item.status,
			conditions: ((item.status?.conditions ?? []) as { type: string }[]).map(one =>
				one.type === type ? { ...one, ...values } : one,
			),
		},
	}))
}

interface Taint {
	key: string
	value?: string
	effect: 'NoExecute' | 'NoSchedule'
	timeAdded?: string
}

export function tainted(node: HealthyFiles, taint: Taint): void {
	changeNode(node, item => ({ ...item, spec: { ...item.spec, taints: [taint] } }))
}
