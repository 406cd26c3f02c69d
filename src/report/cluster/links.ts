/** The network between nodes: packet sizes, and who reaches whom. */
import type { ClusterFinding, Reach } from '../../model/cluster-report.js'
import { addressesOf, groups, type Member, selfOf, share } from './node.js'

/** MTU of the interface that carries pods between nodes, else of the one with the node's address. */
function mtuOf({ evidence }: Member, which: 'flannel' | 'host'): string | undefined {
	const all = evidence.network?.interfaces ?? []
	const own =
		which === 'flannel'
			? all.find(({ name }) => /^flannel/.test(name))
			: all.find(
					({ name, addresses }) =>
						!/^(?:lo|cni|flannel|veth)/.test(name) &&
						addresses.some(({ scope, family }) => scope === 'global' && family === 4),
				)
	return own && own.mtu > 0 ? `${own.mtu}` : undefined
}

export function mtuFindings(members: readonly Member[]): ClusterFinding[] {
	return (['flannel', 'host'] as const).flatMap((which): ClusterFinding[] => {
		const values = groups(members, member => mtuOf(member, which))
		if (values.size < 2) return []
		return [
			{
				kind: 'mtu',
				severity: 'warning',
				says:
					which === 'flannel'
						? "the nodes' pod networks have different packet sizes: large packets between them may be lost"
						: 'the nodes have different packet sizes on their networks',
				shares: [...values].flatMap(([value, some]) => some.map(member => share(member, `MTU ${value}`))),
			},
		]
	})
}

/** Every address and name of the other nodes, and whose it is. */
function ownersBut(members: readonly Member[], self: Member): ReadonlyMap<string, Member> {
	const owners = new Map<string, Member>()
	const own = new Set(addressesOf(self))
	for (const member of members) {
		if (member === self) continue
		const known = selfOf(member)?.addresses.map(({ address }) => address) ?? []
		for (const address of [...addressesOf(member), ...known, member.report.node.hostname])
			if (!own.has(address)) owners.set(address, member)
	}
	return owners
}

/** Names may be longer than what the other calls itself: `s1.lab.example` is s1. */
function ownerOf(owners: ReadonlyMap<string, Member>, host: string): Member | undefined {
	return owners.get(host) ?? (/^[a-z]/i.test(host) ? owners.get(host.split('.')[0] ?? '') : undefined)
}

/** Ports that k3s serves other nodes on. */
const known = new Set([6443, 2379, 2380, 10250, 5001, 9345])

/** The far end of a connection is a service, and not the port from which that host itself came. */
function isServed({ evidence }: Member, port: number): boolean {
	return known.has(port) || (evidence.sockets?.listening ?? []).some(socket => socket.port === port)
}

export function reachOf(members: readonly Member[]): Reach[] {
	return members.flatMap(member => {
		const owners = ownersBut(members, member)
		const { probes, sockets, network } = member.evidence
		const found = new Map<string, Reach>()
		const add = (reach: Omit<Reach, 'from'>) => {
			const key = `${reach.to} ${reach.port ?? ''} ${reach.by}`
			if (!found.has(key)) found.set(key, { from: member.label, ...reach })
		}
		for (const { host, port, result, protocol } of probes?.ports ?? []) {
			const to = ownerOf(owners, host)
			// Nothing answers on UDP, open or not.
			if (to && protocol === 'tcp') add({ to: to.label, address: host, port, result, by: 'probe' })
		}
		for (const { remote, remotePort } of sockets?.established ?? []) {
			const to = owners.get(remote)
			if (to && isServed(to, remotePort))
				add({ to: to.label, address: remote, port: remotePort, result: 'connected', by: 'connection' })
		}
		for (const { address, state } of network?.neighbours ?? []) {
			const to = owners.get(address)
			if (to && state === 'FAILED') add({ to: to.label, address, result: 'unreachable', by: 'neighbour' })
		}
		return [...found.values()]
	})
}

const bad: ReadonlySet<Reach['result']> = new Set([
	'refused',
	'timeout',
	'unreachable',
	'unresolved',
	'failed',
])

const words: Readonly<Record<string, string>> = {
	refused: 'is refused: the host is up, and nothing listens there',
	timeout: 'gets no answer: a packet filter, or a host that is off',
	unreachable: 'finds no way: no route, or the host is off',
	unresolved: 'does not know its name',
	failed: 'fails',
}

export function reachFindings(members: readonly Member[], reach: readonly Reach[]): ClusterFinding[] {
	return reach
		.filter(({ result }) => bad.has(result))
		.map(({ from, to, address, port, result, by }): ClusterFinding => {
			const place = port === undefined ? address : `${address}:${port}`
			const member = members.find(({ label }) => label === from)
			const listens = members
				.find(({ label }) => label === to)
				?.evidence.sockets?.listening.some(socket => socket.port === port && socket.protocol === 'tcp')
			const there =
				listens === undefined || port === undefined
					? ''
					: listens
						? `; ${to} listens on ${port} by its own bundle`
						: `; by its own bundle ${to} does not listen on ${port}`
			return {
				kind: 'reach',
				severity: 'warning',
				says: `${from} to ${to} (${place}) ${words[result] ?? result}${there}`,
				shares: member ? [share(member, `${place} ${result}, by ${by}`)] : [],
			}
		})
}
