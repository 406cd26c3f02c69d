/** What may be odd about the network of a healthy node. */
import type { HealthyFiles, Oddity } from '../node.js'
import { listens, running, unit } from './parts.js'

const kubelet = 'files/var/lib/rancher/k3s/agent/etc/kubelet.conf.d/00-k3s-defaults.conf'

interface Link {
	name: string
	addresses?: string[]
	mtu?: number
	up?: boolean
	kind?: string
}

function link(node: HealthyFiles, { name, addresses = [], mtu = 1500, up = true, kind }: Link): void {
	node.change('commands/ip-addr.json', text =>
		JSON.stringify([
			...(JSON.parse(text) as unknown[]),
			{
				ifname: name,
				flags: up ? ['BROADCAST', 'UP', 'LOWER_UP'] : ['BROADCAST'],
				mtu,
				operstate: up ? 'UP' : 'DOWN',
				...(kind && { linkinfo: { info_kind: kind } }),
				addr_info: addresses.map(address => ({
					family: address.includes(':') ? 'inet6' : 'inet',
					local: address.split('/')[0],
					prefixlen: Number(address.split('/')[1]),
					scope: address.startsWith('fe80') ? 'link' : 'global',
				})),
			},
		]),
	)
}

function route(node: HealthyFiles, dst: string, dev: string, more: Record<string, unknown> = {}): void {
	const file = dst.includes(':') || more.family === 6 ? 'commands/ip-6-route.json' : 'commands/ip-route.json'
	node.change(file, text =>
		JSON.stringify([...(JSON.parse(text.trim() || '[]') as unknown[]), { dst, dev, flags: [], ...more }]),
	)
}

/** Rules before those of k3s in a chain of the filter table. */
function filter(node: HealthyFiles, rules: string, chains = ''): void {
	node.change('commands/iptables-save.txt', text =>
		text.replace(/(\*filter\n(?::.*\n)+)/, (_all, head: string) => `${head}${chains}${rules}`),
	)
}

const ufwRules = `Status: active

To                         Action      From
--                         ------      ----
22/tcp                     ALLOW       Anywhere
6443/tcp                   ALLOW       Anywhere
10250/tcp                  ALLOW       10.99.0.0/24
8472/udp                   ALLOW       10.99.0.0/24
2379:2380/tcp              ALLOW       10.99.0.0/24
Anywhere                   ALLOW       10.42.0.0/16
Anywhere                   ALLOW       10.43.0.0/16
`

export const network: readonly Oddity[] = [
	{
		name: 'ufw with the rules that k3s needs',
		change: node => {
			unit(node, 'ufw.service', { ...running, SubState: 'exited' })
			node.put('commands/ufw-status.txt', ufwRules)
			filter(
				node,
				'-A INPUT -j ufw-user-input\n-A ufw-user-input -p tcp -m tcp --dport 22 -j ACCEPT\n-A ufw-user-input -p tcp -m tcp --dport 6443 -j ACCEPT\n-A ufw-user-input -s 10.99.0.0/24 -p tcp -m tcp --dport 10250 -j ACCEPT\n-A ufw-user-input -s 10.99.0.0/24 -p udp -m udp --dport 8472 -j ACCEPT\n-A ufw-user-input -s 10.42.0.0/16 -j ACCEPT\n-A ufw-user-input -s 10.43.0.0/16 -j ACCEPT\n-A INPUT -i lo -j ACCEPT\n-A INPUT -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n',
				':ufw-user-input - [0:0]\n',
			)
		},
	},
	{
		name: 'firewalld with the pods trusted',
		change: node => {
			unit(node, 'firewalld.service', running)
			node.answer(
				'commands/firewall-cmd.txt',
				['firewall-cmd', '--list-all-zones'],
				'public (active)\n  target: default\n  interfaces: eth0\n  services: ssh dhcpv6-client\n  ports: 6443/tcp 10250/tcp 8472/udp 2379-2380/tcp\n\ntrusted (active)\n  target: ACCEPT\n  sources: 10.42.0.0/16 10.43.0.0/16\n',
			)
		},
	},
	{
		name: 'somebody is kept from SSH for a while',
		change: node =>
			filter(
				node,
				'-A INPUT -p tcp -m multiport --dports 22 -j f2b-sshd\n-A f2b-sshd -s 203.0.113.44/32 -j REJECT --reject-with icmp-port-unreachable\n-A f2b-sshd -j RETURN\n',
				':f2b-sshd - [0:0]\n',
			),
	},
	{
		name: 'a web server closed to the outside',
		change: node =>
			filter(
				node,
				'-A INPUT -i eth0 -p tcp -m tcp --dport 8080 -j DROP\n-A INPUT ! -s 10.99.0.0/24 -p tcp -m tcp --dport 9100 -j REJECT\n',
			),
	},
	{
		name: 'mail is not let out',
		change: node => filter(node, '-A OUTPUT -p tcp -m tcp --dport 25 -j REJECT\n'),
	},
	{
		name: 'chains of Docker',
		change: node => {
			link(node, { name: 'docker0', addresses: ['172.17.0.1/16'], kind: 'bridge', up: false })
			route(node, '172.17.0.0/16', 'docker0', { prefsrc: '172.17.0.1' })
			filter(
				node,
				'-A FORWARD -j DOCKER-USER\n-A FORWARD -j DOCKER-ISOLATION-STAGE-1\n-A FORWARD -o docker0 -m conntrack --ctstate RELATED,ESTABLISHED -j ACCEPT\n-A DOCKER-ISOLATION-STAGE-1 -i docker0 ! -o docker0 -j DOCKER-ISOLATION-STAGE-2\n-A DOCKER-ISOLATION-STAGE-2 -o docker0 -j DROP\n-A DOCKER-USER -j RETURN\n',
				':DOCKER-USER - [0:0]\n:DOCKER-ISOLATION-STAGE-1 - [0:0]\n:DOCKER-ISOLATION-STAGE-2 - [0:0]\n',
			)
		},
	},
	{
		name: 'a VPN',
		change: node => {
			link(node, { name: 'wg0', addresses: ['10.8.0.4/24'], mtu: 1420, kind: 'wireguard' })
			route(node, '10.8.0.0/24', 'wg0')
		},
	},
	{ name: 'a network card without a cable', change: node => link(node, { name: 'eno2', up: false }) },
	{
		name: 'a second network',
		change: node => {
			link(node, { name: 'eth1', addresses: ['192.168.50.7/24'] })
			route(node, '192.168.50.0/24', 'eth1', { prefsrc: '192.168.50.7' })
		},
	},
	{
		name: 'a second default route of less weight',
		change: node => {
			link(node, { name: 'wwan0', addresses: ['100.72.3.4/30'] })
			route(node, 'default', 'wwan0', { gateway: '100.72.3.5', metric: 900 })
		},
	},
	{
		name: 'IPv6 addresses and a route',
		change: node => {
			link(node, { name: 'eth2', addresses: ['2001:db8:7::11/64', 'fe80::aa11/64'] })
			route(node, 'default', 'eth2', { gateway: 'fe80::1', family: 6 })
		},
	},
	{
		name: 'a wide route of the company, in which the pods lie',
		change: node => route(node, '10.0.0.0/8', 'eth0', { gateway: '10.99.0.1' }),
	},
	{
		name: 'virtual machines on the host',
		change: node => {
			link(node, { name: 'virbr0', addresses: ['192.168.122.1/24'], kind: 'bridge' })
			route(node, '192.168.122.0/24', 'virbr0')
			filter(node, '-A FORWARD -o virbr0 -j REJECT --reject-with icmp-port-unreachable\n')
		},
	},
	{
		name: 'search domains',
		change: node =>
			node.append(
				'files/etc/resolv.conf',
				'search corp.example lab.corp.example\noptions timeout:2 rotate\n',
			),
	},
	{
		name: 'four resolvers',
		change: node =>
			node.append(
				'files/etc/resolv.conf',
				'nameserver 10.99.0.2\nnameserver 10.99.0.3\nnameserver 10.99.0.4\n',
			),
	},
	{
		name: 'systemd-resolved with its stub',
		change: node => {
			unit(node, 'systemd-resolved.service', running)
			node.put(
				'files/etc/resolv.conf',
				'nameserver 127.0.0.53\noptions edns0 trust-ad\nsearch corp.example\n',
			)
			node.put('files/run/systemd/resolve/resolv.conf', 'nameserver 10.99.0.1\nsearch corp.example\n')
			node.change(kubelet, text => text.replace('/etc/resolv.conf', '/run/systemd/resolve/resolv.conf'))
			listens(node, '127.0.0.53%lo:53', 'systemd-resolve', 3150)
			listens(node, '127.0.0.53%lo:53', 'systemd-resolve', 3150, 'udp')
		},
	},
	{
		name: 'an old neighbour that is gone',
		change: node =>
			node.change('commands/ip-neigh.json', text =>
				JSON.stringify([
					...(JSON.parse(text) as unknown[]),
					{ dst: '10.99.0.200', dev: 'eth0', state: ['FAILED'] },
				]),
			),
	},
	{
		name: 'a rule of routing for a VPN',
		change: node =>
			node.change('commands/ip-rule.json', text =>
				JSON.stringify([
					...(JSON.parse(text) as unknown[]),
					{ priority: 5210, src: 'all', fwmark: '0x80000', table: 'main' },
				]),
			),
	},
	{
		name: 'a host without ss',
		change: node => {
			node.remove('commands/ss-listening.txt')
			node.remove('commands/ss-established.txt')
		},
	},
	{
		name: 'probes that nobody made',
		change: node => {
			for (const file of node.names()) if (file.startsWith('probes/')) node.remove(file)
		},
	},
]
