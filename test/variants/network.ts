/** Ports, firewalls, addresses, flannel, names. */
import type { HealthyFiles, Item } from '../healthy/node.js'
import { keepsSaying, klog } from '../scenes/journal.js'
import { changePod, container, notReady, waiting, warns } from '../scenes/pods.js'
import { unreachable } from '../scenes/probes.js'
import { member, recorded, server } from '../scenes/recorded.js'
import { agentWaits, serverEnds, serverSays, serverShutsDown } from '../scenes/start.js'
import type { Variant } from './case.js'

/** Another program listens on a port. */
function held(node: HealthyFiles, port: number, program: string, address = '0.0.0.0'): void {
	node.append(
		'commands/ss-listening.txt',
		`tcp LISTEN 0      511    ${address}:${port}       0.0.0.0:* users:(("${program}",pid=4012,fd=6))\n`,
	)
	node.append(
		'commands/ps.txt',
		` 4012       1 root     Ss   Sat Nov 21 03:00:00 2026  7000 12000  0.1 /usr/sbin/${program} -g daemon\n`,
	)
}

export const network: readonly Variant[] = [
	...[
		[6443, 'haproxy', 'Error: failed to listen on 6443: listen tcp :6443: bind: address already in use'],
		[
			6444,
			'nginx',
			'Error: preparing server: failed to start supervisor listener: listen tcp 127.0.0.1:6444: bind: address already in use',
		],
	].map(
		([port, program, word]): Variant => ({
			name: `port ${port} is held by ${program}`,
			cause: 'port-in-use',
			make: async () => {
				const node = await serverEnds([`fatal ${word}`])
				held(node, Number(port), String(program))
				return node
			},
		}),
	),
	{
		name: 'port 10248 is held by another kubelet',
		cause: 'port-in-use',
		also: ['server-and-agent-both'],
		make: async () => {
			const node = await serverShutsDown(
				'kubelet exited: listen tcp 127.0.0.1:10248: bind: address already in use',
			)
			held(node, 10248, 'telegraf', '127.0.0.1')
			return node
		},
	},
	{
		name: 'port 2379 is held by another etcd',
		cause: 'port-in-use',
		make: async () => {
			const node = await serverEnds(
				[
					'fatal Error: preparing server: failed to start cluster: start managed database: listen tcp 127.0.0.1:2379: bind: address already in use',
				],
				'cluster-init: true\n',
			)
			held(node, 2379, 'etcd', '127.0.0.1')
			return node
		},
	},
	{
		name: 'port 10256 of the service proxy is held',
		cause: 'port-in-use',
		also: ['kube-proxy-failed'],
		make: async () => {
			const node = await serverSays([
				klog(
					'"Failed to start proxy healthz server" err="failed to start proxy healthz on 0.0.0.0:10256: listen tcp 0.0.0.0:10256: bind: address already in use"',
					'server.go:440',
				),
			])
			node.change('commands/ss-listening.txt', text =>
				text.replace(
					/^.*:10256 .*$/m,
					'tcp LISTEN 0 511 0.0.0.0:10256 0.0.0.0:* users:(("node_exporter",pid=4012,fd=6))',
				),
			)
			return node
		},
	},
	{
		name: 'no hostname that the API takes',
		cause: 'hostname-invalid',
		make: async () => {
			const node = await serverSays([
				klog(
					'"Unable to register node with API server" err="Node \\"web_01\\" is invalid: metadata.name: Invalid value: \\"web_01\\": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, \'-\' or \'.\', and must start and end with an alphanumeric character" node="web_01"',
					'kubelet_node_status.go:110',
				),
			])
			node.put('commands/hostname.txt', 'web_01\n')
			node.put('files/etc/hostname', 'web_01\n')
			node.items('nodes', () => [])
			return node
		},
	},
	{
		name: 'wireguard is not in the kernel',
		cause: 'kernel-module-missing',
		also: ['flannel-start-failed'],
		make: () =>
			serverShutsDown(
				'flannel exited: failed to create the flannel backend: could not create wireguard interface: operation not supported',
				{
					config: 'flannel-backend: wireguard-native\n',
					before: ['warning Failed to load kernel module wireguard with modprobe: exit status 1'],
				},
			),
	},
	{
		name: 'an agent whose server is behind a firewall that drops',
		cause: 'firewall-blocks',
		also: ['api-unreachable'],
		make: async () => {
			const node = await agentWaits(
				'error failed to validate connection to cluster at https://10.99.0.11:6443: failed to get CA certs: Get "https://127.0.0.1:6444/cacerts": context deadline exceeded (Client.Timeout exceeded while awaiting headers)',
			)
			unreachable(node, '10.99.0.11', 'timeout')
			return node
		},
	},
	{
		name: 'nftables of its own drop the traffic of pods between nodes',
		cause: 'vxlan-blocked',
		also: ['firewall-blocks'],
		make: member(node => {
			node.append(
				'commands/nft-ruleset.txt',
				'table inet guard {\n\tchain input {\n\t\ttype filter hook input priority filter; policy accept;\n\t\tudp dport 8472 drop\n\t}\n}\n',
			)
		}),
	},
	{
		name: 'the bridge keeps the address of an older network',
		cause: 'cidr-conflict',
		make: server(node => {
			const [first] = (JSON.parse(node.text('api/pods.json')) as { items: Item[] }).items
			const pod = changePod(
				node,
				({ metadata }) => ({
					metadata: { ...metadata, creationTimestamp: node.ago(400) },
					status: {
						phase: 'Pending',
						conditions: notReady,
						containerStatuses: [container('a', 'b', waiting('ContainerCreating'))],
					},
				}),
				({ metadata }) => metadata.name === first?.metadata.name,
			)
			const message =
				'Failed to create pod sandbox: rpc error: code = Unknown desc = failed to setup network for sandbox "44": plugin type="flannel" failed (add): failed to delegate add: failed to set bridge addr: "cni0" already has an IP address different from 10.42.0.1/24'
			warns(node, pod, 'FailedCreatePodSandBox', message, { count: 21, first: 390, last: 9 })
			node.change('commands/ip-addr.json', text => text.replaceAll('"10.42.0.1"', '"10.52.0.1"'))
		}),
	},
	{
		name: 'resolv.conf names only the loopback',
		cause: 'dns-loop',
		also: ['coredns-down'],
		make: () => recorded('dns-loop'),
	},
	{
		name: 'the tunnel of an agent is cut again and again',
		cause: 'konnectivity-tunnel-down',
		make: async () => {
			const node = await recorded('agent-healthy', 45)
			keepsSaying(node, [
				'error Remotedialer proxy error; reconnecting...: websocket: close 1006 (abnormal closure): unexpected EOF',
			])
			return node
		},
	},
]
