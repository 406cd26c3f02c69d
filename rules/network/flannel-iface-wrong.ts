import {
	configValue,
	type Evidence,
	fact,
	hint,
	type Interface,
	interfaceArgument,
	interruptsOfRestart,
	log,
	proof,
	rule,
	strong,
} from '../../src/rule.js'
import { withoutFlannel } from '../kinds.js'
import { apiQuote } from '../workload/cite.js'
import { ofPods, usesFlannel } from './cluster-networks.js'
import { changeFlags, flagQuote, isOn } from './config-steps.js'
import { livePeers } from './cross-node.js'

const isGlobal = ({ scope }: Interface['addresses'][number]) => scope === 'global' || scope === 'site'

/** What is wrong with the interface that the configuration names. */
function faultOf(evidence: Evidence): string | undefined {
	const { config, network } = evidence
	const name = configValue(config, 'flannel-iface')
	if (name === undefined || name === '' || !network) return undefined
	const found = network.interfaces.find(one => one.name === name)
	if (!found) {
		const others = network.interfaces.map(one => one.name).filter(other => !ofPods.test(other))
		return `flannel-iface names ${name}, and this host has no such interface${others.length > 0 ? ` (it has ${others.slice(0, 8).join(', ')})` : ''}`
	}
	if (!found.up) return `flannel-iface names ${name}, which is down`
	const global = found.addresses.filter(isGlobal)
	if (global.length === 0)
		return `flannel-iface names ${name}, which has no address that other nodes could reach`
	return undefined
}

/** The interface that packets to the outside use, to be offered instead. */
function usual({ network }: Evidence): string | undefined {
	const route = network?.defaultRoutes.find(({ family }) => family === 4) ?? network?.defaultRoutes[0]
	return interfaceArgument(route?.device)
}

const publicIp = 'flannel.alpha.coreos.com/public-ip'

export default rule({
	cause: 'flannel-iface-wrong',
	title: 'flannel or the node uses the wrong network interface',
	severity: 'critical',
	severityHere: ({ service }) => (service?.state === 'running' ? 'warning' : undefined),
	notFor: withoutFlannel,
	explain:
		'k3s takes the address of the interface with the default route, or of the one that flannel-iface names, and tells the other nodes to reach it there. On hosts with several networks (a VPN, Vagrant, a storage network) or after an interface was renamed this goes wrong: k3s does not start, or pods on different nodes cannot reach each other.',
	docs: ['https://docs.k3s.io/cli/agent#networking', 'https://docs.k3s.io/networking/basic-network-options'],
	signs: [
		log(
			/(?<why>(?:interface \S+ does not have a correct global unicast ip|unable to find interface:? \S+|unable to get global unicast ip from interface name: |the interface \S+ is not up|can't find ip for interface \S+|unable to parse CIDR for interface \S+|multiple global unicast addresses defined for \S+)[^"\n]{0,160})/,
			({ why }) => `k3s cannot use the interface that it was told: ${why}`,
		),
		log(
			/(?<why>(?:failed to find IPv[46] address for interface|no IPv4 address found for given interface|failed to determine MTU for|failed to find the interface: error looking up interface)[^"\n]{0,160})/,
			({ why }) => `flannel cannot use its interface: ${why}`,
		),
		fact(['config', 'network', 'service'], ({ service }, evidence) => {
			const fault = faultOf(evidence)
			// A k3s that runs found it when it started; it will not find it at the next start.
			if (fault === undefined) return undefined
			return (service.state === 'running' ? strong : proof)('network', fault, {
				quote: flagQuote(evidence, 'flannel-iface'),
			})
		}),
		fact(['cluster'], ({ cluster }, evidence) => {
			const told = cluster.self?.annotations[publicIp]
			const internal = cluster.self?.annotations['k3s.io/internal-ip']?.split(',') ?? []
			const listed = cluster.self?.addresses.map(({ address }) => address) ?? []
			if (told === undefined || internal.length === 0 || !usesFlannel(evidence)) return undefined
			if (isOn(evidence, 'flannel-external-ip') || internal.includes(told) || listed.includes(told))
				return undefined
			return strong(
				'cluster',
				`other nodes send pod traffic of this node to ${told}, but its address is ${internal[0]}`,
				{ quote: apiQuote('nodes', `${publicIp}: ${told}`) },
			)
		}),
		fact(['cluster'], ({ cluster }, evidence) => {
			const own = cluster.self?.annotations[publicIp]
			// One that is not Ready is the former self of a renamed host.
			const twin = livePeers(evidence).find(node => own !== undefined && node.annotations[publicIp] === own)
			// Machines of Vagrant and VirtualBox all have 10.0.2.15 on their first interface.
			return (
				twin &&
				proof('cluster', `this node and ${twin.name} both tell the others to reach them at ${own}`, {
					quote: apiQuote('nodes', `${publicIp}: ${own}`),
				})
			)
		}),
		fact(['network', 'cluster'], ({ network, cluster }, evidence) => {
			const vxlan = network.interfaces.find(({ name }) => name === 'flannel.1')?.vxlan
			const told = cluster.self?.annotations[publicIp]
			if (!vxlan?.local || told === undefined || isOn(evidence, 'flannel-external-ip')) return undefined
			const local = vxlan.local
			return local !== told && evidence.service?.state === 'running'
				? hint('network', `flannel.1 sends from ${local}, but the node says that it is at ${told}`, {
						quote: {
							file: 'commands/ip-addr.json',
							text: `flannel.1: local ${local} link ${vxlan.link ?? ''}`,
						},
					})
				: undefined
		}),
	],
	leadsTo: [
		'flannel-start-failed',
		'vxlan-blocked',
		'cni-not-ready',
		'node-not-ready',
		'coredns-down',
		'api-unreachable',
	],
	remedies: evidence => {
		const { node, config, network } = evidence
		const given = configValue(config, 'flannel-iface')
		const found = usual(evidence)
		const faulty = faultOf(evidence) !== undefined
		const candidates = (network?.interfaces ?? [])
			.filter(one => !ofPods.test(one.name) && one.up && one.addresses.some(isGlobal))
			.map(
				one =>
					`${one.name} (${one.addresses
						.filter(isGlobal)
						.map(({ address }) => address)
						.join(', ')})`,
			)
		return [
			faulty && given !== undefined && found !== undefined && found !== given
				? {
						title: `Let flannel use ${found}`,
						why: `${found} carries the default route of this host. If the nodes talk over another network, name that interface instead${candidates.length > 0 ? `: ${candidates.slice(0, 6).join(', ')}` : ''}.`,
						risk: 'restart' as const,
						interrupts: `${interruptsOfRestart(node)}; traffic between pods of different nodes for some seconds`,
						steps: changeFlags(evidence, { 'flannel-iface': found }),
						recheck: ['config' as const, 'network' as const, 'units' as const, 'journal' as const],
					}
				: undefined,
			{
				title: 'Name the right interface and address',
				why: 'flannel-iface says which interface flannel uses, node-ip which address the node has; both must be of the network that the nodes share.',
				risk: 'restart',
				interrupts: `${interruptsOfRestart(node)}; traffic between pods of different nodes for some seconds`,
				steps: [
					{
						tell: `In /etc/rancher/k3s/config.yaml${candidates.length > 0 ? `; this host has ${candidates.slice(0, 6).join(', ')}` : ''}:`,
						commands: ['flannel-iface: INTERFACE', 'node-ip: ADDRESS', `systemctl restart ${node.unit}`],
					},
				],
				recheck: ['config', 'network', 'cluster', 'journal'],
			},
		]
	},
})
