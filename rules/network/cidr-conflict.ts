import { configValues, type Evidence, fact, log, proof, rule, strong } from '../../src/rule.js'
import { formerNode } from '../host/former-name.js'
import { apiQuote } from '../workload/cite.js'
import { flagQuote } from './config-steps.js'
import { foreignUses, selfOverlap, strayPodCidr } from './overlap.js'
import { withoutNetwork } from './sandbox-events.js'

const flagOf = { pods: 'cluster-cidr', services: 'service-cidr' } as const

/** The bridge of the pods still has an address of the network that was. */
function staleBridge(evidence: Evidence): { has: string; wants: string } | undefined {
	// A renamed host is another node, with another range: that is the cause.
	if (formerNode(evidence)) return undefined
	const { network, cluster, files } = evidence
	const bridge = network?.interfaces.find(({ name }) => name === 'cni0')
	const has = bridge?.addresses.find(({ family }) => family === 4)
	const text = files?.texts.get('/run/flannel/subnet.env')?.slice(0, 4_096) ?? ''
	const wants =
		/^FLANNEL_SUBNET=([\d.]+)\/\d+/m.exec(text)?.[1] ??
		cluster?.self?.podCidrs[0]?.replace(/\.\d+\/\d+$/, '.1')
	if (!has || wants === undefined || wants.includes(':')) return undefined
	return has.address === wants ? undefined : { has: has.address, wants }
}

export default rule({
	cause: 'cidr-conflict',
	title: 'The networks of pods or services conflict with others',
	severity: 'critical',
	severityHere: ({ service }) => (service?.state === 'running' ? 'warning' : undefined),
	explain:
		'Pods and services have networks of their own, 10.42.0.0/16 and 10.43.0.0/16 unless told otherwise. They must not overlap with any network that the hosts use, must not be changed after the cluster was made, and must be the same on all servers. If they are not, addresses lead to the wrong place, or flannel and the controller manager refuse what the node was given.',
	docs: ['https://docs.k3s.io/cli/server#networking', 'https://docs.k3s.io/networking/basic-network-options'],
	signs: [
		log(
			/(?<why>subnet \\?"?[^"\\\s]{1,80}\\?"? specified in the flannel net config doesn't contain [^\n]{0,160})/,
			({ why = '' }) =>
				`flannel refuses the range of this node: ${why.replaceAll('\\"', '"').replace(/"+$/, '')}`,
		),
		log(
			/(?<why>cannot mark CIDR[^\n]{0,200}out of range|failed to mark cidr[^\n]{0,200}|CIDR allocation failed; there are no remaining CIDRs left to allocate[^\n]{0,100}|no remaining CIDRs left to allocate)/i,
			({ why }) => `the controller manager has no range for a node: ${why}`,
		),
		log(
			/(?<why>\\?"?cni0\\?"? already has an IP address different from [^\s"]{3,50})/,
			({ why = '' }) =>
				`the bridge of the pods still has an address of an earlier network: ${why.replaceAll('\\"', '"')}`,
			{ neverProof: true },
		),
		log(
			/(?<why>no IP addresses available in range set: [^\s"]{3,100})/,
			({ why }) => `no address is left for a pod on this node: ${why}`,
			{ neverProof: true },
		),
		fact(['cluster'], (_have, evidence) =>
			withoutNetwork(
				evidence,
				/\\*"?cni0\\*"? already has an IP address different from [^\s"]{3,50}/,
				match =>
					`the bridge of the pods still has an address of an earlier network: ${match[0].replaceAll('\\"', '"')}`,
			),
		),
		fact(['cluster'], (_have, evidence) =>
			withoutNetwork(
				evidence,
				/no IP addresses available in range set: [^\s"]{3,100}|failed to allocate all requested IPs/,
				match => `no address is left for a pod on this node: ${match[0]}`,
			),
		),
		log(
			/(?<why>provided IP is already allocated|failed to allocate IP [^\n]{0,80}: provided IP is already allocated|range is full)/,
			({ why }) => `a service cannot have its address: ${why}`,
			{ neverProof: true, weight: 'hint' },
		),
		fact(['network', 'config'], (_have, evidence) =>
			foreignUses(evidence).map(({ cluster, with: other, own, file }) => {
				const says = `the network of ${cluster.of} ${cluster.text} overlaps with ${other}`
				const quote = flagQuote(evidence, flagOf[cluster.of]) ?? { file, text: other }
				return own ? proof('network', says, { quote }) : strong('network', says, { quote })
			}),
		),
		fact(['config'], (_have, evidence) => {
			const pair = selfOverlap(evidence)
			if (!pair) return undefined
			const [one, other] = pair
			return proof('config', `${one.of} (${one.text}) and ${other.of} (${other.text}) overlap`, {
				quote: flagQuote(evidence, flagOf[one.of]) ?? flagQuote(evidence, flagOf[other.of]),
			})
		}),
		fact(['cluster', 'config'], ({ cluster }, evidence) => {
			const stray = strayPodCidr(evidence)
			return (
				stray &&
				proof(
					'cluster',
					`${cluster.self?.name ?? 'this node'} has its pods in ${stray.has}, which is not in cluster-cidr ${stray.given}: it was changed after the cluster was made`,
					{ quote: flagQuote(evidence, 'cluster-cidr') ?? apiQuote('nodes', stray.has) },
				)
			)
		}),
		fact(['network', 'service'], ({ service }, evidence) => {
			const stale = service.state === 'running' ? staleBridge(evidence) : undefined
			return (
				stale &&
				strong('network', `cni0 has the address ${stale.has}, flannel's range wants ${stale.wants}`, {
					quote: { file: 'commands/ip-addr.json', text: `cni0 ${stale.has}` },
				})
			)
		}),
	],
	leadsTo: [
		'flannel-start-failed',
		'cni-not-ready',
		'node-not-ready',
		'coredns-down',
		'dns-upstream-broken',
		'egress-broken',
		'api-unreachable',
	],
	remedies: evidence => {
		const { node } = evidence
		const given = configValues(evidence.config, 'cluster-cidr')
		return [
			staleBridge(evidence) && {
				title: 'Let the bridge of the pods be made anew',
				why: 'The CNI plugin does not change the address of a bridge that is there.',
				risk: 'destructive' as const,
				interrupts: 'all pods of this node start anew',
				steps: [
					{
						tell: 'Stop k3s with all pods, which takes the bridge away, and start it again:',
						commands: ['k3s-killall.sh', `systemctl start ${node.unit}`],
					},
				],
				recheck: ['network' as const, 'runtime' as const, 'journal' as const],
			},
			given.length > 0 && {
				title: 'Give the cluster the networks back that it was made with',
				why: 'They cannot be changed on a cluster that lives. The other servers, and the podCIDR of the nodes, tell what they were.',
				risk: 'restart' as const,
				interrupts: 'k3s on this node, until it is up again',
				steps: [
					{
						tell: 'On another server, or here if the API answers, look them up; then correct cluster-cidr and service-cidr in /etc/rancher/k3s/config.yaml:',
						commands: [
							'k3s kubectl get nodes -o custom-columns=NAME:.metadata.name,PODCIDR:.spec.podCIDR',
							'k3s kubectl get service kubernetes',
							`systemctl restart ${node.unit}`,
						],
					},
				],
				recheck: ['config' as const, 'journal' as const, 'cluster' as const],
			},
			{
				title: 'Move one of the two networks',
				why: 'Where a network of the hosts overlaps with one of the cluster, traffic to those addresses stays in the cluster. Either the other network gets other addresses, or the cluster is made anew with its own.',
				risk: 'safe',
				interrupts: 'nothing',
				steps: [
					{
						tell: 'A new cluster gets them before its first start, on all servers alike:',
						commands: ['cluster-cidr: 10.52.0.0/16', 'service-cidr: 10.53.0.0/16', 'cluster-dns: 10.53.0.10'],
					},
				],
				recheck: ['config', 'network'],
			},
		]
	},
})
