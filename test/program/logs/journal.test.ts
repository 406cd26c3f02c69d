/** The journal: a real one, written by systemd-journal-remote and read by journalctl. */
import { spawnSync } from 'node:child_process'
import { existsSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from 'vitest'
import { exportReader } from '../../../src/host/logs/export.js'
import { journalReader } from '../../../src/host/logs/journal.js'
import type { LogReader } from '../../../src/host/logs/reader.js'

const remote = ['/usr/lib/systemd/systemd-journal-remote', '/lib/systemd/systemd-journal-remote'].find(
	existsSync,
)
const can = remote !== undefined && spawnSync('journalctl', ['--version']).status === 0

const folder = mkdtempSync(join(tmpdir(), 'k3s-doctor-journal-'))
afterAll(() => rmSync(folder, { recursive: true, force: true }))

const begin = Date.UTC(2026, 10, 21, 4, 0, 0) * 1_000

/** An entry in journald's export format; a message of several lines is written with its length. */
function entry(number: number, message: string, unit = 'k3s.service'): Buffer {
	const text = Buffer.from(message, 'utf8')
	const length = Buffer.alloc(8)
	length.writeBigUInt64LE(BigInt(text.length))
	const head =
		`__REALTIME_TIMESTAMP=${begin + number * 1_000_000}\n__MONOTONIC_TIMESTAMP=${number * 1_000_000}\n` +
		`_BOOT_ID=0123456789abcdef0123456789abcdef\n_HOSTNAME=s1\nSYSLOG_IDENTIFIER=k3s\n_PID=7\nPRIORITY=6\n` +
		`_SYSTEMD_UNIT=${unit}\nMESSAGE\n`
	return Buffer.concat([Buffer.from(head), length, text, Buffer.from('\n\n')])
}

function write(path: string, entries: readonly Buffer[]): void {
	const made = spawnSync(remote ?? '', ['-o', path, '-'], { input: Buffer.concat(entries) })
	if (made.status !== 0) throw new Error(`the journal could not be written: ${made.stderr}`)
}

const never = new AbortController().signal
const bodies = (reader: LogReader, from: number, to: number) =>
	reader.read(from, to)?.map(({ text }) => text.replace(/^\S+ s1 k3s\[7\]: /, ''))

describe.skipIf(!can)('the journal (needs systemd-journal-remote and journalctl)', () => {
	const path = join(folder, 'some.journal')
	const count = 25_000
	if (can) {
		write(path, [
			...Array.from({ length: count }, (_, number) => entry(number, `message ${number}`)),
			entry(count, 'panic: it broke\n\ngoroutine 1 [running]:'),
			entry(count + 1, 'of another unit', 'ssh.service'),
		])
	}
	const open = () => journalReader({ match: ['-u', 'k3s.service'], from: ['--file', path] })

	it('is open at its end, without having read the rest', async () => {
		const reader = await open()
		expect(bodies(reader, -4, 0)?.map(text => text.trim())).toEqual([
			`message ${count - 1}`,
			'panic: it broke',
			'',
			'goroutine 1 [running]:',
		])
		expect(reader.begin).toBeUndefined()
		expect(reader.low).toBeGreaterThan(-5_000)
		expect(reader.read(-1, 0)?.[0]?.at).toBe(begin / 1_000 + count * 1_000)
		reader.close()
	})

	it('is read back to its beginning; what was let go comes again', async () => {
		const reader = await open()
		await reader.reach(Number.NEGATIVE_INFINITY, never)
		expect(reader.begin).toBe(-count - 3)
		expect(bodies(reader, -count - 3, -count)).toEqual(['message 0', 'message 1', 'message 2'])
		expect(reader.read(-300, -290)).toBeDefined()
		// In the middle: no chunk of it is still in memory.
		expect(reader.read(-3_010, -3_000)).toBeUndefined()
		await reader.load(-3_010, -3_000)
		expect(bodies(reader, -3_003, -3_001)).toEqual([`message ${count - 3_000}`, `message ${count - 2_999}`])
		reader.close()
	})

	it('serves all who wait for older lines', async () => {
		const reader = await open()
		await Promise.all([
			reader.reach(-6_000, never),
			reader.reach(-12_000, never),
			reader.reach(-9_000, never),
		])
		expect(reader.low).toBeLessThanOrEqual(-12_000)
		reader.close()
	})

	it('puts nothing else in the place of what was rotated away', async () => {
		const rotated = join(folder, 'rotated')
		mkdirSync(rotated)
		const entries = Array.from({ length: count }, (_, number) => entry(number, `message ${number}`))
		write(join(rotated, 'older.journal'), entries.slice(0, -3_250))
		write(join(rotated, 'newer.journal'), entries.slice(-3_250))
		const reader = await journalReader({ match: [], from: ['--directory', rotated] })
		await reader.reach(Number.NEGATIVE_INFINITY, never)
		rmSync(join(rotated, 'older.journal'))
		const seen = async (from: number, to: number) => {
			await reader.load(from, to)
			return bodies(reader, from, to)
		}
		const gone = '(no longer in the journal)'
		expect(await seen(-4_003, -4_001)).toEqual([gone, gone])
		expect(await seen(-2_003, -2_001)).toEqual(['message 22997', 'message 22998'])
		expect(await seen(-3_251, -3_249)).toEqual([gone, 'message 21750'])
		reader.close()
	})

	it('says why it cannot be read', async () => {
		await expect(
			journalReader({ match: [], from: ['--file', join(folder, 'nowhere.journal')] }),
		).rejects.toThrow(/nowhere\.journal|No such file/)
		await expect(journalReader({ match: [], program: '/nonexistent/journalctl' })).rejects.toThrow(
			/journalctl/,
		)
	})

	it('is followed while it grows', async () => {
		const grows = join(folder, 'grows.journal')
		write(grows, [entry(0, 'first')])
		const reader = await journalReader({ match: [], from: ['--file', grows] })
		const heard: string[] = []
		const end = reader.follow?.(news => heard.push(news))
		write(grows, [entry(1, 'second'), entry(2, 'third')])
		for (let tries = 0; reader.end < 2 && tries < 1_000; tries += 1)
			await new Promise(resolve => setTimeout(resolve, 10))
		expect(bodies(reader, -1, 2)).toEqual(['first', 'second', 'third'])
		end?.()
		expect(heard).not.toContain('ended')
		reader.close()
	})

	it('of a unit that had said nothing is followed from its first word on', async () => {
		const silent = join(folder, 'silent.journal')
		write(silent, [entry(0, 'of another unit', 'ssh.service')])
		const reader = await journalReader({ match: ['-u', 'k3s.service'], from: ['--file', silent] })
		expect(reader.end - (reader.begin ?? Number.NaN)).toBe(0)
		write(silent, [entry(1, 'said before it is followed')])
		let wake = () => {}
		const end = reader.follow?.(() => wake())
		write(silent, [entry(2, 'said since')])
		while (reader.end < 2) await new Promise<void>(resolve => (wake = resolve))
		expect(bodies(reader, 0, 2)).toEqual(['said before it is followed', 'said since'])
		end?.()
		reader.close()
	})
})

describe('the export format', () => {
	it('is read from pieces of any size', () => {
		const bytes = Buffer.concat([entry(1, 'one\ntwo'), entry(2, 'Größe')])
		for (const size of [1, 7, 4_096]) {
			const seen: (string | undefined)[] = []
			const push = exportReader(fields => seen.push(fields.get('MESSAGE')))
			for (let at = 0; at < bytes.length; at += size) push(bytes.subarray(at, at + size))
			expect(seen).toEqual(['one\ntwo', 'Größe'])
		}
	})
})
