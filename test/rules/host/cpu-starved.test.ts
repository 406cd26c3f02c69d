import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles, judgeRecording } from '../../judge.js'
import { begins, error, goodStart, journalText, restarting, running, type Said, unitShow } from '../unit.js'
import { dropIn, kernelLog, memory } from './host-text.js'

const starving = memory({}, { cpu: [93, 0], io: [3, 1] })
const lateLease =
	'E1121 04:00:00.000000     700 controller.go:195] "Failed to update lease" err="context deadline exceeded"'

describe('cpu-starved', () => {
	it('fires when a lost lease ended k3s while the CPUs were taken', () => {
		const files = {
			'commands/systemctl-show.txt': unitShow(restarting),
			'journal/k3s.log': journalText([
				...goodStart(),
				[60, 'k3s', error('Shutdown request received: "scheduler exited: leaderelection lost"')],
				[61, 'systemd', "%u: Failed with result 'exit-code'."],
				[70, 'systemd', 'Starting %u...'],
				[71, 'k3s', begins()],
			]),
			...starving,
			'commands/date.txt': '2026-11-21T04:01:20Z\n',
		}
		const found = judgeFiles(files).report.diagnoses.find(({ cause }) => cause === 'cpu-starved')
		expect(found).toMatchObject({ confidence: 'likely', severity: 'critical' })
		expect(causesOf(judgeFiles({ ...files, ...memory({}, { cpu: [60, 0] }) }))).not.toHaveProperty(
			'cpu-starved',
		)
	})

	it('fires when k3s comes too late again and again, and names who takes the time', () => {
		const lines: Said[] = Array.from({ length: 70 }, (_, index) => [100 + index * 7, 'k3s', lateLease])
		const ps =
			'    PID    PPID USER     STAT                  STARTED     ELAPSED   RSS %CPU COMMAND\n    900       1 root     R    Sat Nov 21 03:00:00 2026       4200  9000 391.0 /usr/bin/stress --cpu 4\n'
		const examination = judgeFiles(running({ ...starving, 'commands/ps.txt': ps }, lines))
		expect(causesOf(examination)).toMatchObject({ 'cpu-starved': 'likely' })
		expect(JSON.stringify(examination.report.diagnoses)).toContain('/usr/bin/stress')
	})

	it('knows a load by the number of CPUs, where there are no pressure files', () => {
		const load = (text: string) => ({
			...memory(),
			'files/proc/loadavg': `${text}\n`,
			'commands/nproc.txt': '2\n',
		})
		const lines: Said[] = Array.from({ length: 70 }, (_, index) => [100 + index * 7, 'k3s', lateLease])
		expect(causesOf(judgeFiles(running(load('14.0 13.0 9.0 9/400 812'), lines)))).toMatchObject({
			'cpu-starved': 'likely',
		})
		expect(causesOf(judgeFiles(running(load('3.0 3.1 2.0 2/400 812'), lines)))).not.toHaveProperty(
			'cpu-starved',
		)
	})

	it('fires on a quota that keeps k3s from starting, and takes it away', () => {
		const files = {
			'commands/systemctl-show.txt': unitShow(restarting),
			'journal/k3s.log': journalText([
				[0, 'systemd', 'Starting %u...'],
				[1, 'k3s', begins()],
				[90, 'systemd', "%u: Failed with result 'timeout'."],
			]),
			...dropIn('CPUQuota=5%'),
		}
		const found = judgeFiles(files).report.diagnoses.find(({ cause }) => cause === 'cpu-starved')
		expect(found?.confidence).toBe('likely')
		expect(found?.remedies[0]?.steps[0]).toEqual({
			editLines: '/etc/systemd/system/k3s.service.d/override.conf',
			changes: [{ line: 'CPUQuota=5%', becomes: [] }],
		})
		expect(causesOf(judgeFiles(running(dropIn('CPUQuota=400%'))))).not.toHaveProperty('cpu-starved')
	})

	it('fires when the kernel sees a CPU stuck', () => {
		const files = running(kernelLog('watchdog: BUG: soft lockup - CPU#1 stuck for 23s! [k3s-server:812]'))
		expect(causesOf(judgeFiles(files))).toMatchObject({ 'cpu-starved': 'likely' })
	})

	it('is only possible on a busy host that serves well', async () => {
		expect(causesOf(judgeFiles(running(starving)))).toMatchObject({ 'cpu-starved': 'possible' })
		expect(causesOf(await judgeRecording('healthy-server-just-booted'))).not.toHaveProperty('cpu-starved')
	})
})
