import { describe, expect, it } from 'vitest'
import { memory } from '../../src/sources/memory.js'
import { bundleOf } from '../bundle-of.js'
import { scriptedHost } from './scripted-host.js'

const meminfo = `MemTotal:       24684084 kB
MemFree:         3229460 kB
MemAvailable:   22085364 kB
Buffers:          302752 kB
Cached:         17648592 kB
Active(anon):       3620 kB
SwapTotal:       2097148 kB
SwapFree:        2000000 kB
HugePages_Total:       0
DirectMap1G:    25165824`

const files = {
	'files/proc/meminfo': meminfo,
	'files/proc/loadavg': '8.54 7.23 6.68 1/647 665\n',
	'files/proc/pressure/cpu': 'some avg10=43.10 avg60=60.80 avg300=58.25 total=2631000996\n',
	'files/proc/pressure/memory':
		'some avg10=1.00 avg60=2.00 avg300=3.00 total=1\nfull avg10=0.50 avg60=0.70 avg300=0.90 total=1\n',
}

describe('memory', () => {
	it('is read in bytes, with load and pressure', () => {
		expect(memory.parse(bundleOf(files))).toEqual({
			total: 24_684_084 * 1024,
			available: 22_085_364 * 1024,
			swapTotal: 2_097_148 * 1024,
			swapFree: 2_000_000 * 1024,
			swaps: [],
			pressure: {
				cpu: { some10: 43.1, some300: 58.25, full10: 0, full300: 0 },
				memory: { some10: 1, some300: 3, full10: 0.5, full300: 0.9 },
			},
			load: [8.54, 7.23, 6.68],
		})
	})

	it('is estimated on kernels that do not', () => {
		const old = meminfo.replace(/MemAvailable.*\n/, '')
		const found = memory.parse(bundleOf({ 'files/proc/meminfo': old }))
		expect(found?.available).toBe((3_229_460 + 302_752 + 17_648_592) * 1024)
	})

	it('is unknown without meminfo, or with one that makes no sense', () => {
		for (const text of ['', 'MemTotal: lots', 'MemTotal: 9e99 kB', '\0'.repeat(100)]) {
			expect(memory.parse(bundleOf({ ...files, 'files/proc/meminfo': text }))).toBeUndefined()
		}
	})
})

describe('swap', () => {
	it('is read from swapon, or from the kernel', () => {
		const proc = `Filename				Type		Size		Used		Priority
/swap\\040file                           file		2097148		97148		-2
`
		const asked = '/dev/zram0 partition 4294967296 1048576 100\n/swap file file 1024 0 -2\n'
		expect(memory.parse(bundleOf({ ...files, 'files/proc/swaps': proc }))?.swaps).toEqual([
			{ name: '/swap file', size: 2_097_148 * 1024, used: 97_148 * 1024 },
		])
		const both = bundleOf({ ...files, 'files/proc/swaps': proc, 'commands/swapon.txt': asked })
		expect(memory.parse(both)?.swaps).toEqual([
			{ name: '/dev/zram0', size: 4_294_967_296, used: 1_048_576 },
			{ name: '/swap file', size: 1024, used: 0 },
		])
	})
})

describe('processors', () => {
	it('are counted by nproc, or from /proc/cpuinfo where that is not installed', async () => {
		const cpuinfo = 'processor\t: 0\nmodel name\t: ARMv7\n\nprocessor\t: 1\nmodel name\t: ARMv7\n'
		const { ask, bundle } = scriptedHost({
			files: { '/proc/meminfo': meminfo, '/proc/cpuinfo': cpuinfo },
		})
		await memory.collect(ask)
		expect(memory.parse(bundle())?.cpus).toBe(2)
		const other = scriptedHost({
			commands: { nproc: '8\n' },
			files: { '/proc/meminfo': meminfo, '/proc/cpuinfo': cpuinfo },
		})
		await memory.collect(other.ask)
		expect(memory.parse(other.bundle())?.cpus).toBe(8)
		expect(other.bundle().files.has('files/proc/cpuinfo')).toBe(false)
	})
})
