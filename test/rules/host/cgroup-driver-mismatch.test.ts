import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles } from '../../judge.js'
import { cluster, event, pod } from '../cluster-text.js'
import { crashing, running } from '../unit.js'

const docker =
	'Error: kubelet exited: failed to run Kubelet: misconfiguration: kubelet cgroup driver: "systemd" is different from docker cgroup driver: "cgroupfs"'
const toml = (value: string) => ({
	'files/var/lib/rancher/k3s/agent/etc/containerd/config.toml': `version = 3\n[plugins.x.options]\n  SystemdCgroup = ${value}\n`,
})

describe('cgroup-driver-mismatch', () => {
	it('fires when kubelet and Docker differ', () => {
		expect(causesOf(judgeFiles(crashing(docker)))).toMatchObject({ 'cgroup-driver-mismatch': 'certain' })
	})

	it('fires when pods cannot start because of it', () => {
		const message =
			'Failed to create pod sandbox: rpc error: runc create failed: expected cgroupsPath to be of format "slice:prefix:name" for systemd cgroups, got "/kubepods/burstable/pod1/x" instead'
		const files = cluster(
			{ pods: [pod({ phase: 'Pending' })], events: [event({ reason: 'FailedCreatePodSandBox', message })] },
			toml('true'),
		)
		expect(causesOf(judgeFiles(files))).toMatchObject({ 'cgroup-driver-mismatch': 'likely' })
	})

	it('takes the kubelet-arg away that differs from containerd', () => {
		const files = crashing(docker, {
			...toml('true'),
			'files/etc/rancher/k3s/config.yaml': 'kubelet-arg:\n  - cgroup-driver=cgroupfs\n',
		})
		const found = judgeFiles(files).report.diagnoses.find(({ cause }) => cause === 'cgroup-driver-mismatch')
		expect(found?.remedies[0]?.steps[0]).toEqual({
			edit: '/etc/rancher/k3s/config.yaml',
			dropFrom: { 'kubelet-arg': ['cgroup-driver=cgroupfs'] },
		})
	})

	it('is no more than possible on a node that runs, as newer kubelets ask containerd', () => {
		const files = running({
			...toml('true'),
			'files/etc/rancher/k3s/config.yaml': 'kubelet-arg:\n  - cgroup-driver=cgroupfs\n',
		})
		expect(causesOf(judgeFiles(files))).toMatchObject({ 'cgroup-driver-mismatch': 'possible' })
		expect(causesOf(judgeFiles(running(toml('true'))))).not.toHaveProperty('cgroup-driver-mismatch')
	})
})
