import {
	type Evidence,
	fact,
	hint,
	kubeNameArgument,
	proof,
	type Remedy,
	rule,
	type Taint,
} from '../../src/rule.js'
import { apiQuote } from '../workload/cite.js'
import { inNamespace, nameOr } from '../workload/commands.js'
import { fullName, listed, ownNodeName } from '../workload/pods.js'
import { isStateTaint, nodesBehind, type Refusal, refusals } from '../workload/scheduling.js'

const blocks = ({ effect }: Taint) => effect === 'NoSchedule' || effect === 'NoExecute'

/** Set by an operator or an installation, not by Kubernetes because of the node's state. */
function setByHand({ cluster }: Evidence): Taint[] {
	return (cluster?.self?.taints ?? []).filter(taint => blocks(taint) && !isStateTaint(taint.key))
}

/** Set so that only what belongs to the control plane runs there: no fault as long as other nodes take the rest. */
const ofRole = /^(?:node-role\.kubernetes\.io\/|CriticalAddonsOnly$)/

/** Taints alone are in the way of this pod, on every node. */
function byTaintsAlone(refusal: Refusal): boolean {
	const behind = nodesBehind(refusal, 'taint', 'cordon')
	return refusal.obstacles.has('taint') && behind >= refusal.total && refusal.total > 0
}

function written({ key, value, effect }: Taint): string {
	return `${key}${value ? `=${value}` : ''}:${effect}`
}

function removable({ key, effect }: Taint): { key: string; effect: 'NoSchedule' | 'NoExecute' } | undefined {
	const valid = /^(?:[a-z0-9](?:[a-z0-9.-]{0,250}[a-z0-9])?\/)?[A-Za-z0-9](?:[\w.-]{0,61}[A-Za-z0-9])?$/.test(
		key,
	)
	return valid && (effect === 'NoSchedule' || effect === 'NoExecute') ? { key, effect } : undefined
}

export default rule({
	cause: 'node-tainted',
	title: 'A taint keeps pods off the node',
	severity: 'warning',
	explain:
		'A taint tells the scheduler to place here only pods that tolerate it. This one was set on purpose (kubectl taint, or node-taint when the node joined), and pods that do not tolerate it find no other node. On a single-node cluster nothing new can then be started.',
	docs: [
		'https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/',
		'https://docs.k3s.io/cli/server#agent-runtime',
	],
	signs: [
		fact(['cluster'], (_have, evidence) => {
			const taints = setByHand(evidence)
			const pods = refusals(evidence).filter(byTaintsAlone)
			const names = listed(taints.map(written))
			if (taints.length === 0) return undefined
			if (pods.length > 0)
				return proof(
					'cluster',
					`${ownNodeName(evidence)} has the taint ${names}, and ${listed(pods.map(({ pod }) => fullName(pod)))} does not tolerate it`,
					{ quote: apiQuote('pods', pods[0]?.text ?? ''), at: pods[0]?.since ?? taints[0]?.since },
				)
			return taints.every(({ key }) => ofRole.test(key))
				? undefined
				: hint('cluster', `${ownNodeName(evidence)} has the taint ${names}`, {
						quote: apiQuote('nodes', names),
						at: taints[0]?.since,
					})
		}),
	],
	leadsTo: [
		'pod-unschedulable',
		'coredns-down',
		'metrics-server-down',
		'traefik-down',
		'local-path-failed',
		'helm-job-failed',
	],
	remedies: evidence => {
		const name = kubeNameArgument(ownNodeName(evidence))
		const taints = setByHand(evidence)
		const found = taints.map(removable).filter(taint => taint !== undefined)
		const pod = refusals(evidence).find(byTaintsAlone)?.pod
		const [first] = taints
		const canRun = name && found.length > 0 && evidence.node.role !== 'agent'
		const take: Remedy = {
			title: 'Take the taint away',
			why: 'Then every pod may run here. The taint was set for a reason: ask whether it still holds.',
			risk: 'safe',
			interrupts: 'nothing',
			preconditions: canRun ? [{ apiReady: true }] : [],
			steps: canRun
				? found.map(({ key, effect }) => ({ kube: { untaint: name, key, effect } }))
				: [
						{
							tell: 'On a server:',
							commands: [
								`k3s kubectl describe node ${name ?? 'NODE'}`,
								`k3s kubectl taint node ${name ?? 'NODE'} KEY:NoSchedule-`,
							],
						},
					],
			undo: [
				{
					tell: 'Set it again:',
					commands: found.map(
						({ key, effect }) =>
							`k3s kubectl taint node ${name ?? 'NODE'} ${key}=${taints.find(taint => taint.key === key)?.value.replace(/[^\w.-]/g, '') ?? ''}:${effect}`,
					),
				},
			],
			recheck: ['cluster'],
		}
		return [
			take,
			{
				title: 'Let the pod tolerate it',
				why: 'If the node is meant for such pods only, and this is one of them.',
				risk: 'safe',
				interrupts: 'the pods of that workload are rolled',
				steps: [
					{
						tell: `In the template of the pod's workload: tolerations: [{key: "${(first && removable(first)?.key) ?? 'KEY'}", operator: Exists, effect: NoSchedule}]`,
						commands: [`k3s kubectl ${inNamespace(pod?.namespace)} describe pod ${nameOr(pod?.name, 'POD')}`],
					},
				],
				recheck: ['cluster'],
			},
		]
	},
})
