import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles, judgeRecording, rootsOf } from '../../judge.js'
import { crashing, info, running } from '../unit.js'

describe('cgroup-v1-unsupported', () => {
	it('fires on the words of another version, with another data directory', () => {
		const word =
			'Shutdown request received: "kubelet exited: failed to run Kubelet: kubelet is configured to not run on a host using cgroup v1. cgroup v1 support is in maintenance mode"'
		const examination = judgeFiles(crashing(word), { dataDir: '/data/k3s' })
		expect(rootsOf(examination)).toEqual(['cgroup-v1-unsupported'])
		expect(JSON.stringify(examination.report.diagnoses[0]?.remedies)).toContain(
			'/data/k3s/agent/etc/kubelet.conf.d/99-cgroup-v1.conf',
		)
	})

	it('fires on the recorded node, and tells what the host has booted with', async () => {
		const examination = await judgeRecording('cgroup-v1', {
			'journal/k3s.log': text => text.replaceAll('v1.36.2+k3s1', 'v1.35.1+k3s1'),
		})
		expect(rootsOf(examination)).toEqual(['cgroup-v1-unsupported'])
		expect(examination.report.diagnoses[0]?.findings.map(({ source }) => source)).toContain('kernel')
	})

	it('is silent on a host with cgroup v1 whose kubelet was told to accept it', async () => {
		expect(causesOf(await judgeRecording('healthy-server'))).not.toHaveProperty('cgroup-v1-unsupported')
		expect(causesOf(await judgeRecording('config-tab'))).not.toHaveProperty('cgroup-v1-unsupported')
	})

	it('is silent on the warning of versions that still accept it', () => {
		const lines: [number, string, string][] = [[590, 'k3s', info('cgroup v1 support is in maintenance mode')]]
		expect(causesOf(judgeFiles(running({}, lines)))).not.toHaveProperty('cgroup-v1-unsupported')
	})
})
