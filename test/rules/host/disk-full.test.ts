import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles, judgeRecording, rootsOf } from '../../judge.js'
import { crashing, error, listed, running } from '../unit.js'
import { disks, mounts } from './host-text.js'

const full = 'Error: preparing server: creating storage endpoint: setup db: database or disk is full'
const late = (text: string) => ({
	lines: [[560, 'k3s', error(text)]] as [number, string, string][],
})

describe('disk-full', () => {
	it('fires on a full disk below a data directory of its own', () => {
		const files = crashing(full, {
			...disks({ mount: '/' }, { mount: '/data', size: 900, free: 0, used: 884, source: '/dev/sdb1' }),
		})
		const examination = judgeFiles(files, { dataDir: '/data/k3s' })
		expect(rootsOf(examination)).toEqual(['disk-full'])
		const [diagnosis] = examination.report.diagnoses
		expect(diagnosis?.confidence).toBe('certain')
		expect(diagnosis?.findings[0]?.says).toContain('/data (900 MB)')
		expect(diagnosis?.remedies[0]?.steps[0]).toMatchObject({
			run: ['du', '-xh', '-d', '3', '-t', '50M', '/data'],
		})
	})

	it('fires by the words alone where nobody asked for disks, in those of an old version, too', () => {
		const old =
			'starting kubernetes: preparing server: write /var/lib/rancher/k3s/server/tls/x: no space left on device'
		expect(causesOf(judgeFiles(crashing(old)))).toMatchObject({ 'disk-full': 'certain' })
	})

	it('is only likely where root still has its reserve, and nothing failed yet', () => {
		const files = running(disks({ mount: '/', size: 100_000, used: 95_000, free: 0 }))
		const examination = judgeFiles(files)
		expect(causesOf(examination)).toMatchObject({ 'disk-full': 'likely' })
		expect(
			examination.report.diagnoses.find(({ cause }) => cause === 'disk-full')?.findings[0]?.says,
		).toContain('Only root may still write: 5.0 GB')
	})

	it('warns where only logs lie on the full disk and k3s runs', () => {
		const files = running(disks({ mount: '/' }, { mount: '/var/log', size: 900, used: 900, free: 0 }))
		expect(judgeFiles(files).report.diagnoses[0]).toMatchObject({ cause: 'disk-full', severity: 'warning' })
	})

	it('names large files and stale releases on the full disk, never the database', async () => {
		const hash = (char: string) => char.repeat(64)
		const data = '/var/lib/rancher/k3s/data'
		const { report } = await judgeRecording('disk-full-restart', {
			'commands/files.tsv': text =>
				text +
				listed('/var/lib/rancher/k3s/agent/images/airgap.tar', { size: 400e6 }) +
				listed('/var/lib/rancher/k3s/server/db/state.db', { size: 300e6 }) +
				listed(`${data}/${hash('0')}`, { type: 'd', mode: '755' }),
		})
		const told = JSON.stringify(report.diagnoses[0]?.remedies[0])
		expect(told).toContain('airgap.tar (400 MB)')
		expect(told).not.toContain('state.db (')
		expect(told).toContain(`rm -r ${data}/${hash('0')}`)
	})

	it('is silent on a full disk that k3s does not write to', () => {
		const files = running({
			...disks(
				{ mount: '/' },
				{ mount: '/mnt/backup', size: 900, used: 900, free: 0 },
				{ mount: '/snap/core/1', size: 60, used: 60, free: 0, type: 'squashfs', source: '/dev/loop3' },
				{
					mount: '/var/lib/kubelet/pods/x/volumes/kubernetes.io~csi/pvc-1/mount',
					size: 50,
					used: 50,
					free: 0,
				},
			),
		})
		expect(causesOf(judgeFiles(files))).not.toHaveProperty('disk-full')
	})

	it('is silent when there was no space once and there is now', () => {
		const { lines } = late('write /var/lib/rancher/k3s/agent/x: no space left on device')
		const old = running(disks({ mount: '/' }), [[20, 'k3s', lines[0]?.[2] ?? '']])
		expect(
			causesOf(judgeFiles({ ...old, 'commands/date.txt': '2026-11-21T04:40:00Z\n' })),
		).not.toHaveProperty('disk-full')
	})

	it('is silent on words about watches, keys and control groups', () => {
		for (const text of [
			'failed to create fsnotify watcher: no space left on device',
			'mkdir /sys/fs/cgroup/memory/kubepods/x: no space left on device',
			'unable to create session key: disk quota exceeded',
		])
			expect(causesOf(judgeFiles(crashing(`Error: ${text}`, disks({ mount: '/' }))))).not.toHaveProperty(
				'disk-full',
			)
	})

	it('leaves a disk without inodes to its own cause', async () => {
		const examination = await judgeRecording('inodes-exhausted')
		expect(causesOf(examination)).not.toHaveProperty('disk-full')
	})

	it('follows a data directory whose database lies elsewhere by a link', () => {
		const files = crashing(full, {
			...disks({ mount: '/' }, { mount: '/fast', size: 900, used: 900, free: 0 }),
			...mounts(['/'], ['/fast']),
			'commands/files.tsv': listed('/var/lib/rancher/k3s/server/db', { type: 'l', target: '/fast/db' }),
		})
		const [diagnosis] = judgeFiles(files).report.diagnoses
		expect(diagnosis?.findings.map(({ says }) => says).join()).toContain('/fast (900 MB) has no space left')
	})
})
