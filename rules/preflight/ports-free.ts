import {
	check,
	configValue,
	configValues,
	type Evidence,
	fail,
	pass,
	type Socket,
	warn,
} from '../../src/check.js'
import { apiPort } from '../network/firewall-needs.js'
import { foreignOn } from '../network/listeners.js'
import { usesEtcd } from './joins.js'
import { isSetUp } from './set-up.js'

interface Wanted {
	port: number
	protocol: 'tcp' | 'udp'
	whose: string
}

function wanted(evidence: Evidence): Wanted[] {
	const { node, config } = evidence
	const tcp = (port: number, whose: string): Wanted => ({ port, protocol: 'tcp', whose })
	const backend = configValue(config, 'flannel-backend') ?? 'vxlan'
	const api = apiPort(evidence)
	return [
		...(node.role === 'agent'
			? [tcp(Number(configValue(config, 'lb-server-port') ?? 6444), 'the load balancer to the servers')]
			: [
					tcp(api, 'the API server and supervisor'),
					tcp(api + 1, 'the internal API server'),
					tcp(10257, 'the controller manager'),
					tcp(10259, 'the scheduler'),
				]),
		tcp(10250, 'the kubelet'),
		tcp(10248, "the kubelet's health check"),
		tcp(10249, "kube-proxy's metrics"),
		tcp(10256, "kube-proxy's health check"),
		tcp(10010, "containerd's streams"),
		...(usesEtcd(evidence)
			? [tcp(2379, 'etcd clients'), tcp(2380, 'etcd peers'), tcp(2381, "etcd's metrics")]
			: []),
		...(backend.startsWith('vxlan')
			? [{ port: 8472, protocol: 'udp' as const, whose: 'flannel (vxlan)' }]
			: []),
		...(backend.startsWith('wireguard')
			? [{ port: 51820, protocol: 'udp' as const, whose: 'flannel (WireGuard)' }]
			: []),
	]
}

/** Traefik and its load balancer take them for the applications. */
function forTraefik({ config, node }: Evidence): number[] {
	const disabled = configValues(config, 'disable').flatMap(value => value.split(','))
	const without = ['traefik', 'servicelb'].some(part => disabled.includes(part))
	return node.role === 'agent' || without ? [] : [80, 443]
}

function holder({ process, pid }: Socket): string {
	return `${process ?? 'another program'}${pid === undefined ? '' : ` (pid ${pid})`}`
}

export default check({
	id: 'ports-free',
	list: 'preflight',
	title: 'The ports of k3s are free',
	matters: true,
	explain:
		'k3s listens on ports of its own. Where another program holds one of them, k3s does not start, or talks to that program as if it were its own server.',
	docs: ['https://docs.k3s.io/installation/requirements#inbound-rules-for-k3s-nodes'],
	needs: ['sockets'],
	look: ({ sockets, node }, { more }) => {
		const needed = wanted(more)
		const taken = needed.flatMap(({ port, protocol, whose }) => {
			const socket = foreignOn(more, port, protocol) ?? unknownHolder(more, port, protocol)
			return socket
				? [
						fail(`${port}/${protocol} (${whose}) is held by ${holder(socket)}`, {
							source: 'sockets',
							quote: socket.quote,
							do: [
								{
									tell: 'Stop it, or give it another port:',
									commands: [`ss -Hlnp${protocol[0]} 'sport = :${port}'`],
								},
							],
						}),
					]
				: []
		})
		const web = forTraefik(more).flatMap(port => {
			const socket = foreignOn(more, port)
			return socket
				? [
						warn(`${port}/tcp is held by ${holder(socket)}: Traefik cannot be reached there`, {
							source: 'sockets',
							quote: socket.quote,
							do: [
								{
									tell: 'Stop it, or do without Traefik in /etc/rancher/k3s/config.yaml: disable: [traefik, servicelb].',
								},
							],
						}),
					]
				: []
		})
		if (taken.length > 0) return [...taken, ...web]
		const list = needed.map(({ port, protocol }) => `${port}${protocol === 'udp' ? '/udp' : ''}`).join(', ')
		const ours = sockets.listening.some(({ port, process }) => port === 10250 && /^k3s/.test(process ?? ''))
		return [
			pass(
				ours
					? `${list}: held by k3s itself, which runs here`
					: `${list} for ${node.role === 'agent' ? 'an agent' : 'a server'}`,
				{ source: 'sockets' },
			),
			...web,
		]
	},
})

/** Without root nobody sees whose a socket is; before an installation any is somebody else's. */
function unknownHolder(evidence: Evidence, port: number, protocol: 'tcp' | 'udp'): Socket | undefined {
	if (isSetUp(evidence)) return undefined
	return evidence.sockets?.listening.find(
		socket => socket.port === port && socket.protocol === protocol && socket.process === undefined,
	)
}
