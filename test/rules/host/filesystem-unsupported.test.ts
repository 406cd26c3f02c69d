import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles, judgeRecording, rootsOf } from '../../judge.js'
import { agentNode, waitingAgent } from '../agent.js'
import { crashing, info, running } from '../unit.js'
import { kernelLog, mounts } from './host-text.js'

const refusal = (dir: string, why: string) =>
	info(
		`Waiting to retrieve agent configuration; server is not ready: "overlayfs" snapshotter cannot be enabled for "${dir}/agent/containerd", try using "fuse-overlayfs" or "native": ${why}`,
	)

describe('filesystem-unsupported', () => {
	it('fires on an agent whose data lie on a network share', () => {
		const files = waitingAgent(refusal('/srv/k3s', 'failed to mount overlay: invalid argument'), {
			...mounts(['/'], ['/srv', 'rw', 'nfs4', 'nas:/srv']),
			...kernelLog('overlayfs: filesystem on /srv/k3s/agent/containerd not supported as upperdir'),
		})
		const examination = judgeFiles(files, { ...agentNode, dataDir: '/srv/k3s' })
		expect(rootsOf(examination)).toEqual(['filesystem-unsupported'])
		const [diagnosis] = examination.report.diagnoses
		expect(diagnosis?.confidence).toBe('certain')
		expect(diagnosis?.findings.map(({ source }) => source)).toEqual(['journal', 'disks', 'kernelLog'])
	})

	it('offers the snapshotter of ZFS on ZFS', () => {
		const word =
			'Error: "overlayfs" snapshotter cannot be enabled for "/var/lib/rancher/k3s/agent/containerd", try using "fuse-overlayfs" or "native": failed to mount overlay: invalid argument'
		const files = crashing(word, mounts(['/', 'rw', 'zfs', 'rpool/ROOT']))
		const [diagnosis] = judgeFiles(files).report.diagnoses
		expect(diagnosis?.cause).toBe('filesystem-unsupported')
		expect(diagnosis?.remedies[0]?.steps[0]).toMatchObject({ set: { snapshotter: 'zfs' } })
	})

	it('leaves full, read-only and forbidden disks to their own causes', async () => {
		for (const why of [
			'mkdir /x: no space left on device',
			'mkdir /x: read-only file system',
			'failed to mount overlay: operation not permitted',
			'failed to mount overlay: no such device',
		])
			expect(causesOf(judgeFiles(waitingAgent(refusal('/x', why)), agentNode))).not.toHaveProperty(
				'filesystem-unsupported',
			)
		expect(causesOf(await judgeRecording('inodes-exhausted'))).not.toHaveProperty('filesystem-unsupported')
	})

	it('is silent on odd file systems that work', () => {
		const files = { ...mounts(['/', 'rw', 'zfs', 'rpool/ROOT'], ['/mnt/nas', 'rw', 'nfs4', 'nas:/x']) }
		expect(causesOf(judgeFiles(running(files)))).not.toHaveProperty('filesystem-unsupported')
	})
})
