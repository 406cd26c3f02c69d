import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles, judgeRecording, rootsOf } from '../../judge.js'
import { crashing, listed, listingEntry, running } from '../unit.js'
import { disks, mounts } from './host-text.js'

describe('data-dir-problem', () => {
	it('fires when the programs cannot be unpacked, in the words of old and new versions', () => {
		for (const word of [
			'Error: extracting data: mkdir /data/k3s/data: permission denied',
			'extracting data: open /data/k3s/data/.lock: permission denied',
			'Error: preparing server: can not mkdir /data/k3s/server: mkdir /data/k3s: not a directory',
			'Error: preparing server: failed to generate server dependencies: open /data/k3s/server/cred/passwd: is a directory',
			'Error: password file /data/k3s/server/cred/passwd must have at least 2 columns (password, user name), found: 1',
		])
			expect(rootsOf(judgeFiles(crashing(word), { dataDir: '/data/k3s' }))).toEqual(['data-dir-problem'])
	})

	it('fires when the disk for the data is not mounted, and mounts it', () => {
		const files = crashing('Error: failed to validate token', {
			...mounts(['/']),
			'files/etc/fstab': 'UUID=1 / ext4 defaults 0 1\nUUID=2 /data ext4 defaults,nofail 0 2\n',
		})
		const [diagnosis] = judgeFiles(files, { dataDir: '/data/k3s' }).report.diagnoses
		expect(diagnosis).toMatchObject({ cause: 'data-dir-problem', confidence: 'certain' })
		expect(diagnosis?.remedies[0]?.steps[1]).toEqual({ run: ['mount', '/data'] })
		expect(diagnosis?.findings[0]?.quote).toMatchObject({ file: 'files/etc/fstab', line: 2 })
	})

	it('fires on a link to programs that are gone', () => {
		const data = '/var/lib/rancher/k3s/data'
		const files = crashing('Error: exec: "k3s-server": executable file not found in $PATH', {
			'commands/files.tsv':
				listed('/var/lib/rancher/k3s', { type: 'd', mode: '755' }) +
				listed(data, { type: 'd', mode: '755' }) +
				listed(`${data}/current`, { type: 'l', target: `${data}/${'a'.repeat(64)}` }),
		})
		expect(causesOf(judgeFiles(files, {}, [listingEntry]))).toMatchObject({ 'data-dir-problem': 'likely' })
	})

	it('fires on an immutable database on a disk that can be written', () => {
		const word = 'Error: preparing server: setup db: attempt to write a readonly database'
		expect(rootsOf(judgeFiles(crashing(word, mounts(['/']))))).toEqual(['data-dir-problem'])
	})

	it('leaves full and failing disks, open files and damaged keys to their own causes', async () => {
		for (const why of [
			'no space left on device',
			'read-only file system',
			'input/output error',
			'too many open files',
		])
			expect(
				causesOf(
					judgeFiles(
						crashing(
							`Error: extracting data: open /var/lib/rancher/k3s/data/x: ${why}`,
							disks({ mount: '/' }),
						),
					),
				),
			).not.toHaveProperty('data-dir-problem')
		for (const name of [
			'agent-key-corrupt',
			'ca-key-empty',
			'nofile-limit',
			'disk-readonly-restart',
			'runc-gone',
		])
			expect(causesOf(await judgeRecording(name))).not.toHaveProperty('data-dir-problem')
	})

	it('is silent on mounts that need not be there', () => {
		const files = running({
			...mounts(['/'], ['/data']),
			'files/etc/fstab':
				'# UUID=9 /data/k3s ext4 defaults 0 2\nUUID=2 /data ext4 defaults 0 2\nUUID=3 /data/k3s/old ext4 noauto 0 2\nnas:/x /mnt/nas nfs nofail 0 0\n/swapfile none swap sw 0 0\n',
		})
		expect(causesOf(judgeFiles(files, { dataDir: '/data/k3s' }))).not.toHaveProperty('data-dir-problem')
	})
})
