import { describe, expect, it } from 'vitest'
import { processes } from '../../src/sources/processes.js'
import { bundleOf } from '../bundle-of.js'
import { scriptedHost } from './scripted-host.js'

const ps = `    PID    PPID USER     STAT                  STARTED ELAPSED   RSS %CPU COMMAND
      1       0 root     Ss   Sat Nov 21 05:42:24 2026      35 12608  0.4 /usr/lib/systemd/systemd
     58       1 root     Ssl  Sat Nov  7 05:42:25 2026 1209634 614312 12.1 /usr/local/bin/k3s server
    120      58 message+ Z    Sat Nov 21 05:42:59 2026 4123168608     0  0.0 [pause] <defunct>
`
const date = { 'commands/date.txt': '2026-11-21T06:43:00,000000000+01:00\n' }

describe('processes', () => {
	it('have an age, a size in bytes and their whole command', () => {
		const found = processes.parse(bundleOf({ 'commands/ps.txt': ps, ...date }))
		expect(found?.[1]).toEqual({
			pid: 58,
			ppid: 1,
			user: 'root',
			stat: 'Ssl',
			// The list is in local time, an hour ahead of UTC.
			startedAt: Date.parse('2026-11-07T04:42:25Z'),
			elapsedSeconds: 1_209_634,
			rss: 614_312 * 1024,
			cpuPercent: 12.1,
			args: '/usr/local/bin/k3s server',
		})
		expect(found?.map(({ args }) => args)).toContain('[pause] <defunct>')
	})

	it('that began just now are not a century old', () => {
		expect(processes.parse(bundleOf({ 'commands/ps.txt': ps, ...date }))?.[2]?.elapsedSeconds).toBe(0)
	})

	it('are read without their header, and without the zone', () => {
		const headless = ps.split('\n').slice(1).join('\n')
		const bundle = bundleOf({ 'commands/ps.txt': headless })
		const found = processes.parse(bundle)
		expect(found).toHaveLength(3)
		expect(found?.[0]?.startedAt).toBe(Date.parse(bundle.takenAt) - 35_000)
	})

	it("are read in busybox's form", async () => {
		const busybox = `PID   PPID  USER     ELAPSED RSS  COMMAND
    1     0 root      2d03    728 /sbin/init
  210     1 root      1h05   1.5g /usr/local/bin/k3s server
  300   210 nobody   12:34    12m sh -c sleep 1
`
		const { ask, bundle } = scriptedHost({
			commands: { 'ps -o pid,ppid,user,etime,rss,args': busybox },
		})
		await processes.collect(ask)
		expect(processes.parse(bundle())).toMatchObject([
			{ pid: 1, elapsedSeconds: 2 * 86_400 + 3 * 3600, rss: 728 * 1024, stat: '' },
			{ pid: 210, elapsedSeconds: 3900, rss: 1.5 * 1024 ** 3, args: '/usr/local/bin/k3s server' },
			{ pid: 300, elapsedSeconds: 754, rss: 12 * 1024 ** 2, args: 'sh -c sleep 1' },
		])
	})

	it('that make no sense are left out', () => {
		const odd = `${ps}x y z\n12\n\0\n-1 0 a b c\n${'9'.repeat(5000)} 1 root S ${'a '.repeat(4000)}\n`
		expect(processes.parse(bundleOf({ 'commands/ps.txt': odd }))).toHaveLength(3)
		expect(processes.parse(bundleOf({ 'commands/ps.txt': 'error: no' }))).toBeUndefined()
		expect(processes.parse(bundleOf({}))).toBeUndefined()
	})
})
