import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles, judgeRecording, rootsOf } from '../../judge.js'
import { crashing, running } from '../unit.js'
import { disks } from './host-text.js'

describe('inodes-exhausted', () => {
	it('fires where files cannot be made although there is space', () => {
		const files = crashing(
			'Error: extracting data: mkdir /var/lib/rancher/k3s/data/x: no space left on device',
			{
				...disks({ mount: '/', free: 40_000, inodes: [6_000_000, 0] }),
			},
		)
		const examination = judgeFiles(files)
		expect(rootsOf(examination)).toEqual(['inodes-exhausted'])
		expect(causesOf(examination)).not.toHaveProperty('disk-full')
	})

	it('fires before k3s says anything, and on the recorded node whatever its disk is called', async () => {
		expect(rootsOf(judgeFiles(running(disks({ mount: '/var', inodes: [9000, 0] }))))).toEqual([
			'inodes-exhausted',
		])
		const renamed = await judgeRecording('inodes-exhausted', {
			'commands/df-inodes.txt': text => text.replace('/dev/loop2 ', '/dev/mapper/vg-data '),
			'commands/df.txt': text => text.replace('/dev/loop2 ', '/dev/mapper/vg-data '),
		})
		expect(rootsOf(renamed)[0]).toBe('inodes-exhausted')
	})

	it('is silent on file systems without inodes of their own, and on those of others', () => {
		const files = running(
			disks(
				{ mount: '/', type: 'btrfs', inodes: [0, 0] },
				{ mount: '/mnt/mail', inodes: [9000, 0] },
				{ mount: '/run', type: 'tmpfs', source: 'tmpfs', inodes: [800_000, 799_000] },
			),
		)
		expect(causesOf(judgeFiles(files))).not.toHaveProperty('inodes-exhausted')
	})
})
