/** Traffic between pods of different nodes: how it would go, and signs that it does not. */
import { type Evidence, type KubeNode, nowOf, type Quote } from '../../src/rule.js'
import { recentLogs } from '../workload/logs.js'
import { hasSettled, minutes } from '../workload/pods.js'
import { holds, networkOf } from './addresses.js'
import { flannelBackend, otherNodes } from './cluster-networks.js'
import { routeTo } from './routing.js'

/** The port on which nodes exchange the packets of pods; `undefined` where they use none, as host-gw. */
export function tunnelPort(evidence: Evidence): number | undefined {
	const backend = flannelBackend(evidence)
	if (backend === 'wireguard-native') return 51820
	if (backend !== 'vxlan') return undefined
	return evidence.network?.interfaces.find(({ name }) => name === 'flannel.1')?.vxlan?.port ?? 8472
}

function isReady(node: KubeNode): boolean {
	return node.conditions.some(({ type, status }) => type === 'Ready' && status === 'True')
}

/** Other nodes that are well, with a network of pods: what cannot be reached there is no fault of theirs. */
export function livePeers(evidence: Evidence): KubeNode[] {
	return otherNodes(evidence).filter(node => isReady(node) && node.podCidrs.length > 0)
}

const failed =
	/(?:dial tcp|read udp \S{3,60}->|dial udp) ?(?<host>\d{1,3}(?:\.\d{1,3}){3}):(?<port>\d{1,5}): .{0,40}?(?<why>i\/o timeout|no route to host|connection timed out|operation timed out)/

export interface LostDial {
	host: string
	port: number
	why: string
	node: string
	source: 'podLogs' | 'journal'
	quote: Quote
	at: number
}

/** Pods of other nodes that pods or k3s of this node tried in vain within the last minutes. */
export function lostDials(evidence: Evidence): LostDial[] {
	const peers = livePeers(evidence).map(node => ({
		name: node.name,
		networks: node.podCidrs.map(cidr => networkOf(cidr)),
	}))
	if (peers.length === 0 || !hasSettled(evidence, 3 * minutes)) return []
	const found = new Map<string, LostDial>()
	const look = (text: string, source: LostDial['source'], quote: Quote, at: number) => {
		const groups = failed.exec(text)?.groups
		const target = networkOf(groups?.host)
		const node = peers.find(({ networks }) => networks.some(network => holds(network, target)))
		if (!groups?.host || !node || found.size > 50) return
		const [host, port, why] = [groups.host, Number(groups.port), groups.why ?? '']
		found.set(`${source} ${host} ${port}`, { host, port, why, node: node.name, source, quote, at })
	}
	for (const log of recentLogs(evidence, 10 * minutes)) {
		for (const { text, line, at } of log.lines.slice(-200))
			look(text, 'podLogs', { file: log.file, line, text }, at)
	}
	const since = nowOf(evidence) - 10 * minutes
	for (const { lastText, lastAt, lastQuote, count } of evidence.journal?.messages ?? [])
		if (lastAt >= since && count > 1) look(lastText, 'journal', lastQuote, lastAt)
	return [...found.values()]
}

/** Nodes to whose pods this host has no route but the default one. */
export function nodesWithoutRoute(evidence: Evidence): KubeNode[] {
	const { network } = evidence
	const backend = flannelBackend(evidence)
	if (!network || backend === undefined || !/^(?:vxlan|host-gw|wireguard-native)$/.test(backend)) return []
	if (!hasSettled(evidence, 3 * minutes)) return []
	return livePeers(evidence).filter(node =>
		node.podCidrs
			.filter(cidr => !cidr.includes(':'))
			.some(cidr => {
				const route = routeTo(network, cidr.replace(/\.\d+\/\d+$/, '.1'))
				return route === undefined || route.destination === 'default'
			}),
	)
}
