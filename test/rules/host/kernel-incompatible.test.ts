import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles, judgeRecording, rootsOf } from '../../judge.js'
import { cluster, event, pod } from '../cluster-text.js'
import { crashing, error, running } from '../unit.js'
import { sysctl } from './host-text.js'

const demand =
	'Shutdown request received: "kubelet exited: failed to run Kubelet: failed to start ContainerManager: [invalid kernel flag: vm/overcommit_memory, expected value: 1, actual value: 0]"'
const hardened = { 'files/etc/rancher/k3s/config.yaml': 'protect-kernel-defaults: true\n' }

describe('kernel-incompatible', () => {
	it('fires when the kubelet demands other settings, and sets them', () => {
		const files = crashing(demand, {
			...hardened,
			...sysctl({ 'vm.overcommit_memory': 0, 'kernel.panic': 0 }),
		})
		const examination = judgeFiles(files)
		expect(rootsOf(examination)).toEqual(['kernel-incompatible'])
		const [diagnosis] = examination.report.diagnoses
		expect(diagnosis?.findings.map(({ says }) => says).join()).toContain('kernel.panic=10 (now 0)')
		expect(diagnosis?.remedies[0]?.steps).toContainEqual({
			run: ['sysctl', '-w', 'vm.overcommit_memory=1', 'kernel.panic=10'],
		})
	})

	it('fires in a container without the rights of a node', () => {
		for (const word of [
			'kubelet exited: failed to run Kubelet: failed to create kubelet: open /dev/kmsg: no such file or directory',
			'kube-proxy exited: open /proc/sys/net/netfilter/nf_conntrack_max: permission denied',
			'flannel exited: failed to setup masq rules: iptables v1.8.9 (nf_tables): Could not fetch rule set generation id: Permission denied (you must be root)',
			'"overlayfs" snapshotter cannot be enabled for "/var/lib/rancher/k3s/agent/containerd", try using "native": failed to mount overlay: operation not permitted',
		])
			expect(rootsOf(judgeFiles(crashing(`Shutdown request received: ${JSON.stringify(word)}`)))[0]).toBe(
				'kernel-incompatible',
			)
	})

	it('fires when root has no keys left for containers', () => {
		const message =
			'runc create failed: unable to start container process: unable to join session keyring: unable to create session key: disk quota exceeded'
		const files = cluster({
			pods: [pod({ phase: 'Pending' })],
			events: [event({ reason: 'Failed', message })],
		})
		expect(causesOf(judgeFiles(files))).toMatchObject({ 'kernel-incompatible': 'likely' })
		expect(causesOf(judgeFiles(files))).not.toHaveProperty('disk-full')
	})

	it('is silent on what every container logs, and on a failed check-config', async () => {
		const files = running(sysctl({}), [
			[
				590,
				'k3s',
				error('Failed to set sysctl: open /proc/sys/net/netfilter/nf_conntrack_max: permission denied'),
			],
		])
		expect(causesOf(judgeFiles(files))).not.toHaveProperty('kernel-incompatible')
		expect(causesOf(judgeFiles(running({ ...hardened, ...sysctl({}) })))).not.toHaveProperty(
			'kernel-incompatible',
		)
		expect(causesOf(await judgeRecording('config-tab'))).not.toHaveProperty('kernel-incompatible')
	})

	it('is silent where overlay fails for want of the module', () => {
		const word =
			'"overlayfs" snapshotter cannot be enabled for "/x", try using "native": failed to mount overlay: no such device'
		expect(causesOf(judgeFiles(crashing(`Error: ${word}`)))).not.toHaveProperty('kernel-incompatible')
	})
})
