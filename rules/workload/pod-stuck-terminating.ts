import {
	type ClusterEvidence,
	type Evidence,
	type Finding,
	fact,
	hint,
	type KubePod,
	kubeNameArgument,
	log,
	nowOf,
	persists,
	proof,
	rule,
	strong,
	unnamed,
} from '../../src/rule.js'
import { apiQuote } from './cite.js'
import { inNamespace } from './commands.js'
import { fullName, isOlderThan, minutes, ownNodeName, seconds } from './pods.js'

type Namespace = NonNullable<ClusterEvidence['namespaces']>[number]

/** How long it has been overdue. For pods the API writes the end of their grace period. */
function overdue(evidence: Evidence, deletedAt: number | undefined): number {
	return deletedAt === undefined ? 0 : nowOf(evidence) - deletedAt
}

/** Who holds the pod; the job controller lets go by itself. */
function holders({ finalizers }: KubePod): string[] {
	return finalizers.filter(name => name !== 'batch.kubernetes.io/job-tracking')
}

/** Its containers have ended, so that the rest of its grace period is of no use to it. */
function endedLongAgo(evidence: Evidence, { containers, deletedAt }: KubePod): boolean {
	return (
		deletedAt !== undefined &&
		containers.length > 0 &&
		containers.every(
			({ current }) =>
				current.state === 'terminated' && isOlderThan(evidence, current.finishedAt, 10 * seconds),
		)
	)
}

function stuckPods(evidence: Evidence): KubePod[] {
	const own = ownNodeName(evidence)
	return (evidence.cluster?.pods ?? []).filter(
		// A pod of a node that is away cannot end there: that is the other node's affair.
		pod =>
			(pod.node === own || pod.node === '' || own === unnamed) &&
			(holders(pod).length > 0
				? overdue(evidence, pod.deletedAt) > 15 * seconds || endedLongAgo(evidence, pod)
				: overdue(evidence, pod.deletedAt) > 2 * minutes),
	)
}

function ofPod(evidence: Evidence, pod: KubePod): Finding {
	const late = Math.max(0, Math.round(overdue(evidence, pod.deletedAt) / seconds))
	const since = late < 120 ? `${late} seconds` : `${Math.round(late / 60)} minutes`
	const held = holders(pod)
	const cite = { quote: apiQuote('pods', `finalizers: ${held.join(', ') || 'none'}`), at: pod.deletedAt }
	if (held.length === 0)
		return strong('cluster', `${fullName(pod)} should have been gone for ${since}, and is still here`, cite)
	const says =
		late > 0
			? `${fullName(pod)} should have been gone for ${since}; the finalizer ${held[0]} holds it`
			: `${fullName(pod)} was deleted and has ended; the finalizer ${held[0]} holds it`
	return late > 300 ? proof('cluster', says, cite) : strong('cluster', says, cite)
}

const telling = [
	'NamespaceFinalizersRemaining',
	'NamespaceDeletionDiscoveryFailure',
	'NamespaceDeletionGroupVersionParsingFailure',
	'NamespaceDeletionContentFailure',
	'NamespaceContentRemaining',
]

/** Finalizers that Kubernetes itself takes away within seconds. */
const ordinary = /kubernetes\.io\/pv[c]?-protection|foregroundDeletion|orphan\b/

/** A table says that it is ending, not since when. Empty ones end within seconds, so that they are seldom met. */
function withoutTime({ cluster }: Evidence, { name }: Namespace): Finding | undefined {
	if (!cluster?.pods || cluster.pods.some(pod => pod.namespace === name)) return undefined
	return strong('cluster', `The namespace ${name} is ending, has no pod left, and is still here`, {
		quote: apiQuote('namespaces', name),
	})
}

function ofNamespace(evidence: Evidence, namespace: Namespace): Finding | undefined {
	if (namespace.phase !== 'Terminating') return undefined
	if (namespace.deletedAt === undefined) return withoutTime(evidence, namespace)
	const late = overdue(evidence, namespace.deletedAt)
	const conditions = telling.flatMap(type =>
		namespace.conditions.filter(condition => condition.type === type && condition.status === 'True'),
	)
	const [first] = conditions
	if (!first) {
		return late > 5 * minutes
			? strong(
					'cluster',
					`The namespace ${namespace.name} has been ending for ${Math.round(late / minutes)} minutes`,
					{
						at: namespace.deletedAt,
					},
				)
			: undefined
	}
	const held = first.type === 'NamespaceFinalizersRemaining' && !ordinary.test(first.message)
	// Pods have half a minute to end; what waits for a finalizer of somebody's own waits for that somebody.
	if (late < (held ? 20 * seconds : 2 * minutes)) return undefined
	const cite = { quote: apiQuote('namespaces', first.message), at: first.since ?? namespace.deletedAt }
	const says = `The namespace ${namespace.name} cannot go away: ${first.message}`
	return late > 5 * minutes || held ? proof('cluster', says, cite) : strong('cluster', says, cite)
}

/** `configmaps` of `Some resources are remaining: configmaps. has 1 resource instances`. */
function remainingKind(namespace: Namespace | undefined): string | undefined {
	const told = namespace?.conditions.find(({ type }) => type === 'NamespaceContentRemaining')?.message ?? ''
	return /remaining: (?<kind>[a-z0-9.-]{1,253}?)\.? has /.exec(told)?.groups?.kind
}

function stuckNamespaces(evidence: Evidence): Namespace[] {
	return (evidence.cluster?.namespaces ?? []).filter(
		namespace => ofNamespace(evidence, namespace) !== undefined,
	)
}

export default rule({
	cause: 'pod-stuck-terminating',
	title: 'Something that was deleted does not go away',
	severity: 'warning',
	explain:
		'A deleted object stays as long as a finalizer stands in it: the promise of some controller to clean up first. When that controller is gone or cannot do it, the object stays for ever, and with it its namespace. A pod can also stay because its containers or volumes cannot be ended on the node, and a namespace because an aggregated API does not answer.',
	docs: [
		'https://kubernetes.io/docs/concepts/overview/working-with-objects/finalizers/',
		'https://kubernetes.io/docs/tasks/run-application/force-delete-stateful-set-pod/',
	],
	signs: [
		fact(['cluster'], (_have, evidence) => stuckPods(evidence).map(pod => ofPod(evidence, pod))),
		log(
			/UnmountVolume\.TearDown failed for volume \\*"(?<volume>[^"\\\n]{1,253})[^\n]{0,1500}(?:device or resource busy|target is busy)/,
			({ volume }) =>
				`The kubelet cannot unmount ${volume} of a pod that has ended: something on this host still holds it`,
			{ neverProof: true, if: (evidence, message) => persists(evidence, message) },
		),
		fact(['cluster'], ({ cluster }, evidence) =>
			(cluster.namespaces ?? []).map(namespace => ofNamespace(evidence, namespace)),
		),
		fact(['cluster'], ({ cluster }, evidence) =>
			(cluster.claims ?? [])
				.filter(({ deletedAt }) => overdue(evidence, deletedAt) > 10 * minutes)
				.map(claim =>
					hint(
						'cluster',
						`The claim ${fullName(claim)} was deleted and is held by ${claim.finalizers.join(', ')}: a pod still uses it`,
						{
							at: claim.deletedAt,
						},
					),
				),
		),
	],
	remedies: evidence => {
		const namespace = stuckNamespaces(evidence)[0]
		const pod = stuckPods(evidence)[0]
		const name = kubeNameArgument(namespace?.name)
		const kind = remainingKind(namespace)
		const podName = kubeNameArgument(pod?.name)
		const podSpace = kubeNameArgument(pod?.namespace)
		return [
			{
				title: 'Find the controller that should take the finalizer away',
				why: 'Started again, it cleans up and lets the object go. Only this leaves nothing behind.',
				risk: 'safe',
				interrupts: 'nothing',
				steps: [
					{
						tell: 'See what is left, and whose finalizer it carries:',
						commands: [
							`k3s kubectl get namespace ${name ?? 'NAME'} -o yaml`,
							kind
								? `k3s kubectl -n ${name ?? 'NAME'} get ${kind} -o yaml`
								: `k3s kubectl api-resources --verbs=list --namespaced -o name | xargs -n1 k3s kubectl get -n ${name ?? 'NAME'} --ignore-not-found --show-kind`,
							...(pod
								? [
										`k3s kubectl ${inNamespace(pod.namespace)} get pod ${podName ?? 'POD'} -o jsonpath='{.metadata.finalizers}'`,
									]
								: []),
						],
					},
				],
				recheck: ['cluster'],
			},
			pod && podName && podSpace && pod.finalizers.length === 0 && evidence.node.role !== 'agent'
				? {
						title: `Forget the pod ${podName}`,
						why: 'The API forgets it at once. If its containers still run, they go on unseen: never for a pod that must exist once only (databases).',
						risk: 'destructive' as const,
						interrupts: 'that pod',
						preconditions: [{ apiReady: true as const }],
						steps: [{ kube: { deletePod: { namespace: podSpace, name: podName }, force: true as const } }],
						recheck: ['cluster' as const, 'runtime' as const],
					}
				: undefined,
			{
				title: 'Take the finalizer away by hand',
				why: 'When its controller is gone for good. What it would have cleaned up (volumes, load balancers, records) stays behind.',
				risk: 'destructive',
				interrupts: 'nothing',
				steps: [
					{
						tell: 'For the object that holds it, after looking at it:',
						commands: [
							`k3s kubectl -n ${name ?? podSpace ?? 'NAMESPACE'} patch ${kind ?? 'KIND'} NAME --type=merge -p '{"metadata":{"finalizers":null}}'`,
						],
					},
				],
				recheck: ['cluster'],
			},
		]
	},
})
