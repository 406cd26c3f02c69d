import { describe, expect, it } from 'vitest'
import { clock } from '../../src/sources/clock.js'
import { bundleOf } from '../bundle-of.js'
import { scriptedHost } from './scripted-host.js'

const timedatectl = `Timezone=Europe/Berlin
LocalRTC=no
CanNTP=yes
NTP=yes
NTPSynchronized=no
TimeUSec=Sat 2026-11-21 06:43:00 CET
`
const tracking = `Reference ID    : A29FC801 (162.159.200.1)
Stratum         : 4
System time     : 12.500012345 seconds slow of NTP time
Leap status     : Normal
`

describe('the clock', () => {
	it('is what date says, whatever its zone', () => {
		const times: [string, string][] = [
			['2026-11-21T05:43:00,792945877+00:00\n', '2026-11-21T05:43:00.792Z'],
			['2026-11-21T06:43:00.5+01:00', '2026-11-21T05:43:00.500Z'],
			['2026-11-21T05:43:00Z', '2026-11-21T05:43:00.000Z'],
			['2026-11-21T00:43:00,000000000-0500', '2026-11-21T05:43:00.000Z'],
			['1970-01-01T00:03:00,1+00:00', '1970-01-01T00:03:00.100Z'],
		]
		for (const [text, expected] of times)
			expect(clock.parse(bundleOf({ 'commands/date.txt': text }))?.now).toBe(Date.parse(expected))
	})

	it('is what timedatectl says in UTC, or else the time of the bundle', () => {
		const utc = timedatectl.replace('06:43:00 CET', '05:43:00 UTC')
		const odd = ['', 'Sat Nov 21', '9999-99-99T99:99:99Z', '\0']
		for (const text of odd) {
			const files = { 'commands/date.txt': text, 'commands/timedatectl.txt': utc }
			expect(clock.parse(bundleOf(files))?.now).toBe(Date.parse('2026-11-21T05:43:00Z'))
			const other = { 'commands/date.txt': text, 'commands/timedatectl.txt': timedatectl }
			const bundle = bundleOf(other)
			expect(clock.parse(bundle)?.now).toBe(Date.parse(bundle.takenAt))
		}
	})

	it('is known to be kept right, known not to be, or not known', () => {
		const parse = (files: Record<string, string>) => clock.parse(bundleOf(files))
		expect(parse({ 'commands/timedatectl.txt': timedatectl })).toMatchObject({
			timezone: 'Europe/Berlin',
			ntpEnabled: true,
			synchronized: false,
		})
		const both = parse({ 'commands/timedatectl.txt': timedatectl, 'commands/chronyc-tracking.txt': tracking })
		expect(both).toMatchObject({ synchronized: true, offsetSeconds: -12.500012345 })
		const lost = tracking.replace('Normal', 'Not synchronised')
		expect(parse({ 'commands/chronyc-tracking.txt': lost })).toEqual({
			now: expect.any(Number),
			synchronized: false,
		})
		const fast = tracking.replace('slow', 'fast')
		expect(parse({ 'commands/chronyc-tracking.txt': fast })?.offsetSeconds).toBeCloseTo(12.5)
		const silent = parse({ 'commands/chronyc-tracking.txt': '506 Cannot talk to daemon\n' })
		expect(Object.keys(silent ?? {})).toEqual(['now'])
	})

	it("is asked in busybox's way where that is needed", async () => {
		const { ask, bundle } = scriptedHost({
			commands: { 'date --iso-8601=ns': [1, ''], 'date -u +%Y-%m-%dT%H:%M:%SZ': '2026-01-02T03:04:05Z\n' },
		})
		await clock.collect(ask)
		expect(clock.parse(bundle())?.now).toBe(Date.parse('2026-01-02T03:04:05Z'))
	})
})
