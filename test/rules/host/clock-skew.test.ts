import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles, judgeRecording, rootsOf } from '../../judge.js'
import { cluster, node, pod } from '../cluster-text.js'
import { crashing, fatalStart, journalText, restarting, running, unitShow } from '../unit.js'

const chrony = (offset: string, leap = 'Normal') => ({
	'commands/chronyc-tracking.txt': `Reference ID    : C0A80101 (192.168.1.1)\nSystem time     : ${offset} of NTP time\nLeap status     : ${leap}\n`,
})

describe('clock-skew', () => {
	it('fires on a board without a clock', () => {
		const files = {
			...crashing("Error: server time isn't set properly: 1970-01-01 00:00:35"),
			'commands/date.txt': '1970-01-01T00:00:40+00:00\n',
		}
		expect(rootsOf(judgeFiles(files))).toEqual(['clock-skew'])
	})

	it('fires when the certificates of the node are not yet valid by its clock', async () => {
		const examination = await judgeRecording('healthy-server', {
			'commands/date.txt': '2026-09-01T04:55:05+00:00\n',
		})
		expect(rootsOf(examination)[0]).toBe('clock-skew')
		expect(examination.report.diagnoses[0]?.findings[0]?.says).toMatch(/at least \d+ days behind/)
	})

	it('fires on a certificate that the server takes for one of the future', () => {
		const word =
			'Error: failed to validate token: tls: failed to verify certificate: x509: certificate has expired or is not yet valid: current time 2026-11-20T02:00:00Z is before 2026-11-21T01:00:00Z'
		expect(causesOf(judgeFiles(crashing(word)))).toMatchObject({ 'clock-skew': 'certain' })
	})

	it('weighs what chrony measures by how far off it is', () => {
		const weight = (offset: string) => causesOf(judgeFiles(running(chrony(offset))))
		expect(weight('900.0 seconds slow')).toMatchObject({ 'clock-skew': 'certain' })
		expect(weight('25.0 seconds fast')).toMatchObject({ 'clock-skew': 'likely' })
		expect(weight('0.000012 seconds fast')).not.toHaveProperty('clock-skew')
	})

	it('fires when the API has objects from the future', () => {
		const files = cluster({ nodes: [node()], pods: [pod({ created: '2026-11-21T05:10:00Z' })] })
		expect(causesOf(judgeFiles(files))).toMatchObject({ 'clock-skew': 'likely' })
	})

	it('sees a clock that was set forward under a running k3s, and then explains what has expired', async () => {
		const examination = await judgeRecording('healthy-server', {
			'commands/date.txt': '2027-12-21T04:55:05+00:00\n',
		})
		expect(rootsOf(examination)).toEqual(['clock-skew'])
		const found = examination.report.diagnoses.find(({ cause }) => cause === 'cert-expired')
		expect(found?.explainedBy).toBe('clock-skew')
		// A board that boots with an old time and then gets the right one.
		const stepped = await judgeRecording('healthy-server', {
			'files/proc/uptime': '60.00 60.00\n',
			'commands/systemctl-show.txt': text =>
				text.replace(/ActiveEnterTimestamp=.*/, 'ActiveEnterTimestamp=Tue 2026-11-17 03:00:00 UTC'),
		})
		expect(causesOf(stepped)['clock-skew'] ?? 'silent').not.toMatch(/likely|certain/)
	})

	it('reads how far etcd measures a peer to be', () => {
		const drift = (value: string) =>
			`{"level":"warn","ts":"2026-11-21T04:00:00Z","caller":"rafthttp/probing_status.go:1","msg":"prober found high clock drift","remote-peer-id":"1","clock-drift":"${value}","rtt":"1ms"}`
		const series = (value: string) =>
			running({}, [
				[500, 'k3s', drift(value)],
				[530, 'k3s', drift(value)],
			])
		expect(causesOf(judgeFiles(series('1m12.5s')))).toMatchObject({ 'clock-skew': 'likely' })
		expect(causesOf(judgeFiles(series('312ms')))).not.toHaveProperty('clock-skew')
	})

	it('is silent on a host without any time service', async () => {
		const files = running({
			'commands/timedatectl.txt': 'Timezone=Etc/UTC\nNTP=no\nNTPSynchronized=no\n',
			'commands/date.txt': '2026-11-21T04:10:00Z\n',
			...chrony('0.000000000 seconds fast', 'Not synchronised'),
		})
		expect(causesOf(judgeFiles(files))).not.toHaveProperty('clock-skew')
		expect(causesOf(await judgeRecording('ha-healthy'))).not.toHaveProperty('clock-skew')
	})

	it('leaves an expired certificate to its own cause', () => {
		const word =
			'Error: x509: certificate has expired or is not yet valid: current time 2026-11-21T02:00:00Z is after 2026-11-20T01:00:00Z'
		const files = {
			'commands/systemctl-show.txt': unitShow(restarting),
			'journal/k3s.log': journalText([...fatalStart(word), ...fatalStart(word, 10)]),
		}
		expect(causesOf(judgeFiles(files))).not.toHaveProperty('clock-skew')
	})
})
