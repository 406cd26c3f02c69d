import {
	type Evidence,
	fact,
	hint,
	type Interface,
	interfaceArgument,
	nowOf,
	rule,
	strong,
} from '../../src/rule.js'
import { citeLine } from '../workload/cite.js'
import { recentLogs } from '../workload/logs.js'
import { minutes } from '../workload/pods.js'
import { subnetEnv } from './cluster-networks.js'

/** What the tunnel adds to each packet: vxlan 50 bytes over IPv4 and 70 over IPv6, wireguard 60 and 80. */
function overhead({ vxlan, kind, name }: Interface): number | undefined {
	if (vxlan) return vxlan.local?.includes(':') ? 70 : 50
	return kind === 'wireguard' && /^flannel-wg/.test(name) ? 60 : undefined
}

interface TooLarge {
	tunnel: Interface
	link: Interface
	most: number
}

/** A tunnel of flannel whose packets do not fit through the interface that carries them. */
function tooLarge({ network }: Evidence): TooLarge | undefined {
	for (const tunnel of network?.interfaces ?? []) {
		const more = /^flannel/.test(tunnel.name) ? overhead(tunnel) : undefined
		const device = tunnel.vxlan?.link ?? network?.defaultRoutes.find(({ family }) => family === 4)?.device
		const link = network?.interfaces.find(({ name }) => name === device)
		if (more === undefined || !link || !tunnel.up || link.mtu <= 0) continue
		if (tunnel.mtu + more > link.mtu) return { tunnel, link, most: link.mtu - more }
	}
	return undefined
}

/** Pods that send larger packets than flannel takes: those that were made before it became smaller. */
function podsTooLarge(evidence: Evidence): { pod: Interface; most: number; mtu: number } | undefined {
	const interfaces = evidence.network?.interfaces ?? []
	const told = Number(subnetEnv(evidence, 'FLANNEL_MTU') ?? Number.NaN)
	const tunnel = interfaces.find(({ name }) => /^flannel[.-]/.test(name))
	const most = tunnel?.mtu ?? (Number.isFinite(told) ? told : undefined)
	// The bridge itself takes the size of its ports, and 1500 where it has none.
	const pod = interfaces.find(({ master, mtu }) => master === 'cni0' && most !== undefined && mtu > most)
	return pod && most !== undefined && most > 0 ? { pod, most, mtu: pod.mtu } : undefined
}

export default rule({
	cause: 'mtu-mismatch',
	title: 'Packets between nodes are larger than the network carries',
	severity: 'warning',
	explain:
		'flannel wraps the packets of pods into packets of its own, which are 50 to 80 bytes larger. If the device of flannel or the bridge of the pods allows more than the network below carries, small packets pass and large ones vanish: pings and short requests work, TLS handshakes, downloads and kubectl logs hang.',
	docs: [
		'https://docs.k3s.io/networking/basic-network-options',
		'https://github.com/flannel-io/flannel/blob/master/Documentation/troubleshooting.md',
	],
	signs: [
		fact(['network'], (_have, evidence) => {
			const found = tooLarge(evidence)
			if (!found) return undefined
			const { tunnel, link, most } = found
			return strong(
				'network',
				`${tunnel.name} allows packets of ${tunnel.mtu} bytes, ${link.name} below it carries ${link.mtu}: at most ${most} fit`,
				{
					quote: {
						file: 'commands/ip-addr.json',
						text: `${tunnel.name} mtu ${tunnel.mtu}, ${link.name} mtu ${link.mtu}`,
					},
				},
			)
		}),
		fact(['network'], (_have, evidence) => {
			const found = podsTooLarge(evidence)
			return (
				found &&
				strong('network', `pods send packets of up to ${found.mtu} bytes, flannel takes ${found.most}`, {
					quote: { file: 'commands/ip-addr.json', text: `${found.pod.name} master cni0 mtu ${found.mtu}` },
				})
			)
		}),
		fact(['podLogs', 'network'], (_have, evidence) => {
			if (!tooLarge(evidence) && !podsTooLarge(evidence)) return undefined
			for (const { lines, file, pod } of recentLogs(evidence, 10 * minutes)) {
				const line = lines
					.slice(-100)
					.findLast(
						({ text, at }) => /TLS handshake timeout/.test(text) && nowOf(evidence) - at < 10 * minutes,
					)
				if (line)
					return hint(
						'podLogs',
						`${pod} waits in vain for TLS handshakes, which need large packets`,
						citeLine({ file }, line),
					)
			}
			return undefined
		}),
	],
	leadsTo: ['metrics-server-down', 'apiservice-unavailable', 'webhook-blocks', 'konnectivity-tunnel-down'],
	remedies: evidence => {
		const found = tooLarge(evidence)
		const tunnel = interfaceArgument(found?.tunnel.name)
		const small = podsTooLarge(evidence)
		return [
			found && tunnel
				? {
						title: `Set ${tunnel} to ${found.most} bytes`,
						why: 'It holds until k3s is restarted; flannel then takes the size from the interface below, so correct that as well.',
						risk: 'safe' as const,
						interrupts: 'nothing',
						steps: [{ run: ['ip', 'link', 'set', 'dev', tunnel, 'mtu', String(found.most)] as const }],
						undo: [{ run: ['ip', 'link', 'set', 'dev', tunnel, 'mtu', String(found.tunnel.mtu)] as const }],
						recheck: ['network' as const],
					}
				: undefined,
			small && !found
				? {
						title: 'Start the pods of this node anew',
						why: 'A pod gets its size when it is made. Those that are made from now on fit.',
						risk: 'restart' as const,
						interrupts: 'each workload, while its pods are replaced',
						steps: [
							{
								tell: 'On a server, for each workload that is not to be interrupted for long:',
								commands: [
									'k3s kubectl -n kube-system rollout restart deployment coredns metrics-server',
									'k3s kubectl -n NAMESPACE rollout restart deployment NAME',
								],
							},
						],
						recheck: ['network' as const],
					}
				: undefined,
			{
				title: 'Find the largest packet that passes between the nodes',
				why: 'Clouds, VPNs and PPPoE carry less than 1500 bytes, and not every interface says so.',
				risk: 'safe',
				interrupts: 'nothing',
				steps: [
					{
						tell: 'From here to another node; 1472 and 28 bytes of headers make 1500. Go down until it passes, set that on the interface of every node, then restart k3s:',
						commands: [
							'ping -M do -c 2 -s 1472 OTHER-NODE',
							'ping -M do -c 2 -s 1422 OTHER-NODE',
							'ip link set dev INTERFACE mtu SIZE',
							`systemctl restart ${evidence.node.unit}`,
						],
					},
				],
				recheck: ['network'],
			},
		]
	},
})
