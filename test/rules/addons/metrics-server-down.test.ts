import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles, judgeRecording, rootsOf } from '../../judge.js'
import { ago, cluster, justBooted, pod } from '../cluster-text.js'

const deployment = (name: string, wanted = 1, ready = 0) => ({
	metadata: { namespace: 'kube-system', name, creationTimestamp: ago(500) },
	spec: { replicas: wanted, template: { spec: { containers: [{ image: name }] } } },
	status: { readyReplicas: ready },
})

const metrics = (since: string, reason = 'MissingEndpoints') => ({
	metadata: { name: 'v1beta1.metrics.k8s.io' },
	spec: { service: { namespace: 'kube-system', name: 'metrics-server' } },
	status: {
		conditions: [{ type: 'Available', status: 'False', reason, message: 'x', lastTransitionTime: since }],
	},
})

describe('metrics-server-down', () => {
	it('fires when it has been away for minutes, and when it was switched off', () => {
		const away = cluster({ apiservices: [metrics(ago(400))], deployments: [deployment('metrics-server')] })
		expect(causesOf(judgeFiles(away))).toEqual({ 'metrics-server-down': 'likely' })
		const off = cluster({ apiservices: [metrics(ago(30))], deployments: [deployment('metrics-server', 0)] })
		expect(causesOf(judgeFiles(off))).toEqual({ 'metrics-server-down': 'likely' })
	})

	it('is silent while it comes up', () => {
		const starting = pod({
			namespace: 'kube-system',
			name: 'metrics-server-7-x',
			containers: [{ ready: false, state: { running: { startedAt: ago(8) } } }],
		})
		const files = {
			...cluster({
				apiservices: [metrics(ago(30))],
				deployments: [deployment('metrics-server')],
				pods: [starting],
			}),
			...justBooted,
		}
		expect(rootsOf(judgeFiles(files))).toEqual([])
	})

	it('folds under the image that is missing', async () => {
		const examination = await judgeRecording('images-missing', {
			'commands/date.txt': '2026-11-21T05:26:05,1+00:00\n',
			'api/events.json': text => text.replaceAll('2026-11-21T05:21', '2026-11-21T05:25'),
		})
		expect(rootsOf(examination)[0]).toBe('airgap-images-missing')
		expect(rootsOf(examination)).not.toContain('metrics-server-down')
	})
})
