import {
	type Evidence,
	fact,
	hint,
	interfaceArgument,
	proof,
	restartSteps,
	rule,
	strong,
} from '../../src/rule.js'
import { hasSettled, minutes } from '../workload/pods.js'
import { clusterNetworks, usesFlannel } from './cluster-networks.js'
import { droppedBy } from './filter.js'
import { findRule, openFrontEnd, withoutRules } from './firewall-remedies.js'

/** A pod of this node that speaks to somebody outside; 192.0.2.0/24 stands for any address out there. */
function dropped(evidence: Evidence) {
	const { firewall, network } = evidence
	const bridge = network?.interfaces.find(({ name }) => name === 'cni0')
	const gateway = bridge?.addresses.find(({ family }) => family === 4)?.address
	const out = network?.defaultRoutes.find(({ family }) => family === 4)?.device
	if (gateway === undefined || out === undefined) return undefined
	return droppedBy(firewall, {
		hook: 'FORWARD',
		protocol: 'tcp',
		port: 443,
		source: gateway.replace(/\.\d+$/, '.253'),
		destination: '192.0.2.1',
		inInterface: 'cni0',
		outInterface: out,
	})
}

const forwarding = ({ kernel }: Evidence) =>
	kernel?.sysctl.get('net.ipv4.ip_forward') ?? kernel?.sysctl.get('net.ipv4.conf.all.forwarding')

/**
 * Whether the pods' addresses are hidden behind the host's on the way out. `undefined`: iptables is not what k3s
 * writes its rules with, or it has written none yet.
 */
function masquerades({ firewall }: Evidence): boolean | undefined {
	const nat = (firewall?.rules ?? []).filter(({ table }) => table === 'nat')
	if (!nat.some(({ chain }) => chain.startsWith('KUBE-'))) return undefined
	// Those of kube-proxy are for services only.
	const ofPods = nat.some(
		({ chain, target }) => target === 'MASQUERADE' && !/^(?:KUBE-|CNI-|DOCKER)/.test(chain),
	)
	return ofPods || (firewall?.nftRules ?? []).some(({ text }) => text.includes('masquerade'))
}

export default rule({
	cause: 'egress-broken',
	title: 'Pods of this node cannot reach anything outside of it',
	severity: 'warning',
	explain:
		'Packets of pods leave the host as those of a router: the kernel must forward them, the packet filter must let them pass, and their addresses must be hidden behind that of the host. Hardening scripts and firewalls like to switch that off; then pods reach neither other nodes nor the world, while the host itself does.',
	docs: [
		'https://docs.k3s.io/installation/requirements#networking',
		'https://docs.k3s.io/advanced#additional-os-preparations',
	],
	signs: [
		fact(['kernel', 'service'], ({ service }, evidence) =>
			service.state === 'running' && forwarding(evidence) === '0'
				? proof('kernel', 'the kernel does not forward packets: net.ipv4.ip_forward is 0', {
						quote: { file: 'commands/sysctl.txt', text: 'net.ipv4.ip_forward = 0' },
					})
				: undefined,
		),
		fact(['firewall', 'network', 'service'], ({ service }, evidence) => {
			const found = service.state === 'running' ? dropped(evidence) : undefined
			return (
				found &&
				proof('firewall', `what pods send to the outside is dropped ${found.by}`, { quote: found.quote })
			)
		}),
		fact(['firewall', 'service'], (_have, evidence) => {
			if (!usesFlannel(evidence) || !hasSettled(evidence, 2 * minutes) || masquerades(evidence) !== false)
				return undefined
			return strong(
				'firewall',
				'no rule hides the addresses of pods behind that of the host (masquerading)',
				{
					quote: { file: 'commands/iptables-save.txt', text: '*nat: no MASQUERADE' },
				},
			)
		}),
		fact(['kernel', 'network', 'service'], ({ kernel, network, service }) => {
			const strict = kernel.sysctl.get('net.ipv4.conf.all.rp_filter') === '1'
			const ways = new Set(
				network.defaultRoutes.filter(({ family }) => family === 4).map(({ device }) => device),
			)
			return service.state === 'running' && strict && ways.size > 1
				? hint('kernel', 'rp_filter is strict, and this host has default routes by several interfaces', {
						quote: { file: 'commands/sysctl.txt', text: 'net.ipv4.conf.all.rp_filter = 1' },
					})
				: undefined
		}),
	],
	leadsTo: [
		'dns-upstream-broken',
		'registry-unreachable',
		'airgap-images-missing',
		'vxlan-blocked',
		'coredns-down',
		'metrics-server-down',
		'helm-job-failed',
	],
	remedies: evidence => {
		const { node } = evidence
		const found = dropped(evidence)
		const guilty = found ? [found] : []
		const pods = clusterNetworks(evidence).find(({ of, family }) => of === 'pods' && family === 4)?.text
		const out = interfaceArgument(evidence.network?.defaultRoutes[0]?.device) ?? 'INTERFACE'
		return [
			forwarding(evidence) === '0'
				? {
						title: 'Let the kernel forward packets',
						why: 'k3s sets it at each start; something else took it back. The file keeps it after the next boot, unless a later one says otherwise.',
						risk: 'safe' as const,
						interrupts: 'nothing',
						steps: [
							{ write: '/etc/sysctl.d/90-k3s-forward.conf', content: 'net.ipv4.ip_forward = 1\n' },
							{ run: ['sysctl', '-w', 'net.ipv4.ip_forward=1'] as const },
						],
						recheck: ['kernel' as const],
					}
				: undefined,
			found && openFrontEnd(evidence),
			withoutRules(guilty),
			found && !withoutRules(guilty) && !openFrontEnd(evidence) ? findRule(guilty) : undefined,
			{
				title: 'Restart k3s, which sets forwarding and masquerading anew',
				why: 'flannel and kube-proxy write their rules at the start.',
				risk: 'restart',
				interrupts: 'k3s on this node for some seconds; pods go on',
				steps: restartSteps(node),
				recheck: ['firewall', 'kernel', 'network'],
			},
			{
				title: 'See how far a pod gets',
				why: 'The host may reach what its pods do not.',
				risk: 'safe',
				interrupts: 'nothing',
				steps: [
					{
						tell: 'Here, while a pod asks something outside:',
						commands: [
							'sysctl net.ipv4.ip_forward',
							'iptables -t nat -S POSTROUTING; iptables -S FORWARD',
							`tcpdump -ni ${out} ${pods ? `net ${pods}` : 'net 10.42.0.0/16'}   # addresses of pods must not be seen here`,
						],
					},
				],
				recheck: [],
			},
		]
	},
})
