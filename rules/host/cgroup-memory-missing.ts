import { type Evidence, fact, hint, log, pathArgument, proof, type Remedy, rule } from '../../src/rule.js'
import { isRunning, isTroubled } from './state.js'

const wanted = 'cgroup_memory=1 cgroup_enable=memory'

/** Controllers without which k3s does not start. */
const needed = ['memory', 'cpu', 'cpuset']

/** The Raspberry Pi's kernel reads one line of this file; a second line is not read. */
function cmdlineFile({ files }: Evidence): { path: string; text: string } | undefined {
	for (const path of ['/boot/firmware/cmdline.txt', '/boot/cmdline.txt']) {
		const text = files?.texts.get(path)
		// The old place holds only a note since the file has moved.
		if (text?.includes('root=')) return { path, text }
	}
	return undefined
}

export default rule({
	cause: 'cgroup-memory-missing',
	title: 'The kernel does not offer the control groups that k3s needs',
	severity: 'critical',
	explain:
		'Kubernetes limits the memory and CPU of containers with control groups, and k3s does not start without them. On a Raspberry Pi the memory controller is off unless the kernel command line asks for it; elsewhere `cgroup_disable=memory` may switch it off; in a container it may not have been handed down.',
	docs: [
		'https://docs.k3s.io/installation/requirements#operating-systems',
		'https://docs.k3s.io/installation/requirements?os=pi',
	],
	signs: [
		log(
			/failed to find (?<name>memory|cpu|cpuset|pids) cgroup/i,
			({ name }) => `k3s does not find the control group ${name}`,
			{ if: (_evidence, { level }) => level === 'fatal' || level === 'error' },
		),
		log(
			/cgroup mountpoint does not exist|failed to run Kubelet: mountpoint for \w+ not found|unhandled cgroup mode|failed to evacuate root cgroup/,
			'k3s finds no usable control groups',
		),
		fact(['kernel', 'service'], ({ kernel }, evidence) => {
			if (isRunning(evidence)) return undefined
			return needed
				.filter(name => kernel.cgroup.controllers.get(name) === false)
				.map(name =>
					(isTroubled(evidence) ? proof : hint)(
						'kernel',
						`the control group controller ${name} is off on this host`,
						{
							quote: {
								file:
									kernel.cgroup.version === 2
										? 'files/sys/fs/cgroup/cgroup.controllers'
										: 'files/proc/cgroups',
								text: `${name} is off`,
							},
						},
					),
				)
		}),
		fact(['kernel', 'service'], ({ kernel }, evidence) => {
			const off = /\bcgroup_disable=\S*memory/.exec(kernel.cmdline ?? '')?.[0]
			return (
				off !== undefined &&
				!isRunning(evidence) &&
				kernel.cgroup.controllers.get('memory') !== true &&
				hint('kernel', `the kernel was booted with ${off}`, {
					quote: { file: 'files/proc/cmdline', line: 1, text: off },
				})
			)
		}),
	],
	leadsTo: ['api-unreachable', 'node-not-ready'],
	remedies: evidence => {
		const { node, kernel } = evidence
		const found = cmdlineFile(evidence)
		const line = found?.text.split('\n').find(text => text.includes('root='))
		const path = pathArgument(found?.path)
		const reboot = {
			why: 'The kernel reads it only when it boots. The file must stay a single line.',
			risk: 'restart' as const,
			interrupts: 'the whole host, until it has rebooted',
			recheck: ['kernel' as const, 'units' as const, 'journal' as const],
		}
		const pi: Remedy = {
			...reboot,
			title: 'Switch the memory control group on (Raspberry Pi), and reboot',
			steps:
				path && line
					? [
							{ editLines: path, changes: [{ line, becomes: [`${line.trimEnd()} ${wanted}`] }] },
							{ tell: 'Then, when it suits:', commands: ['reboot'] },
						]
					: [
							{
								tell: `Append to the single line of /boot/firmware/cmdline.txt (older systems: /boot/cmdline.txt): ${wanted}`,
								commands: [`sed -i '1 s/$/ ${wanted}/' /boot/firmware/cmdline.txt`, 'reboot'],
							},
						],
		}
		const grub: Remedy = {
			...reboot,
			title: 'Take cgroup_disable out of the kernel command line, and reboot',
			steps: [
				{
					tell: 'In /etc/default/grub take cgroup_disable=… out of GRUB_CMDLINE_LINUX, then:',
					commands: ['update-grub   # or: grub2-mkconfig -o /boot/grub2/grub.cfg', 'reboot'],
				},
			],
		}
		const container: Remedy = {
			...reboot,
			title: 'If k3s runs in a container, hand the control groups down to it',
			why: 'A container sees only the controllers that its own manager delegates.',
			interrupts: 'the container',
			steps: [
				{
					tell: `Run it privileged with the host's cgroup namespace; under LXC allow nesting; for rootless k3s delegate cpu, cpuset, io, memory and pids (unit ${node.unit}).`,
					commands: ['docker run --privileged --cgroupns=host …', 'cat /sys/fs/cgroup/cgroup.controllers'],
				},
			],
		}
		return kernel?.cmdline?.includes('cgroup_disable=') && !found ? [grub, container] : [pi, grub, container]
	},
})
