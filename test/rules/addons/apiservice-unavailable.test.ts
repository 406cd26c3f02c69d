import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles, rootsOf } from '../../judge.js'
import { ago, cluster, pod } from '../cluster-text.js'

const metrics = (since: string, reason = 'MissingEndpoints') => ({
	metadata: { name: 'v1beta1.metrics.k8s.io' },
	spec: { service: { namespace: 'kube-system', name: 'metrics-server' } },
	status: {
		conditions: [{ type: 'Available', status: 'False', reason, message: 'x', lastTransitionTime: since }],
	},
})

describe('apiservice-unavailable', () => {
	const api = (reason: string, since: string, name = 'v1beta1.external.metrics.k8s.io') => ({
		metadata: { name },
		spec: { service: { namespace: 'keda', name: 'keda-metrics' } },
		status: {
			conditions: [
				{
					type: 'Available',
					status: 'False',
					reason,
					message: `service/keda-metrics in "keda": ${reason}`,
					lastTransitionTime: since,
				},
			],
		},
	})
	const keda = { metadata: { namespace: 'keda', name: 'keda-metrics' }, spec: { selector: { app: 'keda' } } }

	it('fires when the service is not there, and when no pod serves it', () => {
		expect(
			causesOf(judgeFiles(cluster({ apiservices: [api('ServiceNotFound', ago(10))], services: [] }))),
		).toEqual({ 'apiservice-unavailable': 'certain' })
		expect(
			causesOf(judgeFiles(cluster({ apiservices: [api('MissingEndpoints', ago(40))], services: [keda] }))),
		).toEqual({ 'apiservice-unavailable': 'certain' })
	})

	it('has a namespace that cannot go away fold under it', () => {
		const old = {
			metadata: { name: 'old', deletionTimestamp: ago(600) },
			status: {
				phase: 'Terminating',
				conditions: [
					{
						type: 'NamespaceDeletionDiscoveryFailure',
						status: 'True',
						reason: 'x',
						message: 'Discovery failed for some groups',
						lastTransitionTime: ago(590),
					},
				],
			},
		}
		expect(
			rootsOf(
				judgeFiles(
					cluster({
						apiservices: [api('FailedDiscoveryCheck', ago(900))],
						services: [keda],
						namespaces: [old],
					}),
				),
			),
		).toEqual(['apiservice-unavailable'])
	})

	it('is silent while its pod starts, and about the metrics of k3s', () => {
		const starting = {
			...cluster({
				apiservices: [api('MissingEndpoints', ago(40))],
				services: [keda],
				pods: [
					pod({
						namespace: 'keda',
						name: 'keda-1',
						labels: { app: 'keda' },
						containers: [{ ready: false, state: { running: { startedAt: ago(4) } } }],
					}),
				],
			}),
		}
		expect(causesOf(judgeFiles(starting))).toEqual({})
		expect(causesOf(judgeFiles(cluster({ apiservices: [metrics(ago(400))] })))).not.toHaveProperty(
			'apiservice-unavailable',
		)
	})
})
