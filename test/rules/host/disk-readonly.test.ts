import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles, judgeRecording, rootsOf } from '../../judge.js'
import { crashing, error, running, type Said } from '../unit.js'
import { disks, kernelLog, mounts } from './host-text.js'

const refusal = 'Error: preparing server: setup db: attempt to write a readonly database'

describe('disk-readonly', () => {
	it('fires on a data directory of its own that is mounted read-only, and mounts it again', () => {
		const files = crashing(refusal, mounts(['/'], ['/data', 'ro,relatime', 'xfs', '/dev/sdb1']))
		const examination = judgeFiles(files, { dataDir: '/data/k3s' })
		expect(rootsOf(examination)).toEqual(['disk-readonly'])
		expect(examination.report.diagnoses[0]?.remedies[0]?.steps[0]).toEqual({
			run: ['mount', '-o', 'remount,rw', '/data'],
		})
	})

	it('fires on an emergency that leaves rw in the options, and offers no remount', () => {
		const lines: Said[] = [[590, 'k3s', error('error in txn: attempt to write a readonly database')]]
		const files = running(mounts(['/', 'rw,relatime,emergency_ro']), lines)
		const examination = judgeFiles(files)
		expect(rootsOf(examination)).toEqual(['disk-readonly'])
		const [diagnosis] = examination.report.diagnoses
		expect(diagnosis).toMatchObject({ severity: 'critical', confidence: 'certain' })
		expect(diagnosis?.remedies.map(({ title }) => title).join()).not.toContain('for writing again')
	})

	it('fires on what the kernel says of the very disk, and not on that of another', () => {
		const said = (disk: string) =>
			kernelLog(
				`blk_update_request: I/O error, dev ${disk}, sector 2048`,
				`EXT4-fs error (device ${disk}2): ext4_find_entry: reading directory`,
			)
		const table = mounts(['/', 'rw', 'ext4', '/dev/sda2'])
		expect(causesOf(judgeFiles(running({ ...table, ...said('sda') })))).toMatchObject({
			'disk-readonly': 'likely',
		})
		expect(causesOf(judgeFiles(running({ ...table, ...said('sdc') })))).not.toHaveProperty('disk-readonly')
	})

	it('is silent on read-only mounts that are meant so', () => {
		const files = running(
			mounts(
				['/', 'ro,relatime', 'erofs'],
				['/var', 'rw,relatime'],
				['/run', 'rw,nosuid', 'tmpfs', 'tmpfs'],
				['/sys', 'ro,nosuid', 'sysfs', 'sysfs'],
				['/boot/efi', 'ro', 'vfat', '/dev/sda1'],
				['/snap/core/1', 'ro', 'squashfs', '/dev/loop0'],
				['/var/lib/kubelet/pods/x/volumes/kubernetes.io~configmap/c', 'ro', 'tmpfs', 'tmpfs'],
			),
		)
		expect(causesOf(judgeFiles(files))).not.toHaveProperty('disk-readonly')
	})

	it('is silent on errors=remount-ro, which is a setting and no state', async () => {
		const examination = await judgeRecording('disk-full-restart', {
			'commands/findmnt.json': text =>
				text.replace(
					/("target": "\/var\/lib\/rancher",[^}]*?"options": ")[^"]*/,
					'$1rw,relatime,errors=remount-ro',
				),
		})
		expect(causesOf(examination)).not.toHaveProperty('disk-readonly')
	})

	it('leaves a database that alone cannot be written to the cause of its rights', () => {
		const files = crashing(refusal, { ...mounts(['/']), ...disks({ mount: '/' }) })
		expect(causesOf(judgeFiles(files))).not.toHaveProperty('disk-readonly')
		expect(rootsOf(judgeFiles(files))).toEqual(['data-dir-problem'])
	})
})
