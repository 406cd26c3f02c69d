import { describe, expect, it } from 'vitest'
import { kernelLog } from '../../src/sources/kernel-log.js'
import { bundleOf } from '../bundle-of.js'
import { fakeAsk } from './fake-ask.js'

const journal = `-- Boot 4f1d3c5e --
2026-11-21T03:54:37.080759+0000 s1 kernel: EXT4-fs error (device sda1): ext4_journal_check_start:83: comm k3s-server: Detected aborted journal
2026-11-21T03:54:38.080759+0000 s1 kernel: EXT4-fs error (device sda1): ext4_journal_check_start:83: comm k3s-server: Detected aborted journal
2026-11-21T03:54:40.000000+0000 s1 kernel: Out of memory: Killed process 4242 (k3s-server) total-vm:2345kB
`

describe('kernelLog', () => {
	it("reads journald's lines into distinct messages", () => {
		const found = kernelLog.parse(bundleOf({ 'journal/kernel.log': journal }))
		expect(found).toMatchObject({
			file: 'journal/kernel.log',
			lines: 4,
			firstAt: Date.parse('2026-11-21T03:54:37.080Z'),
			lastAt: Date.parse('2026-11-21T03:54:40Z'),
		})
		expect(found?.messages.map(({ count, component }) => [count, component])).toEqual([
			[2, 'kernel'],
			[1, 'kernel'],
		])
		expect(found?.messages[1]).toMatchObject({
			text: 'Out of memory: Killed process 4242 (k3s-server) total-vm:2345kB',
			quote: { line: 4 },
		})
	})

	it.each([
		['since boot', '[  120.500000] Out of memory: Killed process 1', '2026-11-21T04:02:00.500Z'],
		['with its facility', 'kern  :err   : [  120.500000] Out of memory', '2026-11-21T04:02:00.500Z'],
		['as a date', '[Sat Nov 21 04:02:14 2026] Out of memory', '2026-11-21T04:02:14Z'],
		['in ISO form', '2026-11-21T04:02:14,801260+00:00 Out of memory', '2026-11-21T04:02:14.801Z'],
	])('dates a line of dmesg %s', (_how, line, at) => {
		const found = kernelLog.parse(
			bundleOf({ 'commands/dmesg.txt': `${line}\n`, 'files/proc/uptime': '600.00 300.00\n' }),
		)
		expect(found?.lastAt).toBe(Date.parse(at))
		expect(found?.messages[0]?.text).toMatch(/^Out of memory/)
	})

	it('leaves lines since boot undated when nothing tells when that was', () => {
		const found = kernelLog.parse(bundleOf({ 'commands/dmesg.txt': '[  120.500000] Out of memory\n' }))
		expect(found).toMatchObject({ lastAt: 0, messages: [{ text: 'Out of memory' }] })
	})

	it('is absent where journald has no line of the kernel', () => {
		expect(kernelLog.parse(bundleOf({ 'journal/kernel.log': '-- No entries --\n' }))).toBeUndefined()
	})

	it('asks dmesg where journald has nothing', async () => {
		const empty = fakeAsk({ commands: { journalctl: '-- No entries --\n' } })
		await kernelLog.collect(empty.ask)
		expect(empty.ran.at(-1)).toBe('dmesg')
		const full = fakeAsk({ commands: { journalctl: journal } })
		await kernelLog.collect(full.ask)
		expect(full.ran).toHaveLength(1)
		const openrc = fakeAsk({ node: { init: 'openrc' } })
		await kernelLog.collect(openrc.ask)
		expect(openrc.ran).toEqual(['dmesg'])
	})
})
