/** Raw answers about the network of a node for tests of rules. */
import { ago, cluster, node } from '../cluster-text.js'

type Files = Record<string, string>
type Json = Record<string, unknown>

const lines = (rows: readonly unknown[]) => `[\n${rows.map(row => JSON.stringify(row)).join(',\n')}\n]\n`

/** `[host, port, result, ms]` */
export function ports(...rows: [host: string, port: number, result: string, ms?: number][]): Files {
	return {
		'probes/ports.json': lines(
			rows.map(([host, port, result, ms = 5]) => ({ host, port, proto: 'tcp', result, ms })),
		),
	}
}

/** `[url, status, body, exit]` */
export function http(...rows: [url: string, status: number, body?: string, exit?: number][]): Files {
	return {
		'probes/http.json': lines(
			rows.map(([url, status, body = '', exit = status ? 0 : 7]) => ({ url, status, body, exit })),
		),
	}
}

interface Link {
	name: string
	address?: string
	addresses?: string[]
	mtu?: number
	up?: boolean
	master?: string
	vxlan?: { id?: number; port?: number; local?: string; link?: string }
}

function link({ name, address, addresses = [], mtu = 1500, up = true, master, vxlan }: Link): Json {
	return {
		ifname: name,
		flags: up ? ['UP'] : [],
		operstate: up ? 'UP' : 'DOWN',
		mtu,
		...(master && { master }),
		...(vxlan && {
			linkinfo: { info_kind: 'vxlan', info_data: { id: 1, port: 8472, ...vxlan } },
		}),
		addr_info: [...(address ? [address] : []), ...addresses].map(text => ({
			family: text.includes(':') ? 'inet6' : 'inet',
			local: text.split('/')[0],
			prefixlen: Number(text.split('/')[1] ?? 24),
			scope: text.startsWith('fe80') ? 'link' : 'global',
		})),
	}
}

/** `10.42.1.0/24 via 10.42.1.0 dev flannel.1` as `[destination, device, gateway]`. */
type Route = [destination: string, device: string, gateway?: string]

export function links(
	all: readonly Link[],
	routes: readonly Route[] = [['default', 'eth0', '10.0.0.254']],
): Files {
	return {
		'commands/ip-addr.json': JSON.stringify(all.map(link)),
		'commands/ip-route.json': JSON.stringify(
			routes.map(([dst, dev, gateway]) => ({ dst, dev, ...(gateway && { gateway }), flags: [] })),
		),
		'commands/ip-6-route.json': '[]',
	}
}

export const eth0: Link = { name: 'eth0', address: '10.0.0.1/24' }
export const cni0: Link = { name: 'cni0', address: '10.42.0.1/24', mtu: 1450 }
export const flannel1: Link = {
	name: 'flannel.1',
	address: '10.42.0.0/32',
	mtu: 1450,
	vxlan: { local: '10.0.0.1', link: 'eth0' },
}

/** Routes of a node with one other node, `10.42.1.0/24`. */
export const twoNodeRoutes: Route[] = [
	['default', 'eth0', '10.0.0.254'],
	['10.0.0.0/24', 'eth0'],
	['10.42.0.0/24', 'cni0'],
	['10.42.1.0/24', 'flannel.1', '10.42.1.0'],
]

/** `[address, state, hardware address]` */
export function neighbours(...rows: [address: string, state: string, mac?: string][]): Files {
	return {
		'commands/ip-neigh.json': JSON.stringify(
			rows.map(([dst, state, lladdr]) => ({ dst, dev: 'eth0', ...(lladdr && { lladdr }), state: [state] })),
		),
	}
}

/** The filter table of iptables-save; other tables as they are. */
export function iptables(
	rules: readonly string[],
	{ input = 'ACCEPT', forward = 'ACCEPT', output = 'ACCEPT', more = '' } = {},
): Files {
	return {
		'commands/iptables-save.txt': `*filter\n:INPUT ${input} [0:0]\n:FORWARD ${forward} [0:0]\n:OUTPUT ${output} [0:0]\n${rules.join('\n')}\nCOMMIT\n${more}`,
	}
}

/** `tcp LISTEN` lines of ss: `[address:port, program, pid]`. */
export function listening(
	...rows: [where: string, program?: string, pid?: number, protocol?: string][]
): Files {
	return {
		'commands/ss-listening.txt': rows
			.map(
				([where, program = 'k3s-server', pid = 700, protocol = 'tcp']) =>
					`${protocol} ${protocol === 'udp' ? 'UNCONN' : 'LISTEN'} 0 4096 ${where} 0.0.0.0:* users:(("${program}",pid=${pid},fd=3))\n`,
			)
			.join(''),
	}
}

/** A node with flannel's annotations. */
export function flannelNode(
	name: string,
	address: string,
	podCidr: string,
	{ ready = true, publicIp = address }: { ready?: boolean; publicIp?: string } = {},
): Json {
	const made = node({ name, ready }) as {
		metadata: { annotations: Json }
		spec: Json
		status: { addresses: Json[] }
	}
	made.metadata.annotations = {
		'k3s.io/hostname': name,
		'k3s.io/internal-ip': address,
		'flannel.alpha.coreos.com/public-ip': publicIp,
		'flannel.alpha.coreos.com/backend-type': 'vxlan',
	}
	made.spec = { ...made.spec, podCIDR: podCidr, podCIDRs: [podCidr] }
	made.status.addresses = [{ type: 'InternalIP', address }]
	return made
}

/** A server with one other node and flannel in good order, up for ten minutes. */
export function twoNodes(more: Files = {}, lists: Record<string, Json[]> = {}): Files {
	return cluster(
		{
			nodes: [
				flannelNode('node-1', '10.0.0.1', '10.42.0.0/24'),
				flannelNode('node-2', '10.0.0.2', '10.42.1.0/24'),
			],
			...lists,
		},
		{
			...links([eth0, cni0, flannel1], twoNodeRoutes),
			'files/etc/rancher/k3s/config.yaml': 'write-kubeconfig-mode: "0640"\n',
			...more,
		},
	)
}

/** A container's log, as `[seconds ago, text]`. */
export function podLog(
	pod: string,
	said: readonly [secondsAgo: number, text: string][],
	{ namespace = 'kube-system', container = 'coredns', instance = 0 } = {},
): Files {
	const text = said.map(([seconds, words]) => `${ago(seconds)} stdout F ${words}\n`).join('')
	return { [`files/var/log/pods/${namespace}_${pod}_uid-${pod}/${container}/${instance}.log`]: text }
}
