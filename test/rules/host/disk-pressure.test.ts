import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles, rootsOf } from '../../judge.js'
import { ago, cluster, event, node } from '../cluster-text.js'
import { running } from '../unit.js'
import { disks } from './host-text.js'

type Json = Record<string, unknown>

/** A node whose kubelet reports DiskPressure. */
function pressed(status = 'True'): Json {
	const plain = node() as { status: { conditions: Json[] } }
	const pressure = {
		type: 'DiskPressure',
		status,
		reason: 'KubeletHasDiskPressure',
		message: 'kubelet has disk pressure',
		lastTransitionTime: ago(120),
	}
	return { ...plain, status: { ...plain.status, conditions: [...plain.status.conditions, pressure] } }
}

const settings = (text: string) => ({
	'files/var/lib/rancher/k3s/agent/etc/kubelet.conf.d/00-k3s-defaults.conf': `kind: KubeletConfiguration\n${text}`,
})

describe('disk-pressure', () => {
	it('is certain when the kubelet says so and the disk is below its threshold', () => {
		const files = cluster({ nodes: [pressed()] }, disks({ mount: '/', size: 100_000, free: 3000 }))
		const examination = judgeFiles(files)
		expect(rootsOf(examination)).toEqual(['disk-pressure'])
		expect(examination.report.diagnoses[0]).toMatchObject({ severity: 'warning', confidence: 'certain' })
	})

	it('knows a threshold that somebody has set', () => {
		const disk = disks({ mount: '/', size: 100_000, free: 30_000 })
		const byFile = settings(
			'evictionMinimumReclaim:\n  nodefs.available: 1%\nevictionHard:\n  imagefs.available: 5%\n  nodefs.available: 40%\n',
		)
		expect(causesOf(judgeFiles(running({ ...disk, ...byFile })))).toMatchObject({ 'disk-pressure': 'likely' })
		const byArgument = {
			'files/etc/rancher/k3s/config.yaml':
				'kubelet-arg:\n  - "eviction-hard=imagefs.available<5%,nodefs.available<40Gi"\n',
		}
		expect(causesOf(judgeFiles(running({ ...disk, ...byArgument })))).toMatchObject({
			'disk-pressure': 'likely',
		})
		expect(
			causesOf(judgeFiles(running({ ...disk, ...settings('evictionHard:\n  nodefs.available: 5%\n') }))),
		).not.toHaveProperty('disk-pressure')
	})

	it('is only possible once there is room again: the condition lingers', () => {
		const files = cluster(
			{
				nodes: [pressed()],
				events: [
					event({
						kind: 'Node',
						namespace: '',
						name: 'node-1',
						reason: 'EvictionThresholdMet',
						message: 'Attempting to reclaim ephemeral-storage',
						last: ago(1800),
					}),
				],
			},
			disks({ mount: '/' }),
		)
		expect(causesOf(judgeFiles(files))).toMatchObject({ 'disk-pressure': 'possible' })
	})

	it('is silent on a node with room, whose image collector failed once at its start', () => {
		const files = cluster(
			{
				nodes: [pressed('False')],
				events: [
					event({
						kind: 'Node',
						namespace: '',
						name: 'node-1',
						reason: 'ImageGCFailed',
						message: 'invalid capacity 0 on image filesystem',
					}),
				],
			},
			disks({ mount: '/' }, { mount: '/mnt/backup', free: 10 }),
		)
		expect(causesOf(judgeFiles(files))).not.toHaveProperty('disk-pressure')
	})
})
