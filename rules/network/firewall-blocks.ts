import { type Evidence, fact, hint, log, type Message, nowOf, proof, rule, strong } from '../../src/rule.js'
import { recentLogs } from '../workload/logs.js'
import { addOnOf, minutes } from '../workload/pods.js'
import { blockedServer, closedToNodes, closedToPods, deafPorts } from './firewall-needs.js'
import { findRule, openFrontEnd, openServer, withoutRules } from './firewall-remedies.js'
import { isReadyOrUnknown } from './ready-nodes.js'
import { serverLink } from './server-link.js'

/** Every rule or policy that throws away what k3s needs. */
function allDropped(evidence: Evidence) {
	return [
		...deafPorts(evidence).map(({ dropped }) => dropped),
		blockedServer(evidence)?.dropped,
		...closedToNodes(evidence).map(({ dropped }) => dropped),
		closedToPods(evidence),
	].filter(dropped => dropped !== undefined)
}

/** Part of k3s that runs in a pod and cannot reach the API by its service address. */
function podWithoutApi(evidence: Evidence) {
	for (const log of recentLogs(evidence)) {
		if (addOnOf({ namespace: log.namespace, name: log.pod }) === undefined) continue
		const line = log.lines
			.slice(-200)
			.findLast(({ text }) => /dial tcp \S{3,45}:443: .{0,40}(?:i\/o timeout|no route to host)/.test(text))
		if (line) return { log, line }
	}
	return undefined
}

const podDevice = /^(?:cni0|flannel[.-]\w{1,10}|kube-bridge|cali\w{1,11}|veth\w{1,11})$/

/** Of the ports of a host much is thrown away that strangers send; between pods there are none. */
const isOfPods = ({ in: from = '', out = '' }: Record<string, string>) =>
	podDevice.test(from) || podDevice.test(out)

const isFresh = (evidence: Evidence, { lastAt, count }: Message) =>
	count > 1 && (lastAt <= 0 || nowOf(evidence) - lastAt < 60 * minutes)

export default rule({
	cause: 'firewall-blocks',
	title: 'A firewall drops traffic that the cluster needs',
	severity: 'critical',
	severityHere: evidence =>
		evidence.service?.state === 'running' && deafPorts(evidence).length === 0 && !blockedServer(evidence)
			? 'warning'
			: undefined,
	explain:
		'A packet filter on this host, on the server or between them drops or rejects connections that k3s needs: 6443 to the servers, 10250 between nodes, 8472/udp for the pod network, and what pods send to the API. ufw and firewalld do so by default once they are switched on.',
	docs: [
		'https://docs.k3s.io/installation/requirements#networking',
		'https://docs.k3s.io/advanced#additional-os-preparations',
	],
	signs: [
		fact(['firewall', 'probes', 'sockets'], (_have, evidence) =>
			deafPorts(evidence).map(({ port, probe, dropped }) => {
				const says = `k3s listens on port ${port}, but a connection to it from this very host goes nowhere`
				return dropped
					? proof('firewall', `${says}: it is dropped ${dropped.by}`, { quote: dropped.quote })
					: strong('probes', says, { quote: probe.quote })
			}),
		),
		fact(['firewall', 'probes', 'config'], (_have, evidence) => {
			const blocked = blockedServer(evidence)
			if (!blocked) return undefined
			const { host, port, dropped } = blocked
			return proof('firewall', `this host itself drops what goes to ${host}:${port}, ${dropped.by}`, {
				quote: dropped.quote,
			})
		}),
		fact(['probes', 'config', 'network', 'service'], ({ network }, evidence) => {
			const link = serverLink(evidence)
			if (link?.probe?.result !== 'timeout' || link.name) return undefined
			const { host, probe, address } = link
			// The host tells its hardware address but does not answer on the port: it is up and drops the packets.
			const up = network.neighbours?.some(
				neighbour =>
					neighbour.address === address &&
					neighbour.answers &&
					/^(?:REACHABLE|DELAY|PROBE|STALE)$/.test(neighbour.state),
			)
			return up
				? proof(
						'probes',
						`${host} is up, but port ${probe.port} swallows connections (no answer, no refusal)`,
						{ quote: probe.quote },
					)
				: hint('probes', `port ${probe.port} of ${host} swallows connections: neither answer nor refusal`, {
						quote: probe.quote,
					})
		}),
		fact(['firewall', 'cluster'], (_have, evidence) =>
			closedToNodes(evidence).map(({ port, from, dropped }) =>
				strong('firewall', `what other nodes (${from}) send to port ${port} is dropped ${dropped.by}`, {
					quote: dropped.quote,
				}),
			),
		),
		fact(['firewall', 'network'], (_have, evidence) => {
			const dropped = closedToPods(evidence)
			if (!dropped) return undefined
			const heard = podWithoutApi(evidence)
			const says = `what pods of this node send to the API server is dropped ${dropped.by}`
			return heard
				? proof('firewall', `${says}; ${heard.log.pod} cannot reach it`, { quote: dropped.quote })
				: strong('firewall', says, { quote: dropped.quote })
		}),
		fact(['firewall', 'service'], ({ firewall, service }) => {
			const limited = /^(?:6443|6443\/tcp)\s+LIMIT\b.{0,80}/m.exec(firewall.ufw?.text ?? '')
			return (
				firewall.ufw?.active &&
				limited &&
				(service.state === 'running' ? hint : strong)(
					'firewall',
					'ufw limits 6443 to six connections in 30 seconds; k3s needs far more',
					{ quote: { file: 'commands/ufw-status.txt', text: limited[0] } },
				)
			)
		}),
		// The packet filter itself tells what it throws away, where it was told to.
		log(
			/^(?:\[[\d. ]{1,20}\] )?\[?(?<rule>UFW BLOCK|[\w -]{0,60}(?:REJECT|DROP|BLOCK|DENY)[\w-]{0,60})\]?[: ]{1,3}IN=(?<in>\S{0,15}) OUT=(?<out>\S{0,15}) [^\n]{0,600}/i,
			({ rule, in: from, out }) =>
				`a packet filter (${rule}) throws away what comes from ${from || 'this host'}${out ? ` for ${out}` : ''}: traffic of pods`,
			{ in: 'kernelLog', if: (evidence, message, groups) => isOfPods(groups) && isFresh(evidence, message) },
		),
		// From before the tunnel, and of servers that go straight to the kubelet.
		log(
			/error dialing backend: dial tcp \[?(?<host>[0-9a-fA-F.:]{3,45}?)\]?:10250: (?<why>i\/o timeout|connect: no route to host|connect: connection timed out|operation was canceled)/,
			({ host, why }) => `port 10250 of ${host} lets nobody in: ${why}`,
			{
				neverProof: true,
				if: (evidence, message, { host = '' }) => message.count > 2 && isReadyOrUnknown(evidence, host),
			},
		),
		log(
			/dial tcp (?<peer>\S+:(?:6443|10250)): .*(?:host administratively prohibited|operation not permitted|permission denied)/,
			({ peer }) => `a packet filter refused the connection to ${peer}`,
		),
	],
	leadsTo: [
		'api-unreachable',
		'registry-unreachable',
		'vxlan-blocked',
		'konnectivity-tunnel-down',
		'coredns-down',
		'metrics-server-down',
		'node-not-ready',
	],
	remedies: evidence => {
		const dropped = allDropped(evidence)
		const front = openFrontEnd(evidence)
		const here = withoutRules(dropped)
		const elsewhere = serverLink(evidence) !== undefined && dropped.length === 0
		return [
			front,
			here,
			dropped.length > 0 && !here && !front ? findRule(dropped) : undefined,
			elsewhere || dropped.length === 0 ? openServer(evidence) : undefined,
		]
	},
})
