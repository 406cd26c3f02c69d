import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles, rootsOf } from '../../judge.js'
import { ago, cluster, died, event, pod } from '../cluster-text.js'

describe('pod-probe-failing', () => {
	const running = (secondsAgo: number, more = {}) =>
		pod({ containers: [{ ready: false, state: { running: { startedAt: ago(secondsAgo) } }, ...more }] })
	const unhealthy = (message: string) => event({ reason: 'Unhealthy', message, count: 12, last: ago(5) })

	it('fires on a pod that runs and does not get ready, sooner where the check itself is wrong', () => {
		const refused = unhealthy(
			'Readiness probe failed: Get "http://10.42.0.9:8080/": dial tcp 10.42.0.9:8080: connect: connection refused',
		)
		expect(causesOf(judgeFiles(cluster({ pods: [running(300)], events: [refused] })))).toEqual({
			'pod-probe-failing': 'likely',
		})
		const path = unhealthy('Readiness probe failed: HTTP probe failed with statuscode: 404')
		expect(causesOf(judgeFiles(cluster({ pods: [running(30)], events: [path] })))).toEqual({
			'pod-probe-failing': 'likely',
		})
	})

	it('fires instead of a crash loop where the kubelet kills the container', () => {
		const killing = event({
			reason: 'Killing',
			message: 'Container main failed liveness probe, will be restarted',
			count: 3,
		})
		const pods = [running(10, { restarts: 3, last: died(137, 11) })]
		expect(causesOf(judgeFiles(cluster({ pods, events: [killing] })))).toEqual({
			'pod-probe-failing': 'likely',
		})
	})

	it('says little of a program that is coming up', () => {
		const refused = unhealthy('Readiness probe failed: connect: connection refused')
		expect(rootsOf(judgeFiles(cluster({ pods: [running(25)], events: [refused] })))).toEqual([])
		expect(causesOf(judgeFiles(cluster({ pods: [pod()], events: [refused] })))).toEqual({})
	})
})
