import {
	configValue,
	configValues,
	type Evidence,
	fact,
	interruptsOfRestart,
	kubeNameArgument,
	log,
	persists,
	proof,
	rule,
	strong,
} from '../../src/rule.js'
import { apiQuote } from '../workload/cite.js'
import { restartCommand } from '../workload/commands.js'
import { hasSettled, isOlderThan, minutes, ownNodeName, seconds } from '../workload/pods.js'
import { ofKeptOff } from '../workload/scheduling.js'

const key = 'node.cloudprovider.kubernetes.io/uninitialized'

const ownControllerOff = ({ config }: Evidence) => configValue(config, 'disable-cloud-controller') === 'true'

/** Nobody will come: the kubelet expects a cloud controller from outside, and k3s starts none. */
function nobodyComes(evidence: Evidence): boolean {
	const asked = configValues(evidence.config, 'kubelet-arg').some(value => /cloud-provider=/.test(value))
	return asked && ownControllerOff(evidence)
}

/** The taint is there for the first seconds of every node. */
function stays(evidence: Evidence) {
	const taint = evidence.cluster?.self?.taints.find(candidate => candidate.key === key)
	const joined = taint?.since ?? evidence.cluster?.self?.createdAt
	const patience = nobodyComes(evidence) ? 30 * seconds : 2 * minutes
	return taint && isOlderThan(evidence, joined, patience) && hasSettled(evidence, patience)
		? taint
		: undefined
}

export default rule({
	cause: 'cloud-provider-uninitialized',
	title: 'No cloud controller has initialised this node',
	severity: 'critical',
	explain:
		"A node that expects a cloud provider begins with a taint that only a cloud controller takes away. k3s brings a small one; if that is switched off (disable-cloud-controller, or kubelet-arg cloud-provider=external for another) and no other runs, the node keeps the taint and no pod is placed, not even the controller's own unless it tolerates the taint.",
	docs: [
		'https://docs.k3s.io/networking/networking-services#deploying-an-external-cloud-controller-manager',
		'https://kubernetes.io/docs/tasks/administer-cluster/running-cloud-controller/',
	],
	signs: [
		fact(['cluster'], (_have, evidence) => {
			const taint = stays(evidence)
			if (!taint) return undefined
			const cite = { quote: apiQuote('nodes', `${key}:${taint.effect}`), at: taint.since }
			return ownControllerOff(evidence)
				? proof(
						'cluster',
						`${ownNodeName(evidence)} still has the taint of a node without cloud controller, and k3s's own is switched off`,
						cite,
					)
				: strong(
						'cluster',
						`${ownNodeName(evidence)} still has the taint of a node without cloud controller`,
						cite,
					)
		}),
		fact(['cluster'], (_have, evidence) => ofKeptOff(evidence, 'cloud-provider-uninitialized')),
		log(
			/network policy controller (?:failed to wait|timed out waiting) for \S{0,60}uninitialized taint to be removed/,
			'The network policy controller waited in vain for a cloud controller',
		),
		log(/failed to wait for untaint?ed node/, 'k3s waited in vain for its node to be initialised', {
			neverProof: true,
		}),
		log(
			/address annotations not yet set|No InternalIP addresses found for node/,
			'the cloud controller waits for the addresses of a node, which its kubelet does not tell',
			{ neverProof: true, if: (evidence, message) => persists(evidence, message) },
		),
	],
	leadsTo: [
		'pod-unschedulable',
		'node-not-ready',
		'coredns-down',
		'metrics-server-down',
		'traefik-down',
		'helm-job-failed',
	],
	remedies: evidence => {
		const name = kubeNameArgument(ownNodeName(evidence))
		return [
			{
				title: "Use k3s's own cloud controller",
				why: 'It gives nodes their addresses and takes the taint away. Right unless another one is to be used.',
				risk: 'restart',
				interrupts: interruptsOfRestart(evidence.node),
				steps: [
					{
						tell: 'On the servers, take disable-cloud-controller out of /etc/rancher/k3s/config.yaml and the unit, and kubelet-arg cloud-provider=external; then:',
						commands: [restartCommand(evidence.node)],
					},
				],
				recheck: ['config', 'cluster', 'journal'],
			},
			{
				title: 'Look after the cloud controller that is meant to do it',
				why: 'It must tolerate the taint, and reach the API of the cloud.',
				risk: 'safe',
				interrupts: 'nothing',
				steps: [
					{
						tell: 'On a server:',
						commands: [
							'k3s kubectl get pods -A -o wide | grep -i cloud',
							'k3s kubectl -n kube-system logs -l app=cloud-controller-manager --tail=50',
						],
					},
				],
				recheck: ['cluster'],
			},
			name && evidence.node.role !== 'agent' && stays(evidence)?.effect === 'NoSchedule'
				? {
						title: 'Take the taint away by hand',
						why: 'A last resort: addresses and labels that the controller would set stay missing, and the next node that joins waits as well.',
						risk: 'safe' as const,
						interrupts: 'nothing',
						preconditions: [{ apiReady: true as const }],
						steps: [{ kube: { untaint: name, key, effect: 'NoSchedule' as const } }],
						recheck: ['cluster' as const],
					}
				: undefined,
		]
	},
})
