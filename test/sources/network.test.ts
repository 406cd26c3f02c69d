import { describe, expect, it } from 'vitest'
import { network } from '../../src/sources/network.js'
import { bundleOf } from '../bundle-of.js'
import { scriptedHost } from './scripted-host.js'

const addr = JSON.stringify([
	{
		ifname: 'lo',
		flags: ['LOOPBACK', 'UP', 'LOWER_UP'],
		mtu: 65536,
		operstate: 'UNKNOWN',
		addr_info: [
			{ family: 'inet', local: '127.0.0.1', prefixlen: 8, scope: 'host' },
			{ family: 'inet6', local: '::1', prefixlen: 128, scope: 'host' },
		],
	},
	{},
	{
		ifname: 'flannel.1',
		flags: ['BROADCAST', 'MULTICAST', 'UP', 'LOWER_UP'],
		mtu: 1450,
		operstate: 'UNKNOWN',
		linkinfo: { info_kind: 'vxlan', info_data: { id: 1, local: '10.99.0.21', link: 'eth0', port: 8472 } },
		addr_info: [{ family: 'inet', local: '10.42.1.0', prefixlen: 32, scope: 'global' }],
	},
	{
		ifname: 'vethff40238e',
		flags: ['BROADCAST'],
		mtu: 1450,
		operstate: 'DOWN',
		master: 'cni0',
		addr_info: [],
	},
])

const routes = JSON.stringify([
	{ dst: 'default', gateway: '10.99.0.1', dev: 'eth0', flags: [] },
	{ dst: '10.42.1.0/24', dev: 'cni0', protocol: 'kernel', scope: 'link', prefsrc: '10.42.1.1', flags: [] },
	{ type: 'local', dst: '10.99.0.21', dev: 'eth0', table: 'local', flags: [] },
	{ dst: 'fe80::/64', dev: 'eth0', protocol: 'kernel', metric: 256, flags: [], pref: 'medium' },
])

const routes6 = JSON.stringify([
	{ dst: 'fe80::/64', dev: 'eth0', protocol: 'kernel', metric: 256, flags: [], pref: 'medium' },
])

function parse(answers: { addr?: string; route?: string; route6?: string; rule?: string }) {
	return network.parse(
		bundleOf({
			'commands/ip-addr.json': answers.addr ?? addr,
			'commands/ip-route.json': answers.route ?? routes,
			...(answers.route6 !== undefined && { 'commands/ip-6-route.json': answers.route6 }),
			...(answers.rule !== undefined && { 'commands/ip-rule.json': answers.rule }),
		}),
	)
}

describe('interfaces', () => {
	it('carry their addresses, state and vxlan data', () => {
		const found = parse({})
		expect(found?.interfaces.map(({ name, up }) => [name, up])).toEqual([
			['lo', true],
			['flannel.1', true],
			['vethff40238e', false],
		])
		expect(found?.interfaces[1]).toMatchObject({
			mtu: 1450,
			kind: 'vxlan',
			vxlan: { id: 1, port: 8472, local: '10.99.0.21', link: 'eth0' },
			addresses: [{ family: 4, address: '10.42.1.0', prefix: 32, scope: 'global' }],
		})
		expect(found?.interfaces[2]).toMatchObject({ master: 'cni0', operstate: 'DOWN', addresses: [] })
	})
})

describe('routes', () => {
	it('name the default route, and each route once', () => {
		const found = parse({ route6: routes6 })
		expect(found?.defaultRoutes).toEqual([
			{
				family: 4,
				destination: 'default',
				gateway: '10.99.0.1',
				device: 'eth0',
				table: 'main',
				type: 'unicast',
			},
		])
		expect(found?.routes.filter(({ destination }) => destination === 'fe80::/64')).toMatchObject([
			{ family: 6 },
		])
		expect(found?.routes.find(({ type }) => type === 'local')).toMatchObject({ table: 'local' })
	})

	it('may lack a default, which is an answer', () => {
		const none = JSON.stringify([{ dst: '10.99.0.0/24', dev: 'eth0', flags: [] }])
		expect(parse({ route: none })?.defaultRoutes).toEqual([])
		expect(parse({ route: '' })?.defaultRoutes).toEqual([])
	})

	it('that lead nowhere are no default route', () => {
		const dead = JSON.stringify([
			{ type: 'unreachable', dst: 'default', metric: 4278198272, flags: [] },
			{ dst: 'default', gateway: '10.0.0.1', dev: 'wg0', table: '51820', flags: [] },
			{ dst: 'default', gateway: '10.0.0.1', dev: 'eth1', flags: ['dead', 'linkdown'] },
		])
		expect(parse({ route: dead })).toMatchObject({ defaultRoutes: [], routes: [{}, {}, { type: 'dead' }] })
	})

	it('of IPv6 and with several next hops are recognised', () => {
		const given = JSON.stringify([
			{ dst: 'default', gateway: 'fe80::1', dev: 'eth0', protocol: 'ra', metric: 100, pref: 'medium' },
			{
				dst: 'default',
				flags: [],
				nexthops: [
					{ gateway: '10.0.0.1', dev: 'eth0' },
					{ gateway: '10.0.1.1', dev: 'eth1' },
				],
			},
			{ dst: '0.0.0.0/0', via: { family: 'inet6', host: 'fe80::9' }, dev: 'eth2', flags: [] },
		])
		expect(parse({ route: given })?.defaultRoutes).toMatchObject([
			{ family: 6, gateway: 'fe80::1', metric: 100 },
			{ family: 4, gateway: '10.0.0.1', device: 'eth0' },
			{ gateway: 'fe80::9', device: 'eth2' },
		])
	})

	it('come with the rules that choose their table', () => {
		const rule = JSON.stringify([
			{ priority: 0, src: 'all', table: 'local' },
			{ priority: 30400, src: '10.0.1.5', srclen: 32, table: '30400' },
		])
		expect(parse({ rule })?.rules).toEqual([
			{ priority: 0, source: 'all', table: 'local' },
			{ priority: 30400, source: '10.0.1.5/32', table: '30400' },
		])
		expect(parse({})).not.toHaveProperty('rules')
	})
})

const addrText = `1: lo: <LOOPBACK,UP,LOWER_UP> mtu 65536 qdisc noqueue state UNKNOWN qlen 1000
    link/loopback 00:00:00:00:00:00 brd 00:00:00:00:00:00
    inet 127.0.0.1/8 scope host lo
2: eth0: <BROADCAST,MULTICAST,UP,LOWER_UP> mtu 1500 qdisc pfifo_fast state UP qlen 1000
    link/ether 52:54:00:12:34:56 brd ff:ff:ff:ff:ff:ff
    inet 192.168.7.20/24 brd 192.168.7.255 scope global eth0
    inet6 fe80::5054:ff:fe12:3456/64 scope link
5: veth12@if2: <BROADCAST,MULTICAST> mtu 1450 qdisc noqueue master cni0 state DOWN
`
const routeText = `default via 192.168.7.1 dev eth0  metric 202
10.42.0.0/24 dev cni0 scope link  src 10.42.0.1
unreachable default dev lo  metric 4294967295
192.168.7.0/24 dev eth0 scope link  src 192.168.7.20
`

describe('without iproute2', () => {
	it("busybox's text is read", async () => {
		const { ask, bundle } = scriptedHost({
			node: { init: 'openrc' },
			commands: {
				'ip addr': addrText,
				'ip route': routeText,
				'ip -6 route': 'fe80::/64 dev eth0  metric 256\n',
			},
		})
		await network.collect(ask)
		const found = network.parse(bundle())
		expect(found?.interfaces).toMatchObject([
			{ name: 'lo', up: true, addresses: [{ family: 4, address: '127.0.0.1', prefix: 8, scope: 'host' }] },
			{ name: 'eth0', operstate: 'UP', mtu: 1500, addresses: [{ prefix: 24 }, { family: 6, scope: 'link' }] },
			{ name: 'veth12', up: false, master: 'cni0' },
		])
		expect(found?.defaultRoutes).toEqual([
			{
				family: 4,
				destination: 'default',
				gateway: '192.168.7.1',
				device: 'eth0',
				table: 'main',
				type: 'unicast',
				metric: 202,
			},
		])
	})

	it('the kernel still tells the default route', () => {
		const proc = `Iface	Destination	Gateway 	Flags	RefCnt	Use	Metric	Mask		MTU	Window	IRTT
eth0	00000000	0101A8C0	0003	0	0	100	00000000	0	0	0
eth0	0001A8C0	00000000	0001	0	0	100	00FFFFFF	0	0	0
`
		const bundle = bundleOf({ 'commands/ip-addr.txt': addrText, 'files/proc/net/route': proc })
		expect(network.parse(bundle)).toMatchObject({
			defaultRoutes: [{ gateway: '192.168.1.1', device: 'eth0', metric: 100 }],
			routes: [{}, { destination: '192.168.1.0/24' }],
		})
	})
})

describe('half an answer', () => {
	it('is none, lest it reads as "no default route" or "no address"', () => {
		expect(network.parse(bundleOf({ 'commands/ip-addr.json': addr }))).toBeUndefined()
		expect(network.parse(bundleOf({ 'commands/ip-route.json': routes }))).toBeUndefined()
		expect(parse({ route: '[{"dst":"defa' })).toBeUndefined()
		expect(parse({ addr: '{"ifname":"eth0"}' })).toBeUndefined()
	})

	it('with strange values gives what can be read', () => {
		const odd =
			'[null,7,"x",[],{"ifname":{},"flags":"UP"},{"ifname":"e","flags":{"includes":1},"mtu":"big","addr_info":[null,{"local":5}],"__proto__":{"up":true}}]'
		expect(parse({ addr: odd })?.interfaces).toMatchObject([{ name: 'e', up: false, mtu: 0 }])
	})
})
