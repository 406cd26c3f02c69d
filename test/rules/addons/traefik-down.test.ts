import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles, rootsOf } from '../../judge.js'
import { ago, cluster, died, justBooted, pod } from '../cluster-text.js'

const deployment = (name: string, wanted = 1, ready = 0) => ({
	metadata: { namespace: 'kube-system', name, creationTimestamp: ago(500) },
	spec: { replicas: wanted, template: { spec: { containers: [{ image: name }] } } },
	status: { readyReplicas: ready },
})

describe('traefik-down', () => {
	const sick = pod({
		namespace: 'kube-system',
		name: 'traefik-6c-x',
		containers: [
			{
				restarts: 5,
				state: { waiting: { reason: 'CrashLoopBackOff', message: 'back-off' } },
				last: died(1, 40),
			},
		],
	})

	it('fires when its pod goes round in circles', () => {
		expect(rootsOf(judgeFiles(cluster({ deployments: [deployment('traefik')], pods: [sick] })))).toEqual([
			'traefik-down',
		])
	})

	it('folds under the job that should install it', () => {
		const charts = ['traefik', 'traefik-crd'].map(name => ({
			metadata: { namespace: 'kube-system', name, creationTimestamp: ago(500) },
			spec: { chart: `https://%{KUBERNETES_API}%/static/charts/${name}-1.tgz` },
			status: { conditions: [{ type: 'Failed', status: 'True', reason: 'x', message: 'y' }] },
		}))
		const examination = judgeFiles(
			cluster({ deployments: [deployment('coredns', 1, 1)], helmcharts: charts }),
		)
		expect(rootsOf(examination)).toEqual(['helm-job-failed'])
		expect(causesOf(examination)).toHaveProperty('traefik-down')
	})

	it('is silent where it is disabled, ready, or on its way', () => {
		const off = { 'files/etc/rancher/k3s/config.yaml': 'disable: [traefik]\n' }
		expect(causesOf(judgeFiles(cluster({ deployments: [deployment('traefik')] }, off)))).not.toHaveProperty(
			'traefik-down',
		)
		expect(causesOf(judgeFiles(cluster({ deployments: [deployment('traefik', 1, 1)] })))).toEqual({})
		const young = pod({
			namespace: 'kube-system',
			name: 'traefik-6c-x',
			containers: [{ state: { waiting: { reason: 'ContainerCreating' } } }],
		})
		const booting = {
			...cluster({ deployments: [deployment('traefik')], pods: [young] }),
			...justBooted,
		}
		expect(causesOf(judgeFiles(booting))).toEqual({})
	})
})
