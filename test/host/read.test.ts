import { execFileSync } from 'node:child_process'
import { mkdirSync, symlinkSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { join } from 'node:path'
import { describe, expect, it } from 'vitest'
import { remoteMounts } from '../../src/host/local/mounts.js'
import { localHost } from '../../src/host/local.js'
import { scratchDir } from './scratch.js'

const host = localHost()

function fileWith(content: string | Buffer): string {
	const path = join(scratchDir(), 'file')
	writeFileSync(path, content)
	return path
}

describe('reading a file', () => {
	it('gives its text', async () => {
		expect(await host.read(fileWith('one\ntwo'))).toMatchObject({
			ok: true,
			value: { text: 'one\ntwo', truncated: false },
		})
		expect(await host.read(fileWith(''))).toMatchObject({ ok: true, value: { text: '', truncated: false } })
	})

	it('gives the newest lines of a large one', async () => {
		const lines = Array.from({ length: 100_000 }, (_, i) => `line ${i}\n`)
		const answer = await host.read(fileWith(lines.join('')), { maxBytes: 10_000 })
		expect(answer).toMatchObject({ ok: true, value: { truncated: true } })
		const text = answer.ok ? answer.value.text : ''
		expect(text).toMatch(/^line \d+\n/)
		expect(text.endsWith('line 99999\n')).toBe(true)
		expect(text.length).toBeLessThanOrEqual(10_000)
	})

	it('gives all of one that just fits', async () => {
		expect(await host.read(fileWith('0123456789'), { maxBytes: 10 })).toMatchObject({
			ok: true,
			value: { text: '0123456789', truncated: false },
		})
	})

	it('survives bytes that are no text', async () => {
		const answer = await host.read(fileWith(Buffer.from([0x61, 0xff, 0x00, 0xc3, 0x0a])))
		expect(answer).toMatchObject({ ok: true, value: { text: 'a\ufffd\0\ufffd\n' } })
	})

	it('reads files of /proc and /sys, which lie about their size', async () => {
		const status = await host.read('/proc/self/status')
		expect(status.ok && status.value.text).toMatch(/^Pid:\t\d+$/m)
		expect(status).toMatchObject({ ok: true, value: { truncated: false } })
		const online = await host.read('/sys/devices/system/cpu/online')
		expect(online.ok && online.value.text).toMatch(/^\d+(-\d+)?/)
		expect(await host.read('/proc/self/status', { maxBytes: 50 })).toMatchObject({
			ok: true,
			value: { truncated: true },
		})
	})

	it('follows links', async () => {
		const path = fileWith('behind the link')
		symlinkSync(path, `${path}-link`)
		expect(await host.read(`${path}-link`)).toMatchObject({ ok: true, value: { text: 'behind the link' } })
	})

	it.each([
		['/nonexistent/file', 'absent'],
		['/etc/hosts/below-a-file', 'absent'],
		['/etc', 'unreadable'],
		['/dev/zero', 'unreadable'],
		['/proc/self/mem', 'unreadable'],
	])('says why not: %s is %s', async (path, why) => {
		const answer = await host.read(path)
		expect(answer).toMatchObject({ ok: false, unavailable: { why, asked: path } })
	})

	it('does not wait for the writer of a FIFO, nor for a socket', async () => {
		const dir = scratchDir()
		execFileSync('mkfifo', [join(dir, 'fifo')])
		expect(await host.read(join(dir, 'fifo'))).toMatchObject({
			ok: false,
			unavailable: { why: 'unreadable', detail: 'not a regular file but a FIFO' },
		})
		const server = createServer()
		await new Promise<void>(resolve => server.listen(join(dir, 'socket'), resolve))
		expect(await host.read(join(dir, 'socket'))).toMatchObject({
			ok: false,
			unavailable: { detail: 'not a regular file but a socket' },
		})
		server.close()
	})

	it('ends at a circle of links', async () => {
		const dir = scratchDir()
		symlinkSync(join(dir, 'b'), join(dir, 'a'))
		symlinkSync(join(dir, 'a'), join(dir, 'b'))
		expect(await host.read(join(dir, 'a'))).toMatchObject({ ok: false, unavailable: { why: 'unreadable' } })
	})
})

describe('directories', () => {
	it('are listed by name', async () => {
		const dir = scratchDir()
		for (const name of ['b', 'a', '.hidden', 'odd\nname']) writeFileSync(join(dir, name), '')
		mkdirSync(join(dir, 'sub'))
		expect(await host.list(dir)).toMatchObject({ ok: true, value: ['.hidden', 'a', 'b', 'odd\nname', 'sub'] })
		expect(await host.list(join(dir, 'none'))).toMatchObject({ ok: false, unavailable: { why: 'absent' } })
		expect(await host.list(join(dir, 'a'))).toMatchObject({ ok: false, unavailable: { why: 'absent' } })
	})
})

describe('what lies at a path', () => {
	it('is told with mode, owner, size and time', async () => {
		const path = fileWith('12345')
		execFileSync('chmod', ['4640', path])
		execFileSync('touch', ['-d', '2026-01-02T03:04:05Z', path])
		expect(await host.stat(path)).toMatchObject({
			ok: true,
			value: { type: 'file', mode: 0o4640, size: 5, modifiedAt: Date.UTC(2026, 0, 2, 3, 4, 5) },
		})
		symlinkSync('/nowhere', `${path}-link`)
		expect(await host.stat(`${path}-link`)).toMatchObject({ ok: true, value: { type: 'link' } })
		expect(await host.stat('/dev/null')).toMatchObject({ ok: true, value: { type: 'other' } })
		expect(await host.stat('/')).toMatchObject({ ok: true, value: { type: 'dir' } })
		expect(await host.stat('/none')).toMatchObject({ ok: false, unavailable: { why: 'absent' } })
	})
})

it('knows which mounts lie on another host', () => {
	const mountinfo = [
		'22 28 0:21 / /proc rw,nosuid shared:12 - proc proc rw',
		'28 1 8:1 / / rw,relatime shared:1 - ext4 /dev/sda1 rw',
		'90 28 0:44 / /var/lib/data\\040two rw shared:50 - nfs4 10.0.0.9:/data rw,vers=4.2',
		'91 28 0:45 / /srv rw - cifs //nas/share rw',
		'92 28 0:46 / /proc/meminfo rw - fuse.lxcfs lxcfs rw',
		'93 28 0:47 / /mnt/s3 rw - fuse.s3fs s3fs rw',
		'broken line',
		'',
	].join('\n')
	expect(remoteMounts(mountinfo)).toEqual([
		{ target: '/var/lib/data two', type: 'nfs4' },
		{ target: '/srv', type: 'cifs' },
		{ target: '/mnt/s3', type: 'fuse.s3fs' },
	])
})
