/** Networks of the cluster that are also used around this host. */
import { configValues, type Evidence } from '../../src/rule.js'
import { holds, type Network, networkOf, overlaps } from './addresses.js'
import { type ClusterNetwork, clusterNetworks, ofPods, usesFlannel } from './cluster-networks.js'

export interface Overlap {
	cluster: ClusterNetwork
	/** What it meets, in words. */
	with: string
	/** A network that this host itself is in. */
	own: boolean
	file: 'commands/ip-addr.json' | 'commands/ip-route.json'
}

const reserved: readonly (Network | undefined)[] = [
	'127.0.0.0/8',
	'169.254.0.0/16',
	'fe80::/10',
	'ff00::/8',
].map(networkOf)

/** Interfaces and routes inside a network of the cluster that are not the cluster's own. */
export function foreignUses(evidence: Evidence): Overlap[] {
	const { network } = evidence
	if (!network) return []
	const found: Overlap[] = []
	for (const cluster of clusterNetworks(evidence)) {
		// Another CNI has ranges of its own.
		if (cluster.of === 'pods' && !usesFlannel(evidence)) continue
		for (const { name, addresses } of network.interfaces) {
			if (ofPods.test(name)) continue
			for (const { address, prefix } of addresses) {
				const own = networkOf(`${address}/${prefix}`)
				if (!overlaps(cluster, own) || reserved.some(one => holds(one, own))) continue
				found.push({
					cluster,
					with: `${name} (${address}/${prefix})`,
					own: true,
					file: 'commands/ip-addr.json',
				})
			}
		}
		for (const { destination, device, gateway, table, type } of network.routes) {
			if (destination === 'default' || table !== 'main' || type !== 'unicast' || ofPods.test(device ?? ''))
				continue
			const target = networkOf(destination)
			// A wider route is for the rest: those of the pods win. host-gw routes pods through the hosts' own interface.
			if (!holds(cluster, target) || isPeers(evidence, target)) continue
			if (found.some(one => one.cluster === cluster && one.own)) continue
			found.push({
				cluster,
				with: `the route to ${destination} by ${device ?? gateway ?? 'another way'}`,
				own: false,
				file: 'commands/ip-route.json',
			})
		}
	}
	return found
}

function isPeers({ cluster }: Evidence, target: Network | undefined): boolean {
	const known = cluster?.nodes?.flatMap(({ podCidrs }) => podCidrs) ?? []
	return known.some(cidr => overlaps(networkOf(cidr), target)) || cluster?.nodes === undefined
}

/** Networks of the cluster that overlap each other. */
export function selfOverlap(evidence: Evidence): [ClusterNetwork, ClusterNetwork] | undefined {
	const all = clusterNetworks(evidence)
	for (const [index, one] of all.entries()) {
		const other = all.slice(index + 1).find(candidate => candidate.of !== one.of && overlaps(one, candidate))
		if (other) return [one, other]
	}
	return undefined
}

/** The node has its pods in a network that the configuration no longer has. */
export function strayPodCidr(evidence: Evidence): { has: string; given: string } | undefined {
	const given = configValues(evidence.config, 'cluster-cidr')
	const networks = clusterNetworks(evidence).filter(({ of, given: told }) => of === 'pods' && told)
	const has = evidence.cluster?.self?.podCidrs ?? []
	const stray = has.find(cidr => {
		const network = networkOf(cidr)
		const same = networks.filter(({ family }) => family === network?.family)
		return same.length > 0 && !same.some(one => holds(one, network))
	})
	return stray === undefined ? undefined : { has: stray, given: given.join(', ') }
}
