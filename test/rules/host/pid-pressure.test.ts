import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles, rootsOf } from '../../judge.js'
import { begins, journalText, restarting, running, unitShow } from '../unit.js'
import { dropIn, kernelLog, sysctl } from './host-text.js'

const dying = {
	'commands/systemctl-show.txt': unitShow(restarting),
	'journal/k3s.log': journalText([
		[0, 'systemd', 'Starting %u - Lightweight Kubernetes...'],
		[1, 'k3s', begins()],
		[2, 'k3s', 'runtime: failed to create new OS thread (have 11 already; errno=11)'],
		[2, 'k3s', 'runtime: may need to increase max user processes (ulimit -u)'],
		[2, 'k3s', 'fatal error: newosproc'],
		[2, 'systemd', '%u: Main process exited, code=exited, status=2/INVALIDARGUMENT'],
		[2, 'systemd', "%u: Failed with result 'exit-code'."],
	]),
}

describe('pid-pressure', () => {
	it('fires when k3s gets no thread, and lifts the limit of its unit', () => {
		const examination = judgeFiles({ ...dying, ...dropIn('TasksMax=12') })
		expect(rootsOf(examination)).toEqual(['pid-pressure'])
		expect(examination.report.diagnoses[0]?.findings[0]?.says).toContain('only 12 processes')
		expect(examination.report.diagnoses[0]?.remedies[0]?.steps[0]).toMatchObject({
			changes: [{ line: 'TasksMax=12', becomes: [] }],
		})
	})

	it('fires when the whole host is full of threads', () => {
		const files = running({
			...sysctl({ 'kernel.pid_max': 32768 }),
			'files/proc/loadavg': '1.0 1.0 1.0 2/32100 99999\n',
		})
		expect(causesOf(judgeFiles(files))).toMatchObject({ 'pid-pressure': 'likely' })
	})

	it('fires when the kernel refuses k3s a process, but not when it refuses a pod one', () => {
		const refused = (group: string) => kernelLog(`cgroup: fork rejected by pids controller in ${group}`)
		expect(causesOf(judgeFiles(running(refused('/system.slice/k3s.service'))))).toMatchObject({
			'pid-pressure': 'likely',
		})
		expect(causesOf(judgeFiles(running(refused('/kubepods/burstable/pod1/abc'))))).not.toHaveProperty(
			'pid-pressure',
		)
	})

	it('is silent on usual numbers and on a unit that allows everything', () => {
		const files = running({
			...sysctl({}),
			...dropIn('TasksMax=infinity'),
			'files/proc/loadavg': '1.0 1.0 1.0 2/800 99999\n',
		})
		expect(causesOf(judgeFiles(files))).not.toHaveProperty('pid-pressure')
	})
})
