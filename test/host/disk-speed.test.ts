import { chmodSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { measureDisk } from '../../src/host/disk-speed.js'
import { localHost } from '../../src/host/local.js'

const dir = mkdtempSync(join(tmpdir(), 'k3s-doctor-disk-'))
afterAll(() => rmSync(dir, { recursive: true, force: true }))
const host = localHost()

describe('the trial of a disk', () => {
	it('writes beside what is to be, tells the figures, and leaves nothing', async () => {
		const found = await measureDisk(host, join(dir, 'not', 'there', 'yet'), { writes: 20 })
		expect(found).toMatchObject({
			writes: 20,
			bytes: 2300,
			path: expect.stringContaining(`${dir}/.k3s-doctor-disk-trial`),
		})
		if ('skipped' in found) return
		expect(found.median).toBeLessThanOrEqual(found.p99)
		expect(found.p99).toBeLessThanOrEqual(found.slowest)
		expect(readdirSync(dir)).toEqual([])
	})

	it('ends when its time is up', async () => {
		const found = await measureDisk(host, dir, { writes: 1_000_000, limitMs: 50 })
		expect(found).toMatchObject({ writes: expect.any(Number) })
		expect(readdirSync(dir)).toEqual([])
	})

	it('does not write where it may not, or where a file stands in place of the folder', async () => {
		const taken = join(dir, `.k3s-doctor-disk-trial-${process.pid}`)
		mkdirSync(taken)
		expect(await measureDisk(host, dir)).toEqual({ skipped: expect.stringContaining('could not be written') })
		expect(readdirSync(dir)).toEqual([taken.slice(dir.length + 1)])
		rmSync(taken, { recursive: true })
		expect(await measureDisk(host, '/proc/version')).toEqual({
			skipped: expect.stringContaining('no folder'),
		})
		if (process.getuid?.() === 0) return
		chmodSync(dir, 0o500)
		expect(await measureDisk(host, dir)).toEqual({ skipped: expect.stringContaining('could not be written') })
		chmodSync(dir, 0o700)
	})
})
