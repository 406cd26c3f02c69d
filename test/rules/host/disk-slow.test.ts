import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles, judgeRecording, rootsOf } from '../../judge.js'
import { begins, error, goodStart, journalText, restarting, running, type Said, unitShow } from '../unit.js'
import { kernelLog, memory } from './host-text.js'

const zap = (message: string) =>
	`{"level":"warn","ts":"2026-11-21T04:00:00Z","caller":"etcdserver/util.go:1","msg":"${message}","took":"1.2s"}`

/** `count` lines, spread evenly from `first` to `last`, in seconds. */
function series(body: string, count: number, first: number, last: number): Said[] {
	return Array.from({ length: count }, (_, index) => [
		first + Math.floor(((last - first) * index) / (count - 1)),
		'k3s',
		body,
	])
}

describe('disk-slow', () => {
	it('fires when etcd waits for its disk again and again', () => {
		expect(rootsOf(judgeFiles(running({}, series(zap('slow fdatasync'), 4, 300, 590))))).toEqual([
			'disk-slow',
		])
	})

	it('fires when the datastore complains for long and the disk stalls', () => {
		const lines = series(zap('apply request took too long'), 250, 10, 1190)
		const files = {
			...running(memory({}, { io: [60, 40] }), lines),
			'commands/date.txt': '2026-11-21T04:20:00Z\n',
		}
		expect(causesOf(judgeFiles(files))).toMatchObject({ 'disk-slow': 'likely' })
	})

	it('names the disk where a lost lease ended k3s, and the node is down', () => {
		const dying: Said[] = [
			[60, 'k3s', error('Shutdown request received: "controller-manager exited: leaderelection lost"')],
			[61, 'systemd', "%u: Failed with result 'exit-code'."],
		]
		const files = {
			'commands/systemctl-show.txt': unitShow(restarting),
			'journal/k3s.log': journalText([
				...goodStart(),
				...dying,
				[70, 'systemd', 'Starting %u...'],
				[71, 'k3s', begins()],
			]),
			...memory({}, { io: [80, 55] }),
			'commands/date.txt': '2026-11-21T04:01:20Z\n',
		}
		const found = judgeFiles(files).report.diagnoses.find(({ cause }) => cause === 'disk-slow')
		expect(found).toMatchObject({ confidence: 'likely', severity: 'critical' })
	})

	it('fires when the kernel says that k3s hangs in a write', () => {
		const files = running(kernelLog('INFO: task k3s-server:812 blocked for more than 120 seconds.'))
		expect(causesOf(judgeFiles(files))).toMatchObject({ 'disk-slow': 'likely' })
	})

	it('is silent on a busy disk without a complaint, and on the storm of a start-up', async () => {
		expect(causesOf(judgeFiles(running(memory({}, { io: [70, 50] }))))).toMatchObject({
			'disk-slow': 'possible',
		})
		const storm = running({}, series(zap('apply request took too long'), 170, 4, 60))
		expect(causesOf(judgeFiles(storm))).not.toHaveProperty('disk-slow')
		expect(causesOf(await judgeRecording('ha-healthy'))).not.toHaveProperty('disk-slow')
	})

	it('is silent on a single slow write', () => {
		expect(causesOf(judgeFiles(running({}, [[590, 'k3s', zap('slow fdatasync')]])))).not.toHaveProperty(
			'disk-slow',
		)
	})

	it('mentions a single write that nearly cost a lease', () => {
		const slow = zap('slow fdatasync').replace('1.2s', '7.454439372s')
		expect(causesOf(judgeFiles(running({}, [[590, 'k3s', slow]])))).toMatchObject({ 'disk-slow': 'possible' })
	})
})
