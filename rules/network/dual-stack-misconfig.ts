import {
	configValues,
	fact,
	interruptsOfRestart,
	log,
	proof,
	restartSteps,
	rule,
	strong,
} from '../../src/rule.js'
import { ofPods } from './cluster-networks.js'
import { changeFlags, flagQuote } from './config-steps.js'
import { familyFault, isIpv6Off, wantsIpv6 } from './families.js'

export default rule({
	cause: 'dual-stack-misconfig',
	title: 'IPv6 or dual-stack is set up wrongly',
	severity: 'critical',
	severityHere: ({ service }) => (service?.state === 'running' ? 'warning' : undefined),
	explain:
		'The networks of pods and services and the addresses of the node must be of the same families: IPv4, IPv6, or both in the same order, and the host must really have an address of each. k3s checks it at the start and gives up if it does not fit. A cluster cannot be made dual-stack afterwards.',
	docs: [
		'https://docs.k3s.io/networking/basic-network-options#dual-stack-ipv4--ipv6-networking',
		'https://kubernetes.io/docs/concepts/services-networking/dual-stack/',
	],
	signs: [
		log(
			/(?<why>(?<![^:"])[^:"]{0,200}must share the same IP version \(IPv4, IPv6 or dual-stack\)|failed to validate (?:cluster-cidr|service-cidr|node-ip)\b[^\n]{1,160}|cannot configure IPv4\/IPv6 node-ip: [^\n]{1,160}|^host IPv[46] unknown$|IPv[46] was enabled but no IPv[46] address was found on node|ipv[46] mode requested but no ipv[46] network provided|dual-stack cluster-cidr[^\n]{1,120})/,
			({ why = '' }) => `k3s refuses the addresses: ${why.trim()}`,
		),
		log(
			/(?<why>failed to get default (?:v6 )?interface: unable to find default v6 route|unable to find default v6 route|failed to find IPv6 address for interface [^\s"]{1,40})/,
			({ why }) => `flannel lacks IPv6 on this host: ${why}`,
		),
		fact(['config', 'service'], ({ service }, evidence) => {
			const fault = familyFault(evidence)
			if (!fault || service.state === 'stopped' || service.state === 'not-installed') return undefined
			// k3s that runs was started with other values.
			return (service.state === 'running' ? strong : proof)('config', fault.says, {
				quote: flagQuote(evidence, fault.flag),
			})
		}),
		fact(['config', 'kernel'], ({ kernel }, evidence) => {
			if (!wantsIpv6(evidence) || !isIpv6Off(kernel)) return undefined
			return proof('kernel', 'the cluster is to have IPv6, but it is switched off on this host', {
				quote: { file: 'commands/sysctl.txt', text: 'net.ipv6.conf.all.disable_ipv6 = 1' },
			})
		}),
		fact(['config', 'network'], ({ network }, evidence) => {
			if (!wantsIpv6(evidence)) return undefined
			const has = network.interfaces.some(
				({ name, addresses }) =>
					!ofPods.test(name) && addresses.some(({ family, scope }) => family === 6 && scope === 'global'),
			)
			return has
				? undefined
				: strong(
						'network',
						'the cluster is to have IPv6, but no interface of this host has a global IPv6 address',
						{
							quote: flagQuote(evidence, 'cluster-cidr') ?? flagQuote(evidence, 'service-cidr'),
						},
					)
		}),
	],
	leadsTo: ['flannel-start-failed', 'cni-not-ready', 'node-not-ready', 'api-unreachable'],
	remedies: evidence => {
		const { node, kernel, network, config } = evidence
		const fault = familyFault(evidence)
		const pods = configValues(config, 'cluster-cidr').join(',')
		const addresses = (network?.interfaces ?? [])
			.filter(({ name }) => !ofPods.test(name))
			.flatMap(one => one.addresses.filter(({ scope }) => scope === 'global').map(({ address }) => address))
		const v4 = addresses.find(address => !address.includes(':'))
		const v6 = addresses.find(address => address.includes(':'))
		const both = v4 && v6 ? (pods.split(',')[0]?.includes(':') ? `${v6},${v4}` : `${v4},${v6}`) : undefined
		return [
			fault?.flag === 'node-ip' && both
				? {
						title: `Give the node both of its addresses: ${both}`,
						why: 'The first one is of the family that comes first in cluster-cidr.',
						risk: 'restart' as const,
						interrupts: interruptsOfRestart(node),
						steps: changeFlags(evidence, { 'node-ip': both }),
						recheck: ['config' as const, 'journal' as const, 'units' as const],
					}
				: undefined,
			kernel && wantsIpv6(evidence) && isIpv6Off(kernel)
				? {
						title: 'Switch IPv6 on',
						why: 'It must stay on after the next boot, too.',
						risk: 'restart' as const,
						interrupts: interruptsOfRestart(node),
						steps: [
							{
								write: '/etc/sysctl.d/90-k3s-ipv6.conf',
								content: 'net.ipv6.conf.all.disable_ipv6 = 0\nnet.ipv6.conf.default.disable_ipv6 = 0\n',
							},
							{ run: ['sysctl', '-p', '/etc/sysctl.d/90-k3s-ipv6.conf'] as const },
							...restartSteps(node),
						],
						recheck: ['kernel' as const, 'network' as const, 'journal' as const],
					}
				: undefined,
			{
				title: 'Make the families fit',
				why: 'Either all three have both families in the same order, or all have one. Networks of a cluster that lives must stay what they are: then only node-ip can be corrected.',
				risk: 'restart',
				interrupts: interruptsOfRestart(node),
				steps: [
					{
						tell: 'In /etc/rancher/k3s/config.yaml, alike on all servers:',
						commands: [
							'cluster-cidr: 10.42.0.0/16,fd00:42::/56',
							'service-cidr: 10.43.0.0/16,fd00:43::/112',
							`node-ip: ${v4 ?? 'IPV4'},${v6 ?? 'IPV6'}`,
							`systemctl restart ${node.unit}`,
						],
					},
				],
				recheck: ['config', 'journal', 'units'],
			},
		]
	},
})
