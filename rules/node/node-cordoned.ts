import { type Evidence, fact, kubeNameArgument, proof, rule, strong } from '../../src/rule.js'
import { apiQuote } from '../workload/cite.js'
import { fullName, listed, ownNodeName } from '../workload/pods.js'
import { refusals } from '../workload/scheduling.js'

const cordonTaint = 'node.kubernetes.io/unschedulable'

function waiting(evidence: Evidence) {
	return refusals(evidence).filter(({ obstacles }) => obstacles.has('cordon'))
}

export default rule({
	cause: 'node-cordoned',
	title: 'The node is cordoned: it takes no new pods',
	severity: 'warning',
	explain:
		'Somebody told Kubernetes to schedule nothing here (kubectl cordon or drain), usually before maintenance, and nobody has taken it back. Pods that run go on; new ones go elsewhere, or wait if there is no other node.',
	docs: [
		'https://kubernetes.io/docs/tasks/administer-cluster/safely-drain-node/',
		'https://docs.k3s.io/upgrades/automated',
	],
	signs: [
		fact(['cluster'], ({ cluster }) => {
			const { self } = cluster
			if (!self?.unschedulable) return undefined
			const taint = self.taints.find(({ key }) => key === cordonTaint)
			return proof('cluster', `${self.name} is marked unschedulable`, {
				quote: apiQuote('nodes', 'spec.unschedulable: true'),
				at: taint?.since,
			})
		}),
		fact(['cluster'], ({ cluster }, evidence) => {
			const pods = waiting(evidence)
			if (!cluster.self?.unschedulable || pods.length === 0) return undefined
			return strong('cluster', `waiting for a node: ${listed(pods.map(({ pod }) => fullName(pod)))}`, {
				quote: apiQuote('pods', pods[0]?.text ?? ''),
				at: pods[0]?.since,
			})
		}),
	],
	leadsTo: [
		'pod-unschedulable',
		'coredns-down',
		'metrics-server-down',
		'traefik-down',
		'helm-job-failed',
		'local-path-failed',
		'servicelb-port-conflict',
	],
	remedies: evidence => {
		const name = kubeNameArgument(ownNodeName(evidence))
		const byHand = {
			tell: 'On a server, when nobody works on this node any more:',
			commands: [`k3s kubectl uncordon ${name ?? 'NODE'}`],
		}
		return [
			{
				title: 'Uncordon the node',
				why: 'If the maintenance is over, it may take pods again. Ask first: a colleague or an upgrade may be at work on it.',
				risk: 'safe',
				interrupts: 'nothing',
				preconditions: evidence.node.role === 'agent' ? [] : [{ apiReady: true }],
				// An agent's credentials may not change its node.
				steps: name && evidence.node.role !== 'agent' ? [{ kube: { uncordon: name } }] : [byHand],
				recheck: ['cluster'],
			},
		]
	},
})
