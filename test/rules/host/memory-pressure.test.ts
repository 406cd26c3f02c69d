import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles, judgeRecording, rootsOf } from '../../judge.js'
import { cluster, event, node } from '../cluster-text.js'
import { begins, goodStart, journalText, restarting, running, unitShow } from '../unit.js'
import { dropIn, kernelLog, memory } from './host-text.js'

const global = (task: string) =>
	`oom-kill:constraint=CONSTRAINT_NONE,nodemask=(null),cpuset=/,mems_allowed=0,global_oom,task_memcg=/kubepods,task=${task},pid=812,uid=0`
const ofPod =
	'oom-kill:constraint=CONSTRAINT_MEMCG,nodemask=(null),cpuset=x,oom_memcg=/kubepods/pod1,task_memcg=/kubepods/pod1/c,task=stress,pid=99,uid=0'

const killed = {
	'commands/systemctl-show.txt': unitShow({ ...restarting, Result: 'oom-kill' }),
	'journal/k3s.log': journalText([
		...goodStart(),
		[500, 'systemd', '%u: Main process exited, code=killed, status=9/KILL'],
		[500, 'systemd', "%u: Failed with result 'oom-kill'."],
		[510, 'systemd', 'Starting %u...'],
		[511, 'k3s', begins()],
	]),
}

describe('memory-pressure', () => {
	it('fires when the kubelet reports it', () => {
		const plain = node() as { status: { conditions: unknown[] } }
		const condition = {
			type: 'MemoryPressure',
			status: 'True',
			reason: 'KubeletHasInsufficientMemory',
			message: 'm',
		}
		const files = cluster({
			nodes: [{ ...plain, status: { ...plain.status, conditions: [...plain.status.conditions, condition] } }],
		})
		expect(rootsOf(judgeFiles(files))).toEqual(['memory-pressure'])
	})

	it('is the root when the kernel killed k3s for want of memory', () => {
		const files = {
			...killed,
			...kernelLog(global('k3s-server'), 'Out of memory: Killed process 812 (k3s-server) total-vm:1kB'),
		}
		const examination = judgeFiles(files)
		expect(rootsOf(examination)).toEqual(['memory-pressure'])
		expect(examination.report.diagnoses[0]).toMatchObject({ severity: 'critical', confidence: 'certain' })
	})

	it('names a limit of the unit, and takes it away', () => {
		const [diagnosis] = judgeFiles({ ...killed, ...dropIn('MemoryMax=150M') }).report.diagnoses
		expect(diagnosis?.cause).toBe('memory-pressure')
		expect(diagnosis?.findings.map(({ says }) => says).join()).toContain('150M')
		expect(diagnosis?.remedies[0]?.steps[0]).toMatchObject({
			changes: [{ line: 'MemoryMax=150M', becomes: [] }],
		})
	})

	it('fires on a host with next to nothing left, swap included', () => {
		const scarce = { total: 2000, available: 30, swapTotal: 1000, swapFree: 10 }
		expect(causesOf(judgeFiles(running(memory(scarce))))).toMatchObject({ 'memory-pressure': 'likely' })
		expect(causesOf(judgeFiles(running(memory({ ...scarce, swapFree: 900 }))))).not.toHaveProperty(
			'memory-pressure',
		)
	})

	it("is silent when a container met its own limit, and on yesterday's kill", async () => {
		const pod = running(
			kernelLog(ofPod, 'Memory cgroup out of memory: Killed process 99 (stress) total-vm:9kB'),
		)
		expect(causesOf(judgeFiles(pod))).not.toHaveProperty('memory-pressure')
		const past = { ...running(kernelLog(global('java'))), 'commands/date.txt': '2026-11-22T04:10:00Z\n' }
		expect(causesOf(judgeFiles(past))).not.toHaveProperty('memory-pressure')
		expect(causesOf(await judgeRecording('pod-oom'))).not.toHaveProperty('memory-pressure')
	})

	it('is only possible by an event of the past hour', () => {
		const files = cluster({
			events: [
				event({
					kind: 'Node',
					namespace: '',
					name: 'node-1',
					reason: 'SystemOOM',
					message: 'System OOM encountered',
				}),
			],
		})
		expect(causesOf(judgeFiles(files))).toMatchObject({ 'memory-pressure': 'possible' })
	})
})
