import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles, rootsOf } from '../../judge.js'
import { ago, cluster, died, event, list, pod } from '../cluster-text.js'
import { unitShow } from '../unit.js'

describe('pods of a node that has only just booted', () => {
	it('are left alone', () => {
		const pods = [
			pod({
				created: ago(90_000),
				containers: [
					{
						restarts: 3,
						state: { waiting: { reason: 'ContainerCreating' } },
						last: died(255, 30, 'Unknown'),
					},
				],
			}),
			pod({
				name: 'b',
				created: ago(90_000),
				containers: [
					{
						restarts: 1,
						ready: false,
						state: { running: { startedAt: ago(5) } },
						last: died(255, 30, 'Unknown'),
					},
				],
			}),
		]
		const events = [
			event({
				reason: 'FailedCreatePodSandBox',
				message:
					'Failed to create pod sandbox: rpc error: plugin type="flannel" failed (add): failed to load flannel \'subnet.env\' file',
			}),
		]
		expect(causesOf(judgeFiles(cluster({ pods, events })))).not.toHaveProperty('pod-crashloop')
		expect(
			rootsOf(judgeFiles({ ...cluster({ pods, events }), 'commands/systemctl-show.txt': unitShow() })),
		).toEqual([])
	})

	it('may be listed by an API that has nothing else to say', () => {
		expect(
			causesOf(
				judgeFiles({
					'api/pods.json': list(pod({ containers: [] })),
					'commands/systemctl-show.txt': unitShow(),
				}),
			),
		).toEqual({})
	})
})
