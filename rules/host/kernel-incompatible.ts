import {
	type Evidence,
	fact,
	hint,
	interruptsOfRestart,
	log,
	nowOf,
	type Remedy,
	restartSteps,
	rule,
	strong,
} from '../../src/rule.js'
import { apiQuote } from '../workload/cite.js'
import { demanded, differing, invalidFlag, isProtected } from './kernel-settings.js'
import { isRunning, isTroubled, lastWordMatches } from './state.js'

/** The session keyring of each container is a key of root's. */
const keys = /unable to (?:create|join) session key(?:ring)?[^\n]{0,200}(?:disk )?quota exceeded/i

/** `3.10.0-327.el7`: the oldest kernel that k3s ever ran on. */
function isTooOld({ kernel }: Evidence): boolean {
	const parts = /^(\d{1,2})\.(\d{1,3})\./.exec(kernel?.release ?? '')
	return parts !== null && Number(parts[1]) * 1000 + Number(parts[2]) < 3010
}

export default rule({
	cause: 'kernel-incompatible',
	title: 'The kernel, or the container that this host is, lacks what k3s needs',
	severity: 'critical',
	severityHere: evidence => (isRunning(evidence) ? 'warning' : undefined),
	explain:
		'k3s needs many features of the kernel, and the right to use them. This kernel is too old, was built without one of them, has settings that the kubelet was told not to accept, or the host is itself a container (LXC, Docker, OpenVZ) without the privileges that a node needs.',
	docs: [
		'https://docs.k3s.io/installation/requirements',
		'https://docs.k3s.io/security/hardening-guide',
		'https://docs.k3s.io/cli',
	],
	signs: [
		log(
			invalidFlag,
			({ flag }) =>
				`the kubelet may not change kernel settings (protect-kernel-defaults), and ${flag} is not as it demands`,
		),
		fact(['kernel', 'service'], ({ kernel }, evidence) => {
			const wrong = differing(evidence)
			if (!isProtected(evidence) || wrong.length === 0 || !isTroubled(evidence)) return undefined
			return strong(
				'kernel',
				`with protect-kernel-defaults the kubelet demands ${wrong.map(name => `${name}=${demanded[name]} (now ${kernel.sysctl.get(name)})`).join(', ')}`,
				{
					quote: { file: 'commands/sysctl.txt', text: `${wrong[0]} = ${kernel.sysctl.get(wrong[0] ?? '')}` },
				},
			)
		}),
		log(
			/pids cgroup controller not found/,
			'the kernel has no control group for processes (CONFIG_CGROUP_PIDS)',
		),
		log(
			/(?:open|stat) \/dev\/kmsg: (?<why>no such file or directory|operation not permitted|permission denied)/,
			({ why }) =>
				`the kubelet cannot read the kernel log (/dev/kmsg: ${why}): this host is a container without that device`,
			{ if: evidence => !isRunning(evidence) },
		),
		log(
			/(?:kube-proxy exited|Error running ProxyServer|^(?:panic: )?open \/proc\/sys\/net\/netfilter\/)[^\n]{0,400}(?:nf_conntrack|conntrack)\w*[^\n]{0,80}(?:permission denied|read-only file system|operation not (?:permitted|supported))/,
			'kube-proxy may not set the size of the connection table, and ends: this host is a container',
			{ if: evidence => !isRunning(evidence) },
		),
		log(
			/(?:iptables|ip6tables|nft)[^\n]{0,300}(?:Permission denied \(you must be root\)|Could not fetch rule set generation id: Permission denied|Operation not permitted)/,
			'k3s may not change the packet filter: this host is a container without the right to',
			{ if: evidence => !isRunning(evidence) },
		),
		log(
			/snapshotter cannot be enabled[^\n]{0,300}(?:operation not permitted|permission denied)/,
			'k3s may not mount overlay file systems: this host is a container without the right to',
		),
		log(
			/(?:Failed to start ContainerManager|Updating kernel flag failed)[^\n]{0,400}open (?<setting>\/proc\/sys\/[\w/.-]{1,60}): (?:permission denied|read-only file system)/,
			({ setting }) => `the kubelet may not set ${setting}: this host is a container without the right to`,
			{ if: evidence => !isRunning(evidence) },
		),
		log(
			// Rootless: what would be root inside is made by a user who may not make such a world.
			/failed to start the child: fork\/exec \/proc\/self\/exe: (?:operation not permitted|permission denied)/,
			'a user may not make user namespaces here: AppArmor (Ubuntu since 23.10) or a setting of the kernel keeps rootless k3s from starting',
		),
		log(/FATAL: kernel too old|kernel version \S+ is too old/i, 'the kernel is too old'),
		fact(['kernel', 'service'], ({ kernel }, evidence) =>
			isTooOld(evidence) && !isRunning(evidence)
				? strong(
						'kernel',
						`the kernel is ${kernel.release}; k3s needs at least 3.10, and a current one for all features`,
						{
							quote: { file: 'commands/uname.txt', line: 1, text: kernel.release },
						},
					)
				: undefined,
		),
		log(
			/\/data\/\S+\/bin\S*[^\n]{0,200}signal: segmentation fault/,
			'programs that k3s ships die at once: on arm64 a kernel with 64 KB pages does that',
			{
				weight: 'hint',
			},
		),
		fact(['kernelLog', 'kernel'], ({ kernelLog, kernel }, evidence) => {
			// Programs of k3s's own, one after the other, on the processor family whose kernels may have larger pages.
			if (!/aarch64|arm64/.test(kernel.arch) && !/aarch64|arm64/.test(kernel.release)) return undefined
			const dead = kernelLog.messages.filter(
				({ lastText, lastAt }) =>
					nowOf(evidence) - lastAt < 3_600_000 &&
					(/(?:segfault|unhandled (?:exception|level \d translation fault))[^\n]{0,200}\/rancher\/k3s\/data\/|SEGV at \/\S{0,100}\/data\/\S{0,100}\/bin\//.test(
						lastText,
					) ||
						/^(?:coreutils|xtables-\w+|iptables|busybox|pigz|ipset|conntrack)\[\d+\]: (?:segfault|unhandled)/.test(
							lastText,
						)),
			)
			const last = dead.at(-1)
			const large = /64k/i.test(kernel.release)
			return (
				last &&
				(large || dead.length > 1 ? strong : hint)(
					'kernelLog',
					`programs that k3s ships die at once${large ? ', on a kernel with 64 KB pages' : ': a kernel with 64 KB pages does that'}`,
					last,
				)
			)
		}),
		fact(['cluster'], ({ cluster }, evidence) => {
			const found = (cluster.events ?? []).find(
				({ message, lastAt }) => keys.test(message) && nowOf(evidence) - lastAt < 900_000,
			)
			return (
				found &&
				strong(
					'cluster',
					`${found.name} gets no session key: root has as many keys as kernel.keys.root_maxkeys allows`,
					{
						quote: apiQuote('events', found.message),
						at: found.lastAt,
						count: found.count,
					},
				)
			)
		}),
		fact(['k3s', 'service'], ({ k3s }, evidence) => {
			// IPVS and the like are needed only by who chose them, and most healthy nodes fail in something.
			const lacking = (k3s.checkConfig?.failed ?? []).filter(name =>
				/^CONFIG_(?:NAMESPACES|NET_NS|PID_NS|IPC_NS|UTS_NS|CGROUPS|MEMCG|CPUSETS|VETH|BRIDGE|NF_NAT|IP_NF_FILTER|IP_NF_NAT|OVERLAY_FS|VXLAN|KEYS)$/.test(
					name,
				),
			)
			return (
				lacking.length > 0 &&
				isTroubled(evidence) &&
				hint('k3s', `k3s check-config finds no ${lacking.join(', ')} in the kernel`)
			)
		}),
	],
	leadsTo: [
		'iptables-incompatible',
		'kube-proxy-failed',
		'runtime-create-failed',
		'filesystem-unsupported',
		'runtime-binary-missing',
		'containerd-failed',
		'api-unreachable',
		'node-not-ready',
	],
	remedies: evidence => {
		const { node } = evidence
		const wrong = differing(evidence)
		const settings = (wrong.length > 0 ? wrong : Object.keys(demanded)).map(
			name => `${name}=${demanded[name]}`,
		)
		const sysctl: Remedy = {
			title: 'Set the kernel as the kubelet demands it',
			why: 'protect-kernel-defaults forbids the kubelet to do it itself; the hardening guide lists these values.',
			risk: 'restart',
			interrupts: interruptsOfRestart(node),
			steps: [
				{
					write: '/etc/sysctl.d/90-kubelet.conf',
					content: `${Object.entries(demanded)
						.map(([name, value]) => `${name}=${value}`)
						.join('\n')}\n`,
				},
				{ run: ['sysctl', '-w', ...settings] },
				...restartSteps(node),
			],
			recheck: ['kernel', 'units', 'journal'],
		}
		const inContainer: Remedy = {
			title: 'Give the container the rights of a node, or use a virtual machine',
			why: 'A node mounts file systems, writes packet filters and sets kernel parameters: an unprivileged container may not.',
			risk: 'restart',
			interrupts: 'the container',
			steps: [
				{
					tell: 'LXC (Proxmox), in the configuration of the container, then restart it:',
					commands: [
						'lxc.apparmor.profile: unconfined',
						'lxc.cap.drop:',
						'lxc.cgroup2.devices.allow: a',
						'lxc.mount.auto: proc:rw sys:rw',
						'lxc.mount.entry: /dev/kmsg dev/kmsg none bind,create=file 0 0',
					],
				},
				{
					tell: 'Where only the connection table is refused, tell kube-proxy to leave it alone in config.yaml:',
					commands: ['kube-proxy-arg: ["conntrack-max-per-core=0"]'],
				},
			],
			recheck: ['kernel', 'units', 'journal'],
		}
		const newer: Remedy = {
			title: 'Boot a kernel that has what is missing',
			why: 'k3s check-config names what the running kernel lacks.',
			risk: 'restart',
			interrupts: 'the whole host, until it has rebooted',
			steps: [
				{
					tell: 'Look what is missing, then install a newer or the standard kernel of the distribution:',
					commands: ['k3s check-config', 'uname -a', 'getconf PAGESIZE'],
				},
			],
			recheck: ['kernel', 'k3s', 'units'],
		}
		return lastWordMatches(evidence, invalidFlag) || (isProtected(evidence) && wrong.length > 0)
			? [sysctl, newer]
			: [inContainer, newer]
	},
})
