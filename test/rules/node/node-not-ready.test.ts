import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles, judgeRecording, rootsOf } from '../../judge.js'
import { ago, cluster, justBooted, node } from '../cluster-text.js'
import { unitShow } from '../unit.js'

describe('node-not-ready', () => {
	const sick = node({ ready: false, message: 'container runtime is down', since: ago(400) })

	it('fires when the node has not been Ready for minutes and nothing tells why', () => {
		expect(causesOf(judgeFiles(cluster({ nodes: [sick] })))).toMatchObject({ 'node-not-ready': 'likely' })
	})

	it('is silent right after a start', () => {
		const young = {
			...cluster({ nodes: [node({ ready: false, since: ago(50) })] }),
			...justBooted,
		}
		expect(rootsOf(judgeFiles(young))).toEqual([])
		expect(causesOf(judgeFiles(cluster()))).toEqual({})
	})

	it('tells a server of other nodes that are away, as a warning', () => {
		const other = cluster({
			nodes: [node(), node({ name: 'node-2', ready: false, reason: 'NodeStatusUnknown' })],
		})
		const { report } = judgeFiles(other)
		expect(report.diagnoses).toMatchObject([
			{ cause: 'node-not-ready', severity: 'warning', remedies: [{ title: 'Look at node-2', risk: 'safe' }] },
		])
	})

	it('folds under the cause where there is one', () => {
		const files = {
			...cluster({ nodes: [sick] }),
			'commands/systemctl-show.txt': unitShow({ ActiveState: 'inactive', SubState: 'dead' }),
		}
		expect(rootsOf(judgeFiles(files))[0]).toBe('service-stopped')
	})

	it('does not push itself before the true cause of a recorded node', async () => {
		expect(rootsOf(await judgeRecording('traefik-no-images'))).not.toContain('node-not-ready')
	})
})
