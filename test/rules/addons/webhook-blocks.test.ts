import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles } from '../../judge.js'
import { ago, cluster, event, justBooted, klog, lately, pod } from '../cluster-text.js'

describe('webhook-blocks', () => {
	const hook = (more: Record<string, unknown> = {}) => ({
		metadata: { name: 'gate' },
		webhooks: [
			{
				name: 'gate.corp.example',
				failurePolicy: 'Fail',
				clientConfig: { service: { namespace: 'gate', name: 'gate' } },
				rules: [{ resources: ['deployments'] }],
				...more,
			},
		],
	})
	const gate = {
		metadata: { namespace: 'gate', name: 'gate' },
		spec: { selector: { app: 'gate' }, ports: [] },
	}
	const slice = (ready: boolean) => ({
		metadata: { namespace: 'gate', labels: { 'kubernetes.io/service-name': 'gate' } },
		endpoints: [{ addresses: ['10.42.0.9'], conditions: { ready } }],
	})
	const refused = event({
		kind: 'ReplicaSet',
		name: 'web-5',
		reason: 'FailedCreate',
		message:
			'Error creating: Internal error occurred: failed calling webhook "gate.corp.example": failed to call webhook: Post "https://gate.gate.svc:443/x?timeout=10s": no endpoints available for service "gate"',
		count: 9,
	})

	it('fires when its service is gone, and deletes it only after the node’s name was typed', () => {
		const examination = judgeFiles(
			cluster({
				mutatingwebhookconfigurations: [hook()],
				validatingwebhookconfigurations: [],
				services: [],
				events: [refused],
			}),
		)
		expect(causesOf(examination)).toEqual({ 'webhook-blocks': 'certain' })
		expect(examination.report.diagnoses[0]?.remedies[1]).toMatchObject({
			risk: 'destructive',
			steps: [{ kube: { delete: { kind: 'mutatingwebhookconfiguration', name: 'gate' } } }],
		})
	})

	it('fires when no pod stands behind it', () => {
		const files = cluster({
			validatingwebhookconfigurations: [hook()],
			services: [gate],
			endpointslices: [],
			events: [refused],
		})
		expect(causesOf(judgeFiles(files))).toEqual({ 'webhook-blocks': 'certain' })
	})

	it('is told by the API server’s log too', () => {
		const line = klog(
			'failed calling webhook "gate.corp.example": failed to call webhook: Post "https://gate.gate.svc:443/x?timeout=10s": context deadline exceeded',
		)
		const files = cluster({}, {}, [
			[lately - 9, 'k3s', line],
			[lately - 5, 'k3s', line],
			[lately, 'k3s', line],
		])
		expect(causesOf(judgeFiles(files))).toEqual({ 'webhook-blocks': 'likely' })
	})

	it('is silent about webhooks that answer, that may fail, or whose pod is coming up', () => {
		const well = { services: [gate], endpointslices: [slice(true)] }
		expect(causesOf(judgeFiles(cluster({ validatingwebhookconfigurations: [hook()], ...well })))).toEqual({})
		expect(
			causesOf(
				judgeFiles(
					cluster({ validatingwebhookconfigurations: [hook({ failurePolicy: 'Ignore' })], services: [] }),
				),
			),
		).toEqual({})
		const young = {
			...cluster({
				validatingwebhookconfigurations: [hook()],
				services: [gate],
				endpointslices: [slice(false)],
				pods: [
					pod({
						namespace: 'gate',
						name: 'gate-1',
						labels: { app: 'gate' },
						containers: [{ ready: false, state: { running: { startedAt: ago(5) } } }],
					}),
				],
			}),
			...justBooted,
		}
		expect(causesOf(judgeFiles(young))).toEqual({})
	})
})
