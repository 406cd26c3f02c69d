import { check, fail, pass, type Step, unseen, warn } from '../../src/check.js'
import { kubeletSetting } from '../host/kubelet.js'
import { versionOf } from '../upgrade/versions.js'

const needed = ['memory', 'cpu', 'cpuset', 'pids'] as const

export default check({
	id: 'cgroups',
	list: 'preflight',
	title: 'Control groups are as the kubelet wants them',
	matters: true,
	explain:
		'The kubelet limits containers by control groups and does not start without the memory controller, which Raspberry Pi OS leaves off. Kubernetes gives cgroup v1 up: from 1.35 on the kubelet refuses it.',
	docs: [
		'https://docs.k3s.io/installation/requirements#operating-systems',
		'https://kubernetes.io/docs/concepts/architecture/cgroups/',
	],
	needs: ['kernel'],
	look: ({ kernel }, { more }) => {
		const { version, controllers } = kernel.cgroup
		const seen = { source: 'kernel' as const, quote: { file: 'files/proc/cgroups', text: 'memory' } }
		if (version === undefined && controllers.size === 0)
			return unseen('neither /sys/fs/cgroup nor /proc/cgroups tells', [
				'stat -fc %T /sys/fs/cgroup',
				'cat /proc/cgroups',
			])
		const missing = needed.filter(name => controllers.size > 0 && controllers.get(name) !== true)
		const memory: Step = {
			tell: 'On a Raspberry Pi add to the end of the line in /boot/firmware/cmdline.txt (before Debian 12: /boot/cmdline.txt) "cgroup_memory=1 cgroup_enable=memory", elsewhere as an argument of the kernel, and reboot. Then:',
			commands: ['grep memory /proc/cgroups /sys/fs/cgroup/cgroup.controllers'],
		}
		const failures = missing.map(name =>
			name === 'memory'
				? fail('the memory controller is off: the kubelet does not start', { ...seen, do: [memory] })
				: (name === 'cpuset' || name === 'cpu' ? fail : warn)(`the controller ${name} is off`, seen),
		)
		const minor = versionOf(more.k3s?.version)?.minor
		const tolerated = kubeletSetting(more, 'failCgroupV1', 'fail-cgroupv1')?.value === 'false'
		const unified: Step = {
			tell: 'Boot with cgroup v2, as your distribution wants it:',
			commands: [
				'grubby --update-kernel=ALL --args=systemd.unified_cgroup_hierarchy=1   # RHEL and kin',
				'update-grub   # Debian, Ubuntu: GRUB_CMDLINE_LINUX in /etc/default/grub',
				'stat -fc %T /sys/fs/cgroup   # then says cgroup2fs',
			],
		}
		const old =
			version !== 1
				? undefined
				: minor === undefined || minor >= 35
					? (minor === undefined || tolerated ? warn : fail)(
							'this host uses cgroup v1, which k3s 1.35 and newer refuse',
							{
								...seen,
								do: [unified],
							},
						)
					: warn(`this host uses cgroup v1: k3s 1.${minor} takes it, 1.35 and newer refuse it`, {
							...seen,
							do: [unified],
						})
		if (failures.length > 0 || old) return [...failures, old]
		return pass(
			`cgroup v${version ?? '?'}, with ${needed.filter(name => controllers.get(name)).join(', ') || 'its controllers'}`,
			seen,
		)
	},
})
