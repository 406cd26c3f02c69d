import { fact, log, rule, strong } from '../../src/rule.js'
import { citeEvent } from '../workload/cite.js'
import { inNamespace, nameOr } from '../workload/commands.js'
import { eventsAbout, isRecent } from '../workload/events.js'
import { fullName, isReady, listed, ownPods } from '../workload/pods.js'

const refused =
	/OCI runtime create failed|runc create failed|failed to create (?:containerd|shim) task|cannot load seccomp profile|failed to start sandbox[^\n]{0,200}ttrpc: closed|failed to create containerd container: (?:open|mount|mkdir|stat) |failed to (?:generate|apply) [^\n]{0,60}(?:spec|OCI)/
/** Other causes name these better, or the pod's own command is to blame. */
const elsewhere =
	/executable file not found|fork\/exec \S{1,300}\/(?:runc|crun|containerd-shim)|exec: [^\n]{1,300}(?:no such file or directory|permission denied|is a directory)|exec format error|apparmor|selinux|avc: {2}denied|no space left|binary not installed|read-only file system|too many open files/i

const reasons: readonly [RegExp, string][] = [
	[/seccomp/, 'seccomp is not to be had, or its profile is refused'],
	[/cgroup/, 'its cgroup cannot be set up'],
	[/sysctl/, 'a sysctl is not allowed or not known'],
	[/user namespace|userns|newuidmap/, 'user namespaces are not to be had'],
	[/error mounting|mount /, 'a mount is refused'],
	[/rlimit/, 'a limit cannot be set'],
	[/capabilit|apply caps/, 'capabilities cannot be set'],
]

function reasonIn(text: string): string {
	return reasons.find(([pattern]) => pattern.test(text))?.[1] ?? 'the runtime refuses to create it'
}

export default rule({
	cause: 'runtime-create-failed',
	title: 'The runtime cannot create containers on this host',
	severity: 'warning',
	explain:
		'containerd hands a container to runc, and runc asks the kernel for namespaces, cgroups, mounts and filters. One of these is refused here: by the kernel, by the container or virtual machine that this host itself is, or because a pod asks for something that this host does not have.',
	docs: ['https://docs.k3s.io/installation/requirements', 'https://docs.k3s.io/advanced'],
	signs: [
		fact(['cluster'], (_have, evidence) => {
			const found = ownPods(evidence)
				.filter(pod => !isReady(pod))
				.flatMap(pod =>
					eventsAbout(evidence, 'Pod', pod)
						.filter(event => refused.test(event.message) && !elsewhere.test(event.message))
						.filter(event => isRecent(evidence, event))
						.map(event => ({ pod, event })),
				)
			const newest = found.at(-1)
			if (!newest) return undefined
			const pods = listed(found.map(({ pod }) => fullName(pod)))
			return strong('cluster', `${pods}: ${reasonIn(newest.event.message)}`, citeEvent(newest.event))
		}),
		log(
			/(?:RunPodSandbox|StartContainer|CreateContainer)[^\n]{0,600}(?:OCI runtime create failed|runc create failed)/,
			(_groups, { lastText }) => `A container is not created: ${reasonIn(lastText)}`,
			{ neverProof: true, if: (_evidence, { lastText, count }) => count > 1 && !elsewhere.test(lastText) },
		),
	],
	leadsTo: ['coredns-down', 'metrics-server-down', 'traefik-down', 'local-path-failed', 'helm-job-failed'],
	remedies: evidence => {
		const pod = ownPods(evidence).find(
			candidate =>
				!isReady(candidate) &&
				eventsAbout(evidence, 'Pod', candidate).some(({ message }) => refused.test(message)),
		)
		return [
			{
				title: 'Find out whether one pod or every pod is refused',
				why: 'When every pod fails the host is to blame (cgroups, nested containers, an old kernel); when one fails, what that pod asks for.',
				risk: 'safe',
				interrupts: 'nothing',
				steps: [
					{
						tell: 'Look at what it asks for, and at what the host has:',
						commands: [
							`k3s kubectl ${inNamespace(pod?.namespace)} describe pod ${nameOr(pod?.name, 'POD')}`,
							'k3s check-config',
							'stat -fc %T /sys/fs/cgroup',
							'journalctl -k -n 50 --no-pager',
						],
					},
				],
				recheck: ['cluster', 'kernel', 'kernelLog'],
			},
		]
	},
})
