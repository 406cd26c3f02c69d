import {
	type Evidence,
	fact,
	hint,
	interruptsOfRestart,
	kubeNameArgument,
	log,
	restartSteps,
	rule,
	strong,
} from '../../src/rule.js'
import { apiQuote } from '../workload/cite.js'
import { hasSettled, isOlderThan, minutes, ownNodeName, seconds } from '../workload/pods.js'
import { ofKeptOff } from '../workload/scheduling.js'

function readyCondition({ cluster }: Evidence) {
	const condition = cluster?.self?.conditions.find(({ type }) => type === 'Ready')
	return condition && condition.status !== 'True' ? condition : undefined
}

/** Other nodes of the cluster that have been away for a while, as a server sees them. */
function otherNodes(evidence: Evidence) {
	const { cluster, node } = evidence
	if (node.role !== 'server' || !cluster?.self || !hasSettled(evidence, 1 * minutes)) return []
	return (cluster.nodes ?? []).flatMap(({ name, conditions, deletedAt }) => {
		const ready = conditions.find(({ type }) => type === 'Ready')
		const away = ready && ready.status !== 'True' && isOlderThan(evidence, ready.since, 60 * seconds)
		return away && name !== cluster.self?.name && deletedAt === undefined ? [{ name, ready }] : []
	})
}

export default rule({
	cause: 'node-not-ready',
	title: 'A node is not Ready',
	severity: 'critical',
	// Where only others are away, this node works.
	severityHere: evidence => (readyCondition(evidence) || !evidence.cluster?.self ? undefined : 'warning'),
	explain:
		'The kubelet on this node reports that something it needs is not in order, or has not reported at all for 40 seconds. Kubernetes then places no pods here, and after five minutes moves away those that it can. What the kubelet misses stands in the condition; the cause is usually named by another diagnosis.',
	docs: [
		'https://kubernetes.io/docs/concepts/architecture/nodes/#condition',
		'https://kubernetes.io/docs/tasks/debug/debug-cluster/',
	],
	signs: [
		fact(['cluster', 'service'], ({ service }, evidence) => {
			const condition = readyCondition(evidence)
			if (!condition) return undefined
			const { reason, message, since, status } = condition
			const says =
				status === 'Unknown'
					? `The kubelet of ${ownNodeName(evidence)} does not report (${reason})`
					: `${ownNodeName(evidence)} is not Ready: ${message || reason}`
			const cite = { quote: apiQuote('nodes', `${reason}: ${message}`), at: since }
			// While k3s is down or has only just come up, this says no more than that.
			const lasting = isOlderThan(evidence, since, 60 * seconds) && hasSettled(evidence, 2 * minutes)
			if (lasting) return strong('cluster', says, cite)
			const young = service.state === 'running' && !hasSettled(evidence, 20 * seconds)
			return young || service.state === 'starting' ? undefined : hint('cluster', says, cite)
		}),
		fact(['cluster'], (_have, evidence) =>
			otherNodes(evidence).map(({ name, ready }) =>
				strong('cluster', `Node ${name} is not Ready: ${ready.message || ready.reason}`, {
					quote: apiQuote('nodes', `${ready.reason}: ${ready.message}`),
					at: ready.since,
				}),
			),
		),
		fact(['cluster', 'service'], ({ cluster }, evidence) => {
			const missing = cluster.nodes && cluster.nodes.length > 0 && !cluster.self
			return (
				missing &&
				hasSettled(evidence, 2 * minutes) &&
				hint('cluster', `${ownNodeName(evidence)} is not among the nodes of the cluster`)
			)
		}),
		fact(['cluster'], (_have, evidence) => ofKeptOff(evidence, 'node-not-ready')),
		log(
			/(?<why>PLEG is not healthy: pleg was last seen active [^\n"]{1,100})/,
			({ why }) => `The kubelet has lost sight of its containers: ${why}`,
			{ weight: 'hint' },
		),
		log(
			/Error updating node status, will retry[^\n]{0,300}/,
			'The kubelet cannot report the state of the node',
			{
				weight: 'hint',
				if: (_evidence, { count, firstAt, lastAt }) => count > 3 && lastAt - firstAt > 1 * minutes,
			},
		),
	],
	leadsTo: [
		'pod-unschedulable',
		'pod-stuck-terminating',
		'coredns-down',
		'metrics-server-down',
		'traefik-down',
		'apiservice-unavailable',
		'local-path-failed',
		'helm-job-failed',
	],
	remedies: evidence => {
		const { node } = evidence
		const away = readyCondition(evidence)
			? []
			: otherNodes(evidence).flatMap(({ name }) => kubeNameArgument(name) ?? [])
		return [
			away.length > 0 && {
				title: `Look at ${away.slice(0, 3).join(', ')}`,
				why: 'This node works; the cure is there. A node that is switched off for good is taken out of the cluster.',
				risk: 'safe' as const,
				interrupts: 'nothing',
				steps: [
					{
						tell: 'On that node:',
						commands: ['systemctl status k3s k3s-agent', 'sudo k3s-doctor'],
					},
				],
				recheck: ['cluster' as const],
			},
			away.length === 0 && {
				title: 'Restart k3s',
				why: 'It starts kubelet, containerd and flannel anew. Look at the other diagnoses first: a restart does not mend what is broken.',
				risk: 'restart' as const,
				interrupts: interruptsOfRestart(node),
				steps: restartSteps(node),
				recheck: ['units' as const, 'journal' as const, 'runtime' as const, 'cluster' as const],
			},
		]
	},
})
