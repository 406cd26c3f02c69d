import { type Evidence, fact, proof, rule, strong } from '../../src/rule.js'
import { apiQuote } from './cite.js'
import { inNamespace, nameOr } from './commands.js'
import { fullName } from './pods.js'
import { isKeptOff, isStateTaint, nodesBehind, type Obstacle, type Refusal, refusals } from './scheduling.js'

const words: Record<Obstacle, string> = {
	cordon: 'nodes are cordoned',
	taint: 'nodes have taints that it does not tolerate',
	selector: 'no node has the labels that it asks for',
	affinity: 'its rules about other pods or about spreading fit no node',
	resources: 'no node has enough free CPU, memory or room',
	claim: 'a volume that it needs is not there',
	ports: 'the host ports that it asks for are taken',
	volume: 'its volume lies on another node',
	other: 'no node fits',
}

/** A node that is not ready, or under pressure, has a taint for it: then the node's trouble is the cause. */
function byStateOfNodes({ cluster }: Evidence, refusal: Refusal): boolean {
	const nodes = cluster?.nodes ?? []
	const out = nodes.filter(
		({ unschedulable, taints }) =>
			!unschedulable && taints.some(({ key, effect }) => isStateTaint(key) && effect !== 'PreferNoSchedule'),
	).length
	return out > 0 && nodesBehind(refusal, 'taint', 'cordon') >= refusal.total
}

function told(evidence: Evidence): readonly Refusal[] {
	return refusals(evidence).filter(
		refusal => !byStateOfNodes(evidence, refusal) && !isKeptOff(evidence, refusal),
	)
}

/** What is told first: what the pod asks for, before what nodes refuse. */
const order: readonly Obstacle[] = [
	'claim',
	'volume',
	'ports',
	'resources',
	'selector',
	'affinity',
	'other',
	'taint',
	'cordon',
]

function main({ obstacles }: Refusal): Obstacle {
	return order.find(kind => obstacles.has(kind)) ?? 'other'
}

function says(refusal: Refusal): string {
	const { pod } = refusal
	const kind = main(refusal)
	const selector = Object.entries(pod.nodeSelector)
		.filter(([key]) => key !== 'kubernetes.io/os')
		.map(([key, value]) => `${key}=${value}`)
	const asked = kind === 'selector' && selector.length > 0 ? ` (${selector.slice(0, 4).join(', ')})` : ''
	return `${fullName(pod)} finds no node: ${words[kind]}${asked}`
}

export default rule({
	cause: 'pod-unschedulable',
	title: 'A pod fits on no node',
	severity: 'warning',
	explain:
		'The scheduler has looked at every node and none may or can take the pod: it asks for a label, for more CPU or memory than is free, for a host port that is taken, or for a volume on another node; or the nodes are cordoned or tainted. What counts are the requests of the pods that are there, not what they really use.',
	docs: [
		'https://kubernetes.io/docs/concepts/scheduling-eviction/assign-pod-node/',
		'https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/',
	],
	appliesTo: ['server'],
	signs: [
		fact(['cluster'], (_have, evidence) =>
			told(evidence).map(refusal =>
				(refusal.obstacles.size > 0 ? proof : strong)('cluster', says(refusal), {
					quote: apiQuote('pods', `0/${refusal.total} nodes are available: ${refusal.text}`),
					at: refusal.since,
				}),
			),
		),
	],
	remedies: evidence => {
		const refusal = told(evidence)[0]
		const kind = refusal && main(refusal)
		const where = inNamespace(refusal?.pod.namespace)
		const name = nameOr(refusal?.pod.name, 'POD')
		const look = {
			tell: 'See what it asks for, and what the nodes have:',
			commands: [
				`k3s kubectl ${where} describe pod ${name}`,
				'k3s kubectl get nodes --show-labels',
				'k3s kubectl describe nodes | grep -A8 "Allocated resources"',
			],
		}
		const byKind: Partial<Record<Obstacle, { title: string; why: string; commands: string[] }>> = {
			selector: {
				title: 'Give a node the label, or take it out of the pod',
				why: 'A node selector is met by labels of the node and nothing else.',
				commands: ['k3s kubectl label node NODE KEY=VALUE', `k3s kubectl ${where} edit deployment NAME`],
			},
			resources: {
				title: 'Ask for less, or make room',
				why: 'Lower the requests of this pod or of others, scale something down, or add a node.',
				commands: [
					`k3s kubectl ${where} set resources deployment/NAME --requests=cpu=100m,memory=128Mi`,
					'k3s kubectl top nodes',
				],
			},
			volume: {
				title: 'Bring the pod back to the node of its volume',
				why: 'A local-path volume lies on one node. If that node is gone for good, so is the volume: restore the data into a new claim.',
				commands: ['k3s kubectl get pv -o wide', 'k3s kubectl get nodes'],
			},
			ports: {
				title: 'Free the host port',
				why: 'A host port can be had once on each node.',
				commands: ['k3s kubectl get pods -A -o wide | grep svclb', 'k3s kubectl get svc -A'],
			},
		}
		const fix = kind && byKind[kind]
		return [
			{
				title: fix?.title ?? 'Make pod and nodes fit',
				why: fix?.why ?? 'The quoted words count the nodes by what speaks against each.',
				risk: 'safe',
				interrupts: 'nothing',
				steps: [look, ...(fix ? [{ tell: 'Then:', commands: fix.commands }] : [])],
				recheck: ['cluster'],
			},
		]
	},
})
