import { type Evidence, type Finding, fact, hint, log, persists, rule, strong } from '../../src/rule.js'
import { withoutAddOn } from '../kinds.js'
import { apiQuote, citeLine } from '../workload/cite.js'
import { recentLogs } from '../workload/logs.js'
import { addOnOf, fullName, hasSettled, isOlderThan, isReady, minutes, seconds } from '../workload/pods.js'
import { discoveryFails, onlyMetrics } from './discovery.js'
import { downPod, ownDeployment, podsOf, staysDown } from './own.js'

const scrape =
	/(?:Failed to scrape node|unable to fully scrape metrics)[^\n]{0,200}?(?<why>x509[^\n"]{1,200}|i\/o timeout|connection refused|no route to host|context deadline exceeded|401|403)/

/** Scaled to nothing, or deleted, while the API that it serves is still announced. */
function switchedOff(evidence: Evidence): boolean {
	if (!evidence.cluster?.workloads || !evidence.cluster.pods || !hasSettled(evidence, 30 * seconds))
		return false
	const deployment = ownDeployment(evidence, 'metrics-server')
	return (
		(deployment === undefined || deployment.wanted === 0) && podsOf(evidence, 'metrics-server').length === 0
	)
}

/** The answer of the metrics API is bad; for longer than a start takes, it is no passing trouble. */
function ofApi(evidence: Evidence): Finding[] {
	return (evidence.cluster?.apiServices ?? [])
		.filter(({ name, available }) => !available && name.endsWith('.metrics.k8s.io'))
		.filter(({ service }) => service?.name === 'metrics-server')
		.map(({ name, reason, message, since }) => {
			const lasts =
				switchedOff(evidence) ||
				(isOlderThan(evidence, since, 3 * minutes) && hasSettled(evidence, 3 * minutes))
			return (lasts ? strong : hint)('cluster', `${name} is not available: ${reason}`, {
				quote: apiQuote('apiservices', message || reason),
				at: since,
			})
		})
}

export default rule({
	cause: 'metrics-server-down',
	title: 'There are no metrics: metrics-server does not work',
	severity: 'warning',
	appliesTo: ['server'],
	notFor: withoutAddOn('metrics-server'),
	explain:
		'kubectl top and autoscaling by CPU or memory ask metrics-server, which asks the kubelet of every node on port 10250. Its pod is not ready, or it cannot reach the nodes. Nothing else of the cluster depends on it, but every client notices an API that does not answer.',
	docs: [
		'https://docs.k3s.io/installation/packaged-components',
		'https://docs.k3s.io/installation/requirements#inbound-rules-for-k3s-nodes',
	],
	signs: [
		fact(['cluster'], (_have, evidence) => ofApi(evidence)),
		fact(['cluster'], (_have, evidence) => {
			const deployment = ownDeployment(evidence, 'metrics-server')
			const down = deployment
				? staysDown(evidence, deployment, 'metrics-server')
				: downPod(evidence, 'metrics-server') !== undefined
			if (!down) return undefined
			const pod = podsOf(evidence, 'metrics-server').find(candidate => !isReady(candidate))
			const state = pod?.containers[0]?.current
			return strong(
				'cluster',
				`kube-system/metrics-server has no ready pod${pod ? ` (${fullName(pod)}: ${state?.reason || pod.phase})` : ''}`,
				{
					quote: apiQuote('pods', state?.message || state?.reason || pod?.phase || 'no pod'),
					at: pod?.createdAt,
				},
			)
		}),
		fact(['podLogs'], (_have, evidence) =>
			recentLogs(evidence, 5 * minutes)
				.filter(({ namespace, pod }) => addOnOf({ namespace, name: pod }) === 'metrics-server')
				.map(told => {
					const lines = told.lines.slice(-40).filter(({ text }) => scrape.test(text))
					const line = lines.at(-1)
					const first = lines[0]
					// One failed round is a hiccup, or a node that was just starting.
					if (!line || !first || line.at - first.at < 1 * minutes) return undefined
					return hint(
						'podLogs',
						`metrics-server does not reach a kubelet: ${scrape.exec(line.text)?.groups?.why ?? ''}`,
						{ ...citeLine(told, line), count: lines.length },
					)
				}),
		),
		log(discoveryFails, 'Discovery fails, because the metrics API does not answer', {
			neverProof: true,
			// Where the list of APIs was answered, it tells better.
			if: (evidence, message, { groups = '' }) =>
				evidence.cluster?.apiServices === undefined && onlyMetrics(groups) && persists(evidence, message),
		}),
		log(
			/v1beta1\.metrics\.k8s\.io failed with: [^\n]{1,300}/,
			'The API server gets no answer from metrics-server',
			{
				weight: 'hint',
				if: (evidence, { count, firstAt, lastAt }) =>
					ofApi(evidence).length > 0 && count > 3 && lastAt - firstAt > 2 * minutes,
			},
		),
	],
	leadsTo: ['apiservice-unavailable', 'pod-stuck-terminating'],
	remedies: evidence => [
		{
			title: 'See what its pod says',
			why: 'A missing image, a blocked port 10250 between nodes and a slow start look alike from outside.',
			risk: 'safe',
			interrupts: 'nothing',
			steps: [
				{
					tell: 'On a server:',
					commands: [
						'k3s kubectl -n kube-system describe pod -l k8s-app=metrics-server',
						'k3s kubectl -n kube-system logs deploy/metrics-server --tail=40',
						'nc -zv OTHER_NODE 10250',
					],
				},
			],
			recheck: ['cluster', 'podLogs'],
		},
		evidence.node.role === 'agent'
			? undefined
			: {
					title: 'Restart metrics-server',
					why: 'It asks all nodes anew. It helps after nodes or addresses changed.',
					risk: 'safe',
					interrupts: 'kubectl top, for about half a minute',
					preconditions: [{ apiReady: true }],
					steps: [
						{ kube: { restart: { kind: 'deployment', namespace: 'kube-system', name: 'metrics-server' } } },
					],
					recheck: ['cluster', 'podLogs'],
				},
	],
})
