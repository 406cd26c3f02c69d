import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles, rootsOf } from '../../judge.js'
import { ago, cluster, event, list, pod } from '../cluster-text.js'
import { podLog } from '../network/net-text.js'
import { crashing, labels, coredns as name, well } from './coredns-text.js'

const config = 'files/etc/rancher/k3s/config.yaml'

describe('coredns-down', () => {
	const parse = (file: string) => `${file}:7 - Error during parsing: Unknown directive 'rewrit'`

	it.each([
		['/etc/coredns/Corefile', 'coredns'],
		['/etc/coredns/custom/site.override', 'coredns-custom'],
	])('fires on a mistake in %s, and names the ConfigMap %s', (file, map) => {
		const files = cluster({ pods: [crashing] }, podLog(name, [[20, parse(file)]], { instance: 4 }))
		const { diagnoses } = judgeFiles(files).report
		expect(diagnoses[0]).toMatchObject({ cause: 'coredns-down', confidence: 'certain' })
		expect(diagnoses[0]?.remedies[0]?.title).toBe(`Correct the ConfigMap ${map}`)
	})

	it('fires on a deployment that was scaled to nothing, and scales it back', () => {
		const deployment = {
			metadata: { namespace: 'kube-system', name: 'coredns' },
			spec: { replicas: 0 },
			status: {},
		}
		const examination = judgeFiles(cluster({ deployments: [deployment] }))
		expect(rootsOf(examination)).toEqual(['coredns-down'])
		expect(examination.report.diagnoses[0]?.remedies[0]?.steps).toEqual([
			{ kube: { scale: { kind: 'deployment', namespace: 'kube-system', name: 'coredns' }, replicas: 1 } },
		])
	})

	it('fires on a pod that ends again and again, and on one that is not ready for minutes', () => {
		expect(causesOf(judgeFiles(cluster({ pods: [crashing] })))['coredns-down']).toBe('likely')
		const silent = pod({
			namespace: 'kube-system',
			name,
			labels,
			phase: 'Running',
			created: ago(400),
			containers: [{ name: 'coredns', ready: false, state: { running: { startedAt: ago(390) } } }],
		})
		expect(causesOf(judgeFiles(cluster({ pods: [silent] })))['coredns-down']).toBe('likely')
	})

	it('is only possible where the pod waits for something else', () => {
		const waiting = pod({
			namespace: 'kube-system',
			name,
			labels,
			created: ago(400),
			containers: [{ name: 'coredns', state: { waiting: { reason: 'ContainerCreating' } } }],
		})
		expect(causesOf(judgeFiles(cluster({ pods: [waiting] })))['coredns-down']).toBe('possible')
	})

	it("is silent on a pod that is well, one that has just come up, and another node's", () => {
		const lately = event({
			kind: 'Pod',
			namespace: 'kube-system',
			name,
			reason: 'Unhealthy',
			message: 'Readiness probe failed',
		})
		expect(causesOf(judgeFiles(cluster({ pods: [well], events: [lately] })))).toEqual({})
		const young = pod({
			namespace: 'kube-system',
			name,
			labels,
			created: ago(30),
			containers: [{ name: 'coredns', ready: false, state: { running: { startedAt: ago(20) } } }],
		})
		expect(causesOf(judgeFiles(cluster({ pods: [young] })))).toEqual({})
		const elsewhere = { ...crashing, spec: { ...(crashing.spec as object), nodeName: 'node-2' } }
		expect(causesOf(judgeFiles(cluster({ pods: [elsewhere] })))).not.toHaveProperty('coredns-down')
		expect(
			causesOf(judgeFiles(cluster({}, { [config]: 'disable:\n  - coredns\n', 'api/pods.json': list() }))),
		).toEqual({})
	})

	it('fires on a ConfigMap that is gone', () => {
		const waiting = pod({
			namespace: 'kube-system',
			name,
			labels,
			created: ago(100),
			containers: [{ name: 'coredns', state: { waiting: { reason: 'ContainerCreating' } } }],
		})
		const gone = (what: string) =>
			event({
				namespace: 'kube-system',
				name,
				reason: 'FailedMount',
				message: `MountVolume.SetUp failed for volume "config-volume" : ${what}`,
			})
		const files = (what: string) => judgeFiles(cluster({ pods: [waiting], events: [gone(what)] }))
		expect(causesOf(files('configmap "coredns" not found'))['coredns-down']).toBe('certain')
		expect(causesOf(files('object "kube-system"/"coredns" not registered'))).not.toHaveProperty(
			'coredns-down',
		)
	})

	it('is possible where there is no DNS in the cluster at all', () => {
		const empty = { namespaces: [{ metadata: { name: 'kube-system' } }], deployments: [], services: [] }
		expect(causesOf(judgeFiles(cluster(empty)))).toEqual({ 'coredns-down': 'possible' })
		expect(causesOf(judgeFiles(cluster(empty, { [config]: 'disable: coredns\n' })))).toEqual({})
	})
})
