import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles } from '../../judge.js'
import { ago, cluster, event, pod } from '../cluster-text.js'

describe('pod-config-missing', () => {
	const waiting = (message: string) =>
		pod({ containers: [{ state: { waiting: { reason: 'CreateContainerConfigError', message } } }] })
	const creating = pod({ containers: [{ state: { waiting: { reason: 'ContainerCreating' } } }] })

	it('fires on a missing ConfigMap, Secret or key', () => {
		for (const message of [
			'configmap "settings" not found',
			'secret "db" not found',
			"couldn't find key url in Secret shop/db",
		])
			expect(causesOf(judgeFiles(cluster({ pods: [waiting(message)] })))).toEqual({
				'pod-config-missing': 'certain',
			})
	})

	it('fires on a volume that cannot be filled, and not on a mount that fails', () => {
		const mount = event({
			reason: 'FailedMount',
			message: 'MountVolume.SetUp failed for volume "tls" : secret "web-tls" not found',
			count: 6,
		})
		expect(causesOf(judgeFiles(cluster({ pods: [creating], events: [mount] })))).toEqual({
			'pod-config-missing': 'certain',
		})
	})

	it('is silent about other faults in the settings of a container, and about what passed', () => {
		const root = waiting('container has runAsNonRoot and image will run as root')
		expect(causesOf(judgeFiles(cluster({ pods: [root] })))).toEqual({})
		const once = event({
			reason: 'FailedMount',
			message: 'MountVolume.SetUp failed for volume "c" : configmap "coredns" not found',
			count: 2,
			last: ago(3000),
		})
		expect(causesOf(judgeFiles(cluster({ pods: [creating], events: [once] })))).toEqual({})
		const sync = event({
			reason: 'FailedMount',
			message:
				'MountVolume.SetUp failed for volume "c" : failed to sync configmap cache: timed out waiting for the condition',
			count: 2,
		})
		expect(causesOf(judgeFiles(cluster({ pods: [creating], events: [sync] })))).toEqual({})
	})
})
