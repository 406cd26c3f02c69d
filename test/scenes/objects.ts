/** Objects of the API that only some clusters have. */
import type { HealthyFiles } from '../healthy/node.js'
import { keepsSaying, klog } from './journal.js'

interface Webhook {
	kind: 'mutating' | 'validating'
	/** Of its configuration, and its own. */
	name: string
	hook: string
	service: { namespace: string; name: string }
	path: string
}

/** An admission webhook whose service is gone: the API server says so, and refuses pods. */
export function deadWebhook(node: HealthyFiles, { kind, name, hook, service, path }: Webhook): void {
	node.add(`${kind}webhookconfigurations`, {
		metadata: { name, creationTimestamp: node.ago(90_000) },
		webhooks: [
			{ name: hook, failurePolicy: 'Fail', clientConfig: { service }, rules: [{ resources: ['pods'] }] },
		],
	})
	const url = `https://${service.name}.${service.namespace}.svc:443/${path}?timeout=10s`
	keepsSaying(node, [
		klog(
			`Failed calling webhook, failing closed ${hook}: failed calling webhook \\"${hook}\\": failed to call webhook: Post \\"${url}\\": service \\"${service.name}\\" not found`,
			'dispatcher.go:221',
		),
	])
}

/** The load balancer `edge` of the application, on port 443. */
export function loadBalancer(node: HealthyFiles, age: number, address?: string): void {
	node.add('services', {
		metadata: { namespace: 'shop', name: 'edge', uid: 'u-2', creationTimestamp: node.ago(age) },
		spec: { type: 'LoadBalancer', clusterIP: '10.43.9.9', ports: [{ port: 443, protocol: 'TCP' }] },
		status: { loadBalancer: address ? { ingress: [{ ip: address }] } : {} },
	})
}

/** The job by which the system-upgrade-controller upgrades this node. */
export function upgradeJob(node: HealthyFiles, age: number, status: Record<string, unknown>): void {
	node.add('jobs', {
		metadata: {
			namespace: 'system-upgrade',
			name: 'apply-server-plan-on-s1-with-1',
			uid: 'u-j',
			creationTimestamp: node.ago(age),
			labels: { 'upgrade.cattle.io/plan': 'server-plan' },
		},
		spec: { completions: 1 },
		status,
	})
}

/** An aggregated API whose service has no pods. */
export const missingEndpoints = (node: HealthyFiles, service: string, port: string, since: number) => ({
	conditions: [
		{
			type: 'Available',
			status: 'False',
			reason: 'MissingEndpoints',
			message: `endpoints for service/${service} have no addresses with port name "${port}"`,
			lastTransitionTime: node.ago(since),
		},
	],
})
