import {
	type Evidence,
	fact,
	hint,
	interruptsOfRestart,
	kubeNameArgument,
	log,
	nowOf,
	presence,
	proof,
	restartSteps,
	rule,
	strong,
} from '../../src/rule.js'
import { apiQuote } from '../workload/cite.js'
import {
	certifiedAddresses,
	claimedAddresses,
	foreignAddress,
	isAddress,
	nodeName,
	ownAddresses,
} from './identity.js'
import { foreignClaim } from './rivals.js'
import { isRunning } from './state.js'

/** Two kubelets write in turn: what one of them has just set is not yet overwritten at every moment. Milliseconds. */
const settled = 120_000

function hasSettled(evidence: Evidence): boolean {
	const since = evidence.journal?.newest?.readyAt ?? evidence.service?.since
	return isRunning(evidence) && since !== undefined && nowOf(evidence) - since > settled
}

export default rule({
	cause: 'hostname-duplicate',
	title: 'Another host uses the same node name',
	severity: 'critical',
	severityHere: evidence => (isRunning(evidence) ? 'warning' : undefined),
	explain:
		'The name is the identity of a node. Two hosts with the same hostname, usually clones of one image or virtual machine, write the same node object in turn: addresses and pods jump from one to the other, and parts of k3s end because the address of "their" node is not on this host. With another node password the second one is refused.',
	docs: [
		'https://docs.k3s.io/installation/requirements#prerequisites',
		'https://docs.k3s.io/architecture#how-agent-node-registration-works',
	],
	signs: [
		fact(['journal', 'network'], (_have, evidence) => {
			const found = foreignClaim(evidence)
			return (
				found &&
				(found.overwritten ? proof : strong)(
					'journal',
					`This host wrote its own address into the node ${nodeName(evidence)}, and later ${found.address} stood there again: another host reports under the same name`,
					found.cite,
				)
			)
		}),
		fact(['cluster', 'network', 'service'], ({ cluster }, evidence) => {
			const { self } = cluster
			const own = ownAddresses(evidence)
			if (!self || own.size === 0) return undefined
			const claims = claimedAddresses(self).filter(({ address }) => isAddress(address))
			const foreign = claims.find(({ address }) => !own.has(address))
			const mine = claims.find(({ address }) => own.has(address))
			if (!foreign || !mine) return undefined
			const says = `The node ${self.name} carries ${mine.address} of this host (${mine.by}) and ${foreign.address}, which this host does not have (${foreign.by})`
			const cite = { quote: apiQuote('nodes', `${foreign.by}: ${foreign.address}`) }
			// After a change of the address the old one lingers for a while; a node that has long been up has put it right.
			return hasSettled(evidence) ? strong('cluster', says, cite) : hint('cluster', says, cite)
		}),
		fact(['cluster', 'network', 'certificates'], ({ cluster }, evidence) => {
			const foreign = foreignAddress(evidence)
			const own = ownAddresses(evidence)
			const mine = certifiedAddresses(evidence).find(address => own.has(address))
			if (!foreign || !mine || !hasSettled(evidence)) return undefined
			return strong(
				'cluster',
				`The node ${cluster.self?.name} carries ${foreign.address} (${foreign.by}), which this host does not have; k3s here started with ${mine}`,
				{ quote: apiQuote('nodes', `${foreign.by}: ${foreign.address}`) },
			)
		}),
		fact(['cluster', 'kernel'], ({ cluster, kernel }, evidence) => {
			const { self } = cluster
			if (!self?.bootId || !kernel.bootId || self.bootId === kernel.bootId || !hasSettled(evidence))
				return undefined
			const ready = self.conditions.some(({ type, status }) => type === 'Ready' && status === 'True')
			return (
				ready &&
				proof(
					'cluster',
					`The node ${self.name} was reported last by another machine: its boot id is not that of this host`,
					{
						quote: apiQuote('nodes', `bootID: ${self.bootId}`),
					},
				)
			)
		}),
		log(
			/duplicate node names?(?: found)?, please use (?:a )?unique/,
			'an etcd member of the cluster already has the name of this host',
		),
		log(
			/Node password rejected, duplicate hostname/,
			'the server knows this node name with another password',
			{
				weight: 'hint',
				neverProof: true,
				// Whoever has been this node before has rather lost its password.
				if: ({ files, node }) =>
					files !== undefined && presence(files, `${node.dataDir}/agent/client-kubelet.crt`) === 'absent',
			},
		),
	],
	leadsTo: [
		'node-password-rejected',
		'etcd-member-conflict',
		'konnectivity-tunnel-down',
		'flannel-start-failed',
		'cni-not-ready',
		'node-not-ready',
	],
	remedies: evidence => {
		const { node } = evidence
		const name = kubeNameArgument(nodeName(evidence)) ?? 'NAME'
		return [
			{
				title: 'Give this host a name of its own',
				why: `Only one host may be ${name}. A clone also shares the machine id, SSH keys and the node password with its original: make those anew.`,
				risk: 'restart',
				interrupts: 'pods that run on this host start anew under the new node name',
				steps: [
					{
						tell: `First look which of the two hosts shall stay ${name}; on the other one:`,
						commands: [
							`systemctl stop ${node.unit}`,
							'hostnamectl set-hostname NEW-NAME',
							'rm -f /etc/machine-id && systemd-machine-id-setup',
							'rm -f /etc/rancher/node/password',
							`rm -f ${node.dataDir}/agent/*kubelet.crt ${node.dataDir}/agent/*kubelet.key`,
							`systemctl start ${node.unit}`,
						],
					},
				],
				recheck: ['names', 'units', 'journal', 'cluster'],
			},
			{
				title: 'Keep the hostname, and let k3s append a number to the node name',
				why: 'with-node-id makes the node name unique. Not on a server that is an etcd member already.',
				risk: 'restart',
				interrupts: interruptsOfRestart(node),
				preconditions: [
					{
						says: 'this host is no etcd member',
						holds: node.role === 'agent' ? true : evidence.datastore?.etcd === undefined,
						why: node.role === 'agent' ? 'it is an agent' : 'by what lies in server/db',
					},
				],
				steps: [
					{ edit: '/etc/rancher/k3s/config.yaml', set: { 'with-node-id': true } },
					...restartSteps(node),
				],
				recheck: ['units', 'journal', 'cluster'],
			},
		]
	},
})
