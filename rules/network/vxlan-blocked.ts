import { type Evidence, fact, hint, log, nowOf, proof, rule, strong } from '../../src/rule.js'
import { fullName, listed, minutes } from '../workload/pods.js'
import { ownAddress, peerAddresses } from './cluster-networks.js'
import { livePeers, lostDials, nodesWithoutRoute, tunnelPort } from './cross-node.js'
import { type Dropped, droppedBy } from './filter.js'
import { findRule, openFrontEnd, withoutRules } from './firewall-remedies.js'
import { zoneThatShuts } from './firewalld.js'
import { deviceTo } from './routing.js'

/** The filter of this host drops the packets that carry the pods' traffic from or to another node. */
function closed(evidence: Evidence): { from: string; way: 'from' | 'to'; dropped: Dropped } | undefined {
	const { firewall, network } = evidence
	const port = tunnelPort(evidence)
	const own = ownAddress(evidence)
	if (port === undefined || own === undefined) return undefined
	for (const peer of peerAddresses(evidence)) {
		const device = deviceTo(network, peer)
		const both = { protocol: 'udp', port } as const
		const inbound = droppedBy(firewall, {
			hook: 'INPUT',
			...both,
			source: peer,
			destination: own,
			...(device !== undefined && { inInterface: device }),
		})
		if (inbound) return { from: peer, way: 'from', dropped: inbound }
		const outbound = droppedBy(firewall, {
			hook: 'OUTPUT',
			...both,
			source: own,
			destination: peer,
			...(device !== undefined && { outInterface: device }),
		})
		if (outbound) return { from: peer, way: 'to', dropped: outbound }
	}
	return undefined
}

export default rule({
	cause: 'vxlan-blocked',
	title: 'Pods on different nodes cannot reach each other',
	severity: 'warning',
	explain:
		'flannel carries the traffic between pods of different nodes in UDP packets (8472 for vxlan, 51820 and 51821 for wireguard). Something on the way drops them: a packet filter on a node, a security group, or a missing route. Pods on the same node still reach each other, which makes it look like a fault of single applications; DNS fails on every node but the one with CoreDNS.',
	docs: [
		'https://docs.k3s.io/installation/requirements#inbound-rules-for-k3s-nodes',
		'https://docs.k3s.io/networking/basic-network-options',
	],
	signs: [
		fact(['firewall', 'network', 'cluster'], (_have, evidence) => {
			const found = closed(evidence)
			if (!found || livePeers(evidence).length === 0) return undefined
			const { from, way, dropped } = found
			return proof(
				'firewall',
				`packets ${way} ${from} that carry the traffic of pods (${tunnelPort(evidence)}/udp) are dropped ${dropped.by}`,
				{ quote: dropped.quote },
			)
		}),
		fact(['firewall', 'cluster'], (_have, evidence) => {
			const port = tunnelPort(evidence)
			if (port === undefined || livePeers(evidence).length === 0) return undefined
			for (const peer of peerAddresses(evidence)) {
				const zone = zoneThatShuts(evidence, peer, 'udp', port)
				if (zone)
					return strong(
						'firewall',
						`firewalld runs, and its zone ${zone.name} does not let in what other nodes (${peer}) send to ${port}/udp`,
						{ quote: { file: 'commands/firewall-cmd.txt', text: zone.text } },
					)
			}
			return undefined
		}),
		fact(['network', 'cluster'], (_have, evidence) => {
			const nodes = nodesWithoutRoute(evidence)
			return (
				nodes.length > 0 &&
				strong('network', `this host has no route to the pods of ${listed(nodes.map(({ name }) => name))}`, {
					quote: {
						file: 'commands/ip-route.json',
						text: `no route to ${nodes[0]?.podCidrs.join(', ') ?? ''}`,
					},
				})
			)
		}),
		fact(['cluster', 'journal'], (_have, evidence) => {
			const lost = lostDials(evidence).filter(({ source }) => source === 'journal')
			const [first] = lost
			return (
				first &&
				hint(
					'journal',
					`pods of ${first.node} do not answer this node: ${first.host}:${first.port} ${first.why}`,
					{
						quote: first.quote,
						at: first.at,
					},
				)
			)
		}),
		fact(['cluster', 'podLogs'], (_have, evidence) => {
			const lost = lostDials(evidence).filter(({ source }) => source === 'podLogs')
			const [first] = lost
			return (
				first &&
				hint(
					'podLogs',
					`pods of this node do not reach pods of ${listed(lost.map(({ node }) => node))}: ${first.host}:${first.port} ${first.why}`,
					{
						quote: first.quote,
						at: first.at,
					},
				)
			)
		}),
		log(
			/(?<what>AddFDB failed|AddARP failed|Error adding route to|failed to add vxlanRoute)[^\n]{0,200}/,
			({ what }) => `flannel cannot enter another node into the kernel's tables: ${what}`,
			{
				if: (evidence, { count, lastAt }) => count > 1 && nowOf(evidence) - lastAt < 10 * minutes,
			},
		),
	],
	leadsTo: [
		'coredns-down',
		'metrics-server-down',
		'apiservice-unavailable',
		'webhook-blocks',
		'traefik-down',
	],
	remedies: evidence => {
		const found = closed(evidence)
		const port = tunnelPort(evidence) ?? 8472
		const peer = livePeers(evidence)[0]
		const pod = evidence.cluster?.pods?.find(({ node, hostNetwork }) => node === peer?.name && !hostNetwork)
		const dropped = found ? [found.dropped] : []
		return [
			found && openFrontEnd(evidence),
			withoutRules(dropped),
			found && !withoutRules(dropped) && !openFrontEnd(evidence) ? findRule(dropped) : undefined,
			{
				title: `Let ${port}/udp pass between all nodes`,
				why: 'It is needed in both directions, on every node, and in the security group of a cloud as well.',
				risk: 'safe',
				interrupts: 'nothing',
				steps: [
					{
						tell: 'Watch on two nodes at once whether packets arrive while a pod of one asks a pod of the other:',
						commands: [
							`tcpdump -ni any udp port ${port}`,
							pod ? `ping -c 3 ${pod.podIp || 'POD-ADDRESS'}   # ${fullName(pod)}` : 'ping -c 3 POD-ADDRESS',
						],
					},
					{
						tell: 'Then open it where they get lost:',
						commands: [
							`ufw allow ${port}/udp`,
							`firewall-cmd --permanent --add-port=${port}/udp && firewall-cmd --reload`,
						],
					},
				],
				recheck: ['firewall', 'network', 'podLogs'],
			},
		]
	},
})
