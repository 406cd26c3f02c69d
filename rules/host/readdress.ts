/** Remedies for a host whose address has changed. */
import {
	type Evidence,
	hostArgument,
	interruptsOfRestart,
	kubeNameArgument,
	nowOf,
	type Remedy,
	restartSteps,
	type Step,
	serverUrl,
	serviceStep,
} from '../../src/rule.js'
import { hostAddresses, nodeName } from './identity.js'
import type { MovedMember } from './moved-member.js'

const recheck: Remedy['recheck'] = ['network', 'units', 'journal', 'datastore', 'cluster']

function giveBack(evidence: Evidence, before: string | undefined): Remedy {
	const { node, network } = evidence
	const [main] = hostAddresses(network)
	const device = main?.device ?? 'INTERFACE'
	const bits = network?.interfaces
		.flatMap(({ addresses }) => addresses)
		.find(({ address }) => address === main?.address)?.prefix
	const old = hostArgument(before) ?? 'OLD-ADDRESS'
	return {
		title: before ? `Give the host its address ${old} back` : 'Give the host its old address back',
		why: 'Nothing in the cluster has to change then. Reserve it in DHCP, or configure it as a fixed address.',
		risk: 'restart',
		interrupts: `connections to this host; ${interruptsOfRestart(node)}`,
		steps: [
			{
				tell: 'In the network configuration of the host (or the reservation of the DHCP server); for a first try:',
				commands: [`ip addr add ${old}/${bits ?? 24} dev ${device}`, `systemctl restart ${node.unit}`],
			},
		],
		recheck,
	}
}

/** The reset has to be given what the unit gives k3s: where that is more than the configuration file, a person does it. */
function resetStep({ config, node }: Evidence): Step {
	const fromUnit = (config?.args.length ?? 1) > 0 || (config?.environment.size ?? 1) > 0
	if (!fromUnit) return { run: ['k3s', 'server', '--cluster-reset'], limitSeconds: 300 }
	return {
		tell: `With the arguments and the environment of ${node.unit}, and wait for "Managed etcd cluster membership has been reset":`,
		commands: [
			`systemctl cat ${node.unit}`,
			`(set -a; . /etc/systemd/system/${node.unit}.env; k3s server ARGUMENTS --cluster-reset)`,
		],
	}
}

/** A single etcd server makes itself a cluster of one, with today's address. */
function resetAlone(evidence: Evidence): Remedy {
	const { node } = evidence
	const db = `${node.dataDir}/server/db`
	return {
		title: 'Let the only server make a new member list with its new address (cluster-reset)',
		why: 'The data stay; only the list of members is written anew. Right only if there is no other etcd server.',
		risk: 'destructive',
		interrupts: 'the API, for a minute or two; pods go on',
		preconditions: [
			{
				says: 'no other server of this cluster has etcd',
				holds: serverUrl(evidence.config) === undefined ? undefined : false,
				why: serverUrl(evidence.config)
					? 'the configuration names another server'
					: 'the member list that etcd showed has one member',
			},
		],
		steps: [
			serviceStep(node, 'stop'),
			{ waitFor: { unitInactive: node.unit }, limitSeconds: 90 },
			{ backup: db },
			resetStep(evidence),
			...restartSteps(node, 300),
		],
		undo: [{ restore: db }],
		recheck,
	}
}

/** One of several leaves by its old address and comes in again by its new one. */
function joinAnew(evidence: Evidence): Remedy {
	const { node } = evidence
	const name = kubeNameArgument(nodeName(evidence)) ?? 'NODE'
	const server = serverUrl(evidence.config)
	const aside = `${node.dataDir}/server/db.bak-${Math.floor(nowOf(evidence) / 1000) || 'old'}`
	return {
		title: 'Let this server join the others anew, with its new address',
		why: 'The others hold the data. The old member has to leave their list first, then this server comes in with an empty data directory.',
		risk: 'destructive',
		interrupts: 'nothing that works: this server has no API now; pods go on',
		preconditions: [
			{
				says: 'the configuration names another server to join',
				holds: server !== undefined,
				why: server ? `server is ${server.url}` : 'there is no `server` in it',
			},
			{
				says: 'the old member was taken out on a healthy server (first step)',
				holds: undefined,
				why: 'only the other servers can tell: k3s kubectl get nodes',
			},
		],
		steps: [
			{
				tell: 'On a healthy server, if the others are a majority without this one:',
				commands: [
					'k3s kubectl get nodes -l node-role.kubernetes.io/etcd=true -o wide',
					`k3s kubectl delete node ${name}`,
				],
			},
			serviceStep(node, 'stop'),
			{ waitFor: { unitInactive: node.unit }, limitSeconds: 90 },
			{ move: `${node.dataDir}/server/db`, to: aside },
			...restartSteps(node, 300),
		],
		recheck,
	}
}

function restart(evidence: Evidence): Remedy {
	const { node } = evidence
	return {
		title: 'Restart k3s, so that it makes itself known with its new address',
		why: 'At its start k3s takes the address of the default route, makes certificates for it and writes it into the node. A node-ip in the configuration has to be changed before.',
		risk: 'restart',
		interrupts: `${interruptsOfRestart(node)}; traffic between pods of different nodes for about a minute`,
		steps: [
			...(evidence.config?.values.has('node-ip')
				? [{ tell: 'First set node-ip in the configuration to the new address, or take it out.' }]
				: []),
			...restartSteps(node),
			...(node.role === 'agent'
				? []
				: [
						{
							tell: 'Agents that were told the old address look for the server there: set K3S_URL anew on each.',
							commands: ['vi /etc/systemd/system/k3s-agent.service.env', 'systemctl restart k3s-agent'],
						},
					]),
		],
		recheck,
	}
}

export function readdress(
	evidence: Evidence,
	moved: MovedMember | undefined,
	lost: string | undefined,
): Remedy[] {
	const back = giveBack(evidence, moved?.before ?? lost)
	if (moved) return [back, moved.members > 1 ? joinAnew(evidence) : resetAlone(evidence)]
	return [restart(evidence), back]
}
