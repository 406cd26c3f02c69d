/** Traffic that k3s on this node needs, and what its packet filters do to it. */
import { configValue, type Evidence, type PortProbe } from '../../src/rule.js'
import { clusterNetworks, otherNodes, ownAddress, peerAddresses } from './cluster-networks.js'
import { type Dropped, droppedBy } from './filter.js'
import { foreignOn } from './listeners.js'
import { deviceTo } from './routing.js'
import { serverLink } from './server-link.js'

/** The port of the supervisor and API server. */
export function apiPort({ config }: Evidence): number {
	return Number(configValue(config, 'https-listen-port') ?? 6443)
}

/** Ports that k3s on this node must reach on itself. */
function ownPorts(evidence: Evidence): number[] {
	const api = apiPort(evidence)
	return evidence.node.role === 'agent'
		? [10250, Number(configValue(evidence.config, 'lb-server-port') ?? 6444)]
		: [api, api + 1, 10250]
}

export interface Deaf {
	port: number
	probe: PortProbe
	dropped?: Dropped
}

/** Ports on which this node listens, and a connect to which from this very host goes nowhere. */
export function deafPorts(evidence: Evidence): Deaf[] {
	const { sockets, probes, firewall } = evidence
	return ownPorts(evidence).flatMap(port => {
		const listens = sockets?.listening.some(socket => socket.port === port && socket.protocol === 'tcp')
		const probe = probes?.ports.find(item => item.port === port && /^(?:127\.|::1$)/.test(item.host))
		// Another program that holds the port may be deaf by itself.
		if (!listens || !probe || probe.result === 'open' || foreignOn(evidence, port)) return []
		const loopback = { protocol: 'tcp', port, source: probe.host, destination: probe.host } as const
		const dropped =
			droppedBy(firewall, { hook: 'INPUT', inInterface: 'lo', ...loopback }) ??
			droppedBy(firewall, { hook: 'OUTPUT', outInterface: 'lo', ...loopback })
		if (dropped) return [{ port, probe, dropped }]
		// A refusal without a rule that refuses is a socket of another address.
		return probe.result === 'timeout' || probe.result === 'unreachable' ? [{ port, probe }] : []
	})
}

/** The filter of this host throws away what goes to its server. */
export function blockedServer(
	evidence: Evidence,
): { host: string; port: number; dropped: Dropped } | undefined {
	const link = serverLink(evidence)
	if (!link?.probe || link.probe.result === 'open' || link.name || link.address === undefined)
		return undefined
	const { port } = link.probe
	const outInterface = deviceTo(evidence.network, link.address)
	const dropped = droppedBy(evidence.firewall, {
		hook: 'OUTPUT',
		protocol: 'tcp',
		port,
		destination: link.address,
		...(outInterface !== undefined && { outInterface }),
	})
	return dropped && { host: link.host, port, dropped }
}

/** The filter of this server throws away what other nodes send to it. */
export function closedToNodes(evidence: Evidence): { port: number; from: string; dropped: Dropped }[] {
	const { firewall, network, node } = evidence
	const destination = ownAddress(evidence)
	if (node.role === 'agent' || destination === undefined || otherNodes(evidence).length === 0) return []
	return [apiPort(evidence), 10250].flatMap(port => {
		for (const from of peerAddresses(evidence)) {
			const inInterface = deviceTo(network, from)
			const dropped = droppedBy(firewall, {
				hook: 'INPUT',
				protocol: 'tcp',
				port,
				source: from,
				destination,
				...(inInterface !== undefined && { inInterface }),
			})
			if (dropped) return [{ port, from, dropped }]
		}
		return []
	})
}

/** The filter throws away what pods of this node send to the API: the service address ends on the host itself. */
export function closedToPods(evidence: Evidence): Dropped | undefined {
	const { firewall, network, node } = evidence
	const destination = ownAddress(evidence)
	const bridge = network?.interfaces.find(({ name }) => name === 'cni0')
	const source = bridge?.addresses.find(({ family }) => family === 4)?.address
	const pods = clusterNetworks(evidence).some(({ of }) => of === 'pods')
	if (node.role === 'agent' || !pods || destination === undefined || source === undefined) return undefined
	return droppedBy(firewall, {
		hook: 'INPUT',
		protocol: 'tcp',
		port: apiPort(evidence),
		// Any pod: the bridge's own address lies in their network.
		source: source.replace(/\.\d+$/, '.253'),
		destination,
		inInterface: 'cni0',
		dnat: true,
	})
}
