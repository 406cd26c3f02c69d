import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles } from '../../judge.js'
import { ago, cluster, died, pod } from '../cluster-text.js'

describe('pod-oomkilled', () => {
	it('fires on a container that is killed at its limit, before it is a loop', () => {
		const killed = pod({
			containers: [
				{
					restarts: 1,
					limits: { memory: '64Mi' },
					state: died(137, 5, 'OOMKilled'),
					last: died(137, 20, 'OOMKilled'),
				},
			],
		})
		const examination = judgeFiles(cluster({ pods: [killed] }))
		expect(causesOf(examination)).toEqual({ 'pod-oomkilled': 'certain' })
		expect(examination.report.diagnoses[0]?.findings[0]?.says).toContain('64Mi')
	})

	it('is silent about a kill that the container has outlived for long, and about other deaths by signal', () => {
		const outlived = pod({
			created: ago(90_000),
			containers: [{ restarts: 1, last: died(137, 7200, 'OOMKilled') }],
		})
		const stopped = pod({ containers: [{ restarts: 1, last: died(137, 300) }] })
		expect(causesOf(judgeFiles(cluster({ pods: [outlived, stopped] })))).toEqual({})
	})
})
