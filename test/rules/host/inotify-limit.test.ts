import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles, judgeRecording, rootsOf } from '../../judge.js'
import { cluster, event } from '../cluster-text.js'
import { crashing, restarting, running, unitShow } from '../unit.js'
import { sysctl } from './host-text.js'

const watcher =
	'Shutdown request received: "failed to start container runtime: failed to create image import watcher for /data/k3s/agent: too many open files"'
const few = sysctl({ 'fs.inotify.max_user_instances': 128 })

describe('inotify-limit', () => {
	it('fires when k3s cannot watch its images, and raises the limits', () => {
		const examination = judgeFiles(crashing(watcher, few))
		expect(rootsOf(examination)).toEqual(['inotify-limit'])
		const [diagnosis] = examination.report.diagnoses
		expect(diagnosis?.findings.map(({ source }) => source)).toEqual(['journal', 'kernel'])
		expect(diagnosis?.remedies[0]?.steps[0]).toEqual({
			run: ['sysctl', '-w', 'fs.inotify.max_user_instances=8192', 'fs.inotify.max_user_watches=1048576'],
		})
	})

	it('fires in other words for instances and for watches', () => {
		for (const word of [
			'kubelet exited: failed to start cAdvisor: inotify_init: too many open files',
			'failed to create CNI conf monitor: failed to create fsnotify watcher: too many open files',
			'panic: Failed to create image import watcher: inotify_add_watch /data/k3s/agent/images: no space left on device',
		])
			expect(rootsOf(judgeFiles(crashing(`Error: ${word}`, few)))).toEqual(['inotify-limit'])
	})

	it('fires on a running node whose pods meet it', () => {
		const message = 'Error: failed to create fsnotify watcher: too many open files'
		const files = cluster({ events: [event({ reason: 'Failed', message })] })
		expect(causesOf(judgeFiles(files))).toMatchObject({ 'inotify-limit': 'likely' })
	})

	it('leaves the same words to the limit of the unit, where that is low', async () => {
		const low = { 'commands/systemctl-show.txt': unitShow({ ...restarting, LimitNOFILE: '256' }) }
		expect(rootsOf(judgeFiles({ ...crashing(watcher), ...low }))).toEqual(['nofile-limit'])
		expect(causesOf(await judgeRecording('nofile-limit'))).not.toHaveProperty('inotify-limit')
	})

	it('is silent on the default of the kernel without a complaint', () => {
		expect(causesOf(judgeFiles(running(few)))).not.toHaveProperty('inotify-limit')
	})
})
