import { type Evidence, fact, hint, interfaceArgument, rule } from '../../src/rule.js'
import { withoutFlannel } from '../kinds.js'
import { flannelBackend } from './cluster-networks.js'
import { lostDials, nodesWithoutRoute } from './cross-node.js'

/**
 * Kernels that send packets with wrong checksums where vxlan, NAT and an offloading card meet: those before 5.7,
 * which RHEL 8 and others with a kernel of that age have.
 */
function isAffected(release: string): boolean {
	const [, major, minor] = /^(\d{1,3})\.(\d{1,3})/.exec(release) ?? []
	if (major === undefined) return false
	return Number(major) < 5 || (Number(major) === 5 && Number(minor) < 7)
}

function vxlan({ network }: Evidence) {
	return network?.interfaces.find(({ vxlan }) => vxlan !== undefined)
}

export default rule({
	cause: 'vxlan-checksum',
	title: 'Packets between nodes get wrong checksums on the vxlan device',
	severity: 'warning',
	notFor: withoutFlannel,
	explain:
		'With some kernels and (virtual) network cards the checksum of packets that are sent through vxlan after address translation is left to the card, which computes it wrongly. The other node throws them away. Ping between nodes works, and services work from the host, while TCP and DNS from pods to pods of other nodes time out.',
	docs: [
		'https://docs.k3s.io/networking/basic-network-options',
		'https://github.com/flannel-io/flannel/blob/master/Documentation/troubleshooting.md',
	],
	signs: [
		fact(['cluster', 'network'], (_have, evidence) => {
			if (flannelBackend(evidence) !== 'vxlan' || !vxlan(evidence)) return undefined
			// A missing route explains it better.
			if (nodesWithoutRoute(evidence).length > 0) return undefined
			return lostDials(evidence)
				.slice(0, 2)
				.map(({ source, host, port, why, node, quote, at }) =>
					hint(source, `the way to pods of ${node} is open, but ${host}:${port} does not answer (${why})`, {
						quote,
						at,
					}),
				)
		}),
		fact(
			['kernel', 'cluster'],
			({ kernel }, evidence) =>
				isAffected(kernel.release) &&
				vxlan(evidence) !== undefined &&
				lostDials(evidence).length > 1 &&
				hint('kernel', `kernel ${kernel.release} is of an age that is known for it`, {
					quote: { file: 'commands/uname.txt', text: kernel.release },
				}),
		),
	],
	leadsTo: ['coredns-down', 'metrics-server-down', 'apiservice-unavailable'],
	remedies: evidence => {
		const device = interfaceArgument(vxlan(evidence)?.name) ?? 'flannel.1'
		return [
			{
				title: `Switch checksum offloading off on ${device}`,
				why: 'The kernel then computes the checksum itself. It holds until the device is made anew: if it helps, make it permanent by a udev rule or a newer kernel, on every node.',
				risk: 'safe',
				interrupts: 'nothing',
				preconditions: [{ programExists: 'ethtool' }],
				steps: [{ run: ['ethtool', '-K', device, 'tx-checksum-ip-generic', 'off'] }],
				undo: [{ run: ['ethtool', '-K', device, 'tx-checksum-ip-generic', 'on'] }],
				recheck: ['podLogs', 'journal'],
			},
			{
				title: 'See whether it is the checksum, before anything is changed',
				why: 'tcpdump tells it on the receiving node.',
				risk: 'safe',
				interrupts: 'nothing',
				steps: [
					{
						tell: 'On the other node, while a pod of this node asks one of its pods:',
						commands: [
							`tcpdump -vvni ${device} udp port 53 or tcp`,
							`nstat -az UdpInCsumErrors TcpInCsumErrors`,
						],
					},
				],
				recheck: [],
			},
		]
	},
})
