import {
	type Evidence,
	fact,
	hint,
	type KubeEvent,
	type KubePod,
	log,
	nowOf,
	presence,
	proof,
	rule,
	strong,
} from '../../src/rule.js'
import { citeEvent } from '../workload/cite.js'
import { inNamespace, nameOr } from '../workload/commands.js'
import { crashLoops } from '../workload/crash.js'
import { eventsAbout, isRecent } from '../workload/events.js'
import { newestLogOf } from '../workload/logs.js'
import { fullName, isReady, minutes, ownPods } from '../workload/pods.js'

/** What a pod's author forgot is another cause, and what the kubelet has not yet seen is none. */
const elsewhere =
	/(?:configmap|secret)s? \\*"[^"\n]{1,253}\\*" not found|references non-existent|not registered|failed to sync (?:configmap|secret) cache|object \\*"[^"\n]{1,253}\\*"\/|no space left|service ?account token|kube-root-ca\.crt/i

type Tool = 'nfs' | 'cifs' | 'iscsi' | 'ceph' | 'glusterfs'

/** The host lacks the program that mounts this kind. */
const tools: readonly [RegExp, Tool][] = [
	[
		/unknown filesystem type '?nfs|mount\.nfs[^\n]{0,80}not found|need a \/sbin\/mount\.nfs|-t nfs[\s\S]{0,600}bad option/,
		'nfs',
	],
	[/unknown filesystem type '?cifs|mount\.cifs[^\n]{0,80}not found|need a \/sbin\/mount\.cifs/, 'cifs'],
	[
		/iscsiadm[^\n]{0,200}(?:not found|no such file|executable file)|can't execute 'iscsiadm'|initiatorname/i,
		'iscsi',
	],
	[/unknown filesystem type '?ceph|mount\.ceph[^\n]{0,80}not found/, 'ceph'],
	[/unknown filesystem type '?glusterfs|mount\.glusterfs[^\n]{0,80}not found/, 'glusterfs'],
]
const helper = /need a \/sbin\/mount\.<type> helper program/

const packages: Record<Tool, { debian: string; redhat: string }> = {
	nfs: { debian: 'nfs-common', redhat: 'nfs-utils' },
	cifs: { debian: 'cifs-utils', redhat: 'cifs-utils' },
	iscsi: { debian: 'open-iscsi', redhat: 'iscsi-initiator-utils' },
	ceph: { debian: 'ceph-common', redhat: 'ceph-common' },
	glusterfs: { debian: 'glusterfs-client', redhat: 'glusterfs-fuse' },
}

function toolIn(text: string): Tool | undefined {
	const named = tools.find(([pattern]) => pattern.test(text))?.[1]
	if (named) return named
	const type = helper.test(text)
		? /-t (?<type>nfs4?|cifs|ceph|glusterfs)\b/.exec(text)?.groups?.type
		: undefined
	return type === 'nfs4'
		? 'nfs'
		: type === 'nfs' || type === 'cifs' || type === 'ceph' || type === 'glusterfs'
			? type
			: undefined
}

const reasons: readonly [RegExp, string][] = [
	[/access denied by server|Permission denied/i, 'the storage server refuses this node'],
	[
		/Connection timed out|timed out waiting|connection refused|No route to host|context deadline exceeded|Host is down/i,
		'the storage does not answer',
	],
	[/not found in the list of registered CSI drivers/, "the storage driver's part on this node does not run"],
	[/hostPath type check failed/, 'a path of the host is not what the pod expects'],
	[/already mounted or mount point busy|multipath/i, 'something else on this host holds the device'],
	[
		/wrong fs type|bad superblock|fsck|structure needs cleaning/i,
		'the file system on the volume is damaged or of another kind',
	],
	[/No such file or directory|does not exist/i, 'what is to be mounted does not exist'],
	[/Multi-Attach error/, 'the volume is still attached to another node'],
]

function why(text: string): string {
	const tool = toolIn(text)
	if (tool) return `this host has no client for ${tool}`
	return reasons.find(([pattern]) => pattern.test(text))?.[1] ?? 'the mount fails'
}

const volumeReasons = new Set(['FailedMount', 'FailedAttachVolume', 'FailedMapVolume'])

interface Failure {
	pod: KubePod
	event: KubeEvent
}

function failures(evidence: Evidence): Failure[] {
	return ownPods(evidence)
		.filter(pod => !isReady(pod))
		.flatMap(pod => {
			const found = eventsAbout(evidence, 'Pod', pod).filter(
				event =>
					volumeReasons.has(event.reason) && !elsewhere.test(event.message) && isRecent(evidence, event),
			)
			// "Unable to attach or mount volumes" only repeats which ones.
			const event =
				found.findLast(({ message }) => !message.startsWith('Unable to attach or mount')) ?? found.at(-1)
			return event ? [{ pod, event }] : []
		})
}

/** Without the API nobody can tell that it went well since. */
function stillWaits(evidence: Evidence): boolean {
	return evidence.cluster?.pods === undefined || ownPods(evidence).some(pod => !isReady(pod))
}

const program: Partial<Record<Tool, readonly string[]>> = {
	nfs: ['/sbin/mount.nfs', '/usr/sbin/mount.nfs'],
	cifs: ['/sbin/mount.cifs', '/usr/sbin/mount.cifs'],
}

export default rule({
	cause: 'volume-mount-failed',
	title: 'A volume cannot be mounted on this node',
	severity: 'warning',
	explain:
		'The kubelet mounts volumes with the programs and drivers of the host. The pod waits in ContainerCreating because that fails: the client for NFS or iSCSI is not installed, the storage does not answer or refuses this node, or the driver of the storage does not run here.',
	docs: [
		'https://docs.k3s.io/storage',
		'https://kubernetes.io/docs/concepts/storage/volumes/',
		'https://longhorn.io/docs/latest/deploy/install/#installation-requirements',
	],
	signs: [
		fact(['cluster'], (_have, evidence) =>
			failures(evidence).map(({ pod, event }) => {
				const says = `${fullName(pod)} waits for a volume: ${why(event.message)}`
				const certain = toolIn(event.message) !== undefined || event.count > 2
				return (certain ? proof : strong)('cluster', says, citeEvent(event))
			}),
		),
		// A storage driver that looks for the host's client itself, and ends without it.
		fact(['cluster', 'podLogs'], (_have, evidence) =>
			crashLoops(evidence).map(({ pod, container }) => {
				const told = newestLogOf(evidence, pod, container.name)
				const line = told?.lines
					.slice(-30)
					.findLast(
						({ text }) =>
							toolIn(text) !== undefined && /not found|no such file|can't execute|failed/i.test(text),
					)
				return (
					told &&
					line &&
					strong('podLogs', `${fullName(pod)} ends, because ${why(line.text)}`, {
						quote: { file: told.file, line: line.line, text: line.text.slice(0, 600) },
						at: line.at,
					})
				)
			}),
		),
		fact(['cluster', 'files'], ({ files }, evidence) =>
			failures(evidence)
				.map(({ event }) => toolIn(event.message))
				.filter(tool => tool !== undefined)
				.map(tool => {
					const paths = program[tool] ?? []
					const none = paths.length > 0 && paths.every(path => presence(files, path) === 'absent')
					return none && hint('files', `${paths[0]} does not exist`)
				}),
		),
		log(
			/(?<what>MountVolume\.(?:SetUp|MountDevice)|AttachVolume\.Attach) failed for volume \\*"(?<volume>[^"\\\n]{1,253})\\*"(?<why>[^\n]{0,900})/,
			({ volume }, { lastText }) => `The kubelet cannot mount the volume ${volume}: ${why(lastText)}`,
			{
				neverProof: true,
				if: (evidence, { lastText, lastAt, firstAt }) =>
					!elsewhere.test(lastText) &&
					lastAt - firstAt > 10_000 &&
					nowOf(evidence) - lastAt < 5 * minutes &&
					stillWaits(evidence),
			},
		),
		// The mount program's answer stands in a line of its own.
		log(
			/^(?:Output: )?mount(?:\.\w{1,10})?: [^\n]{1,600}/,
			(_groups, { lastText }) => `The mount program says: ${why(lastText)}`,
			{
				neverProof: true,
				if: (evidence, { lastText, lastAt }) =>
					toolIn(lastText) !== undefined && nowOf(evidence) - lastAt < 5 * minutes && stillWaits(evidence),
			},
		),
	],
	leadsTo: ['pod-crashloop'],
	remedies: evidence => {
		const failure = failures(evidence)[0]
		const tool = failure && toolIn(failure.event.message)
		const wanted = tool && packages[tool]
		const isDebian = /debian|ubuntu|raspbian/i.test(
			`${evidence.kernel?.os.id ?? ''} ${evidence.kernel?.os.pretty ?? ''}`,
		)
		const where = inNamespace(failure?.pod.namespace)
		return [
			wanted
				? {
						title: `Install the client for ${tool} on this node`,
						why: 'The kubelet calls the mount program of the host. The pod starts at the next try, without a restart of k3s. Every node that may run the pod needs it.',
						risk: 'safe' as const,
						interrupts: 'nothing',
						steps: [
							{
								tell: 'On this node:',
								commands: [
									isDebian
										? `apt-get install ${wanted.debian}`
										: `dnf install ${wanted.redhat}   # Debian, Ubuntu: apt-get install ${wanted.debian}`,
									...(tool === 'iscsi' ? ['systemctl enable --now iscsid'] : []),
								],
							},
						],
						recheck: ['cluster' as const, 'journal' as const],
					}
				: undefined,
			{
				title: 'See what is mounted from where, and whether it answers',
				why: 'The quoted words are those of the mount program: try the same by hand on this node.',
				risk: 'safe',
				interrupts: 'nothing',
				steps: [
					{
						tell: 'On a server, then on this node:',
						commands: [
							`k3s kubectl ${where} describe pod ${nameOr(failure?.pod.name, 'POD')}`,
							'k3s kubectl get csidrivers,csinodes',
							'showmount -e NFS_SERVER',
						],
					},
				],
				recheck: ['cluster'],
			},
		]
	},
})
