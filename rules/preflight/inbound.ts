/** What other nodes send to this one, and what a filter here would do with it. */
import { configValue, type Evidence, hostArgument } from '../../src/check.js'
import { hostAddresses } from '../host/identity.js'
import { type Dropped, droppedBy } from '../network/filter.js'
import { apiPort } from '../network/firewall-needs.js'
import { usesEtcd } from './joins.js'

export interface Inbound {
	port: number
	protocol: 'tcp' | 'udp'
	/** From whom: `other nodes`, `other servers`. */
	from: string
}

/** https://docs.k3s.io/installation/requirements#inbound-rules-for-k3s-nodes */
export function inboundTraffic(evidence: Evidence): Inbound[] {
	const { node, config } = evidence
	const backend = configValue(config, 'flannel-backend') ?? 'vxlan'
	const server: Inbound[] =
		node.role === 'agent' ? [] : [{ port: apiPort(evidence), protocol: 'tcp', from: 'other nodes' }]
	const etcd: Inbound[] = usesEtcd(evidence)
		? [2379, 2380].map(port => ({ port, protocol: 'tcp', from: 'other servers' }))
		: []
	const flannel: Inbound[] = backend.startsWith('vxlan')
		? [{ port: 8472, protocol: 'udp', from: 'other nodes' }]
		: backend.startsWith('wireguard')
			? [{ port: 51820, protocol: 'udp', from: 'other nodes' }]
			: []
	return [...server, ...etcd, { port: 10250, protocol: 'tcp', from: 'other nodes' }, ...flannel]
}

/** The address under which other nodes reach this one. */
export function ownAddress({ config, network }: Evidence): string | undefined {
	const given = configValue(config, 'node-ip')?.split(',')[0]?.trim()
	return hostArgument(given ?? hostAddresses(network)[0]?.address)
}

/** Traffic from the next host of the same network that a filter here throws away for certain. */
export function droppedInbound(evidence: Evidence): (Inbound & { dropped: Dropped })[] {
	const { firewall, network } = evidence
	const own = hostAddresses(network)[0]
	if (!firewall || !own || own.address.includes(':')) return []
	const last = Number(own.address.slice(own.address.lastIndexOf('.') + 1))
	const source = own.address.replace(/\d+$/, String(last === 253 ? 252 : 253))
	return inboundTraffic(evidence).flatMap(traffic => {
		const { port, protocol } = traffic
		const packet = { hook: 'INPUT', protocol, port, source, destination: own.address } as const
		const dropped = droppedBy(firewall, { ...packet, inInterface: own.device })
		return dropped ? [{ ...traffic, dropped }] : []
	})
}
