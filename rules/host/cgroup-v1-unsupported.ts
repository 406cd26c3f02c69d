import { type Evidence, fact, hint, pathArgument, restartSteps, rule } from '../../src/rule.js'
import { kubeletFiles, kubeletSetting } from './kubelet.js'
import { said } from './said.js'
import { isTroubled } from './state.js'

const refusal = /kubelet is configured to not run on a host using cgroup v1/

/** From 1.35 on the kubelet refuses cgroup v1 unless it is told otherwise. */
const strictMinor = 35

function minorOf({ k3s, journal }: Evidence): number | undefined {
	const version = k3s?.version ?? k3s?.runningVersion ?? journal?.newest?.version
	const minor = /^v1\.(\d{1,3})\./.exec(version ?? '')?.[1]
	return minor === undefined ? undefined : Number(minor)
}

function isTolerated(evidence: Evidence): boolean {
	return kubeletSetting(evidence, 'failCgroupV1', 'fail-cgroupv1')?.value === 'false'
}

export default rule({
	cause: 'cgroup-v1-unsupported',
	title: 'The host uses cgroup v1, which this kubelet refuses',
	severity: 'critical',
	explain:
		'Linux has two versions of control groups. Kubernetes gives up the first one: from k3s 1.35 on the kubelet does not start on it unless a setting allows it. RHEL 8, Ubuntu 20.04, Amazon Linux 2, old WSL2 and hosts with systemd.unified_cgroup_hierarchy=0 boot with version 1. It usually shows right after an upgrade.',
	docs: [
		'https://kubernetes.io/docs/concepts/architecture/cgroups/',
		'https://docs.k3s.io/installation/requirements',
	],
	signs: [
		said(refusal, 'the kubelet refuses to run on a host with cgroup v1'),
		fact(['kernel', 'service'], ({ kernel }, evidence) => {
			const minor = minorOf(evidence)
			// Without its files nobody knows what the kubelet was told.
			const known = kubeletFiles(evidence).length > 0
			if (kernel.cgroup.version !== 1 || isTolerated(evidence) || !isTroubled(evidence)) return undefined
			return (
				known &&
				minor !== undefined &&
				minor >= strictMinor &&
				hint('kernel', 'this host has booted with cgroup v1, and no setting tells the kubelet to accept it', {
					quote: { file: 'commands/findmnt.json', text: '/sys/fs/cgroup is not cgroup2' },
				})
			)
		}),
	],
	leadsTo: ['api-unreachable', 'node-not-ready'],
	remedies: evidence => {
		const { node } = evidence
		const dir = pathArgument(`${node.dataDir}/agent/etc/kubelet.conf.d`)
		const content = `apiVersion: kubelet.config.k8s.io/v1beta1
kind: KubeletConfiguration
failCgroupV1: false
`
		return [
			{
				title: 'Boot the host with cgroup v2',
				why: 'This is the lasting cure: later versions of Kubernetes will know no other. Other software on this host must be able to live with it.',
				risk: 'restart',
				interrupts: 'the whole host, until it has rebooted',
				steps: [
					{
						tell: 'Set the kernel argument as your distribution wants it, and reboot:',
						commands: [
							'grubby --update-kernel=ALL --args=systemd.unified_cgroup_hierarchy=1   # RHEL and kin',
							'GRUB_CMDLINE_LINUX="… systemd.unified_cgroup_hierarchy=1" in /etc/default/grub, then update-grub   # Debian, Ubuntu',
							'kernelCommandLine=cgroup_no_v1=all in .wslconfig   # WSL2',
							'reboot',
							'stat -fc %T /sys/fs/cgroup   # then says cgroup2fs',
						],
					},
				],
				recheck: ['kernel', 'units', 'journal'],
			},
			{
				title: 'Let the kubelet accept cgroup v1 for now',
				why: 'A stop-gap until the host can be booted with cgroup v2; it is going to be removed from Kubernetes.',
				risk: 'restart',
				interrupts: 'nothing that works',
				steps: dir
					? [{ write: `${dir}/99-cgroup-v1.conf`, content, mode: 0o600 }, ...restartSteps(node)]
					: [
							{
								tell: `Write into a new file in ${node.dataDir}/agent/etc/kubelet.conf.d:`,
								commands: content.trim().split('\n'),
							},
							...restartSteps(node),
						],
				recheck: ['units', 'journal', 'cluster'],
			},
		]
	},
})
