import { describe, expect, it } from 'vitest'
import { filesystemOf, mountOf } from '../../src/model/lookup.js'
import { disks } from '../../src/sources/disks.js'
import { bundleOf } from '../bundle-of.js'
import { scriptedHost } from './scripted-host.js'

const df = `Filesystem     Type        1B-blocks        Used       Avail Use% Mounted on
/dev/vda       ext4     270553174016 49233248256 48560046080  51% /
tmpfs          tmpfs         4194304           0     4194304   0% /dev
/dev/loop0     ext4        909795328   893018112           0 100% /var/lib/rancher
`
const inodes = `Filesystem       Inodes  IUsed    IFree IUse% Mounted on
/dev/vda       16777216 924813 15852403    6% /
/dev/loop2         9088   9088        0  100% /var/lib/rancher
`

function findmnt(...filesystems: unknown[]): string {
	return JSON.stringify({ filesystems })
}

describe('file systems', () => {
	it('are read with space, inodes and the lines that say so', () => {
		const found = disks.parse(bundleOf({ 'commands/df.txt': df, 'commands/df-inodes.txt': inodes }))
		const rancher = found && filesystemOf(found, '/var/lib/rancher/k3s/server')
		expect(rancher).toMatchObject({
			source: '/dev/loop0',
			type: 'ext4',
			mount: '/var/lib/rancher',
			size: 909_795_328,
			available: 0,
			usedPercent: 100,
			quote: { file: 'commands/df.txt', line: 4 },
			inodes: { total: 9088, free: 0, quote: { file: 'commands/df-inodes.txt', line: 3 } },
		})
		expect(rancher?.quote.text).toMatch(/^\/dev\/loop0 .* 100% \/var\/lib\/rancher$/)
		expect(found?.filesystems.map(({ mount }) => mount)).toEqual(['/', '/dev', '/var/lib/rancher'])
	})

	it('of a share with blanks in its name and its directory keep both', () => {
		const text = `Filesystem            Type 1B-blocks Used Avail Use% Mounted on
//nas/Team Files      cifs      1000  400   600  40% /mnt/Team Files
10.0.0.9:/export/k8s  nfs4      2000 1900   100  95% /mnt/nfs
`
		const found = disks.parse(bundleOf({ 'commands/df.txt': text }))
		expect(found?.filesystems).toMatchObject([
			{ source: '//nas/Team Files', type: 'cifs', mount: '/mnt/Team Files', used: 400 },
			{ source: '10.0.0.9:/export/k8s', type: 'nfs4', mount: '/mnt/nfs', usedPercent: 95 },
		])
	})

	it('of busybox come in kilobytes and take their type from the mounts', () => {
		const text = `Filesystem           1024-blocks    Used Available Capacity Mounted on
/dev/sda3             20511312   1836736  17607328   9% /
`
		const mounts = '/dev/sda3 / ext4 rw,relatime 0 0\n/dev/sdb1 /mnt/My\\040Disk vfat rw 0 0\n'
		const found = disks.parse(bundleOf({ 'commands/df.txt': text, 'files/proc/mounts': mounts }))
		expect(found?.filesystems).toMatchObject([
			{ type: 'ext4', size: 20_511_312 * 1024, available: 17_607_328 * 1024, usedPercent: 9 },
		])
		expect(found?.mounts[1]).toMatchObject({ target: '/mnt/My Disk', type: 'vfat' })
	})

	it('in human units count as what they say', () => {
		const text = 'Filesystem      Size  Used Avail Use% Mounted on\n/dev/sda1        20G  1.5G   18G   8% /\n'
		expect(disks.parse(bundleOf({ 'commands/df.txt': text }))?.filesystems).toMatchObject([
			{ size: 20 * 1024 ** 3, used: 1.5 * 1024 ** 3 },
		])
	})

	it('that count no inodes have none, rather than none left', () => {
		const text =
			'Filesystem     Inodes IUsed IFree IUse% Mounted on\n/dev/vda            0     0     0     - /\n'
		const found = disks.parse(bundleOf({ 'commands/df.txt': df, 'commands/df-inodes.txt': text }))
		expect(found?.filesystems[0]).not.toHaveProperty('inodes')
	})

	it('that do not answer leave the others readable', () => {
		const text = `df: /mnt/nfs: Stale file handle\n${df}df: /mnt/other: Input/output error\n`
		expect(disks.parse(bundleOf({ 'commands/df.txt': text }))?.filesystems).toHaveLength(3)
		const headless = df.split('\n').slice(2).join('\n')
		expect(disks.parse(bundleOf({ 'commands/df.txt': headless }))?.filesystems).toMatchObject([
			{ mount: '/dev', type: 'tmpfs' },
			{ mount: '/var/lib/rancher', type: 'ext4', size: 909_795_328 },
		])
	})
})

describe('mounts', () => {
	it('show that a file system stopped writing, in either way the kernel says so', () => {
		const tree = findmnt({
			target: '/',
			source: '/dev/vda',
			fstype: 'ext4',
			options: 'rw,relatime,discard,',
			children: [
				{
					target: '/var/lib/rancher',
					source: '/dev/loop0',
					fstype: 'ext4',
					options: 'rw,relatime,emergency_ro',
				},
				{ target: '/data', source: null, fstype: 'xfs', options: 'ro,relatime' },
			],
		})
		const found = disks.parse(bundleOf({ 'commands/findmnt.json': tree }))
		expect(found && mountOf(found, '/var/lib/rancher/k3s')?.options).toEqual([
			'rw',
			'relatime',
			'emergency_ro',
		])
		expect(found && mountOf(found, '/data/x')).toMatchObject({ source: '', options: ['ro', 'relatime'] })
		expect(found && mountOf(found, '/etc')?.options).toEqual(['rw', 'relatime', 'discard'])
	})

	it('come from /proc/mounts where findmnt gave no tree', () => {
		const mounts = '/dev/sda1 / ext4 rw,relatime,emergency_ro 0 0\n'
		const bundle = bundleOf({ 'commands/findmnt.json': '{"filesystems": [', 'files/proc/mounts': mounts })
		expect(disks.parse(bundle)?.mounts).toEqual([
			{ target: '/', source: '/dev/sda1', type: 'ext4', options: ['rw', 'relatime', 'emergency_ro'] },
		])
	})
})

describe('broken answers', () => {
	it('are no evidence', () => {
		const hostile = ['', 'not a table', `${'a '.repeat(500_000)}`, '\0\0% / /', '- - - - - /x']
		for (const text of hostile) {
			const bundle = bundleOf({
				'commands/df.txt': text,
				'commands/findmnt.json': `{"filesystems":"${text}"}`,
			})
			expect(disks.parse(bundle)).toBeUndefined()
		}
		const odd = findmnt(null, 7, { target: {} }, { __proto__: null, target: '/a', children: { length: 9 } })
		expect(disks.parse(bundleOf({ 'commands/findmnt.json': odd }))?.mounts).toHaveLength(1)
	})
})

describe('asking', () => {
	it('falls back to what busybox understands', async () => {
		const { ask, bundle } = scriptedHost({
			node: { init: 'openrc' },
			commands: {
				'df -B1 --output=source,fstype,size,used,avail,pcent,target': [1, ''],
				'df -kP': 'Filesystem 1024-blocks Used Available Capacity Mounted on\n/dev/sda3 100 90 10 90% /\n',
			},
			files: { '/proc/mounts': '/dev/sda3 / ext4 rw 0 0\n' },
		})
		await disks.collect(ask)
		expect(disks.parse(bundle())).toMatchObject({
			filesystems: [{ mount: '/', type: 'ext4', usedPercent: 90, available: 10_240 }],
			mounts: [{ target: '/', type: 'ext4' }],
		})
	})
})
