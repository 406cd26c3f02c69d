import { check, configValue, type Evidence, fail, isAgent, pass, warn } from '../../src/check.js'
import { holds, networkOf, overlaps } from '../network/addresses.js'
import { ofPods } from '../network/cluster-networks.js'

/** The networks of pods and services: as configured, else k3s's own. */
function clusterNetworks({ config }: Evidence) {
	const texts = [
		configValue(config, 'cluster-cidr') ?? '10.42.0.0/16',
		configValue(config, 'service-cidr') ?? '10.43.0.0/16',
	]
	return texts.flatMap(text => text.split(',')).flatMap(text => networkOf(text.trim()) ?? [])
}

export default check({
	id: 'networks',
	list: 'preflight',
	title: "The cluster's networks are used nowhere else",
	explain:
		'Pods get addresses of 10.42.0.0/16 and services of 10.43.0.0/16. If a network around this host has the same addresses, packets to it end in the cluster, and it cannot be changed after the installation.',
	docs: ['https://docs.k3s.io/networking/basic-network-options'],
	needs: ['network'],
	look: ({ network, node }, { more }) => {
		const cluster = clusterNetworks(more)
		const names = cluster.map(({ text }) => text).join(', ')
		const advice = [
			{
				tell: 'Choose other networks before the first server is installed, in its /etc/rancher/k3s/config.yaml: cluster-cidr, service-cidr and cluster-dns.',
			},
		]
		const own = network.interfaces
			.filter(({ name }) => !ofPods.test(name))
			.flatMap(({ name, addresses }) =>
				addresses.map(({ address, prefix }) => ({ name, text: `${address}/${prefix}` })),
			)
			.filter(({ text }) => cluster.some(one => overlaps(one, networkOf(text))))
			.map(({ name, text }) =>
				fail(`${name} has ${text}, which is in ${names}`, {
					source: 'network',
					quote: { file: 'commands/ip-addr.json', text },
					do: advice,
				}),
			)
		const routed = network.routes
			.filter(
				({ destination, table, device }) =>
					destination !== 'default' && table === 'main' && !ofPods.test(device ?? ''),
			)
			.filter(({ destination }) => cluster.some(one => holds(one, networkOf(destination))))
			.filter(() => own.length === 0)
			.map(({ destination, device }) =>
				warn(`a route leads to ${destination} by ${device ?? 'a gateway'}`, {
					source: 'network',
					quote: { file: 'commands/ip-route.json', text: destination },
					do: advice,
				}),
			)
		if (own.length > 0 || routed.length > 0) return [...own, ...routed]
		return pass(isAgent(node) ? `${names}, unless the servers say otherwise` : names, { source: 'network' })
	},
})
