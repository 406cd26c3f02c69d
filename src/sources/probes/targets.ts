/** Whom to probe: k3s's own ports, and every host that this node's configuration and connections lead to. */

import { hostArgument, portArgument } from '../../model/argument.js'
import {
	balancedServers,
	datastoreOf,
	distinctEndpoints,
	type Endpoint,
	etcdMembers,
	registryEndpoints,
	serverOf,
} from '../endpoints.js'
import { linesOf } from '../lines.js'
import { type Settings, setting } from '../settings.js'
import { readSs } from '../sockets/ss.js'

/** What is known of this node when its probes are planned. */
export interface Known {
	settings: Settings
	/** Texts of the load balancers' files, registries.yaml, etcd's configuration, `ss` of established connections. */
	balancers: readonly (string | undefined)[]
	registries: string | undefined
	etcd: string | undefined
	established: string | undefined
}

export interface Targets {
	/** To connect to. */
	ports: Endpoint[]
	/** Of these to see the certificates, if they are open. */
	tls: Endpoint[]
	/** To GET. */
	urls: string[]
}

const loopback = '127.0.0.1'

/** In the order of https://docs.k3s.io/installation/requirements#networking; 80 and 443 are Traefik's. */
const fixed = [10250, 10256, 10248, 10249, 10257, 10259, 2379, 2380, 2381, 10010, 80, 443]

/** Further hosts are not dialled: a list that long is no cluster that fits one examination. */
const most = 60
const mostPeers = 16

function portSetting(settings: Settings, flag: string, otherwise: number): number {
	return Number(portArgument(setting(settings, flag)) ?? otherwise)
}

/** Addresses of etcd peers that this node talks to now. Its own ends stand on both sides, too. */
function peersIn(established: string | undefined): string[] {
	const own = new Set<string>()
	const peers = new Set<string>()
	for (const { local, localPort, remote, remotePort } of readSs(established, '').established) {
		own.add(local)
		if (localPort === 2380 || remotePort === 2379 || remotePort === 2380) peers.add(remote)
	}
	return [...peers].filter(peer => !own.has(peer) && !peer.startsWith('127.'))
}

/** Addresses that etcd's configuration says are this node's. */
function ownUrls(etcd: string | undefined): string {
	for (const line of linesOf(etcd)) if (line.text.startsWith('listen-peer-urls:')) return line.text
	return ''
}

/** `https://host:port` with the brackets that IPv6 wants. */
function origin({ host, port }: Endpoint, scheme = 'https'): string {
	return `${scheme}://${host.includes(':') ? `[${host}]` : host}:${port}`
}

/** The plan. Nothing in it is sent more than a connect, a TLS hello or a GET without credentials. */
export function targetsFor({ settings, balancers, registries, etcd, established }: Known): Targets {
	const listen = portSetting(settings, 'https-listen-port', 6443)
	const balancer = portSetting(settings, 'lb-server-port', 6444)
	const local = [6443, 6444, ...fixed, listen, listen + 1, balancer]
	const at = (port: number): Endpoint => ({ host: loopback, port })

	const given = serverOf(settings)
	const server = given && { host: given.host, port: given.port }
	// k3s listens on one address only when it is told so.
	const bind = hostArgument(setting(settings, 'bind-address'))
	const ownUrl =
		bind !== undefined && !/^(?:0\.0\.0\.0|::)$/.test(bind) ? { host: bind, port: listen } : undefined

	const servers = balancers.flatMap(text => balancedServers(text, 6443))
	const mine = ownUrls(etcd)
	const peers = [...new Set([...peersIn(established), ...etcdMembers(etcd)])]
		.filter(host => !mine.includes(`//${host}:`))
		.slice(0, mostPeers)

	const ports = distinctEndpoints(
		[
			...local.filter(port => port < 65536).map(at),
			...(ownUrl ? [ownUrl] : []),
			// The usual mistake in a server URL is its port.
			...(server ? [server, { host: server.host, port: 6443 }] : []),
			...servers,
			...peers.flatMap(host => [2379, 2380, 6443].map(port => ({ host, port }))),
			...datastoreOf(settings),
			...registryEndpoints(registries),
		],
		most,
	)
	const tls = distinctEndpoints(
		[
			...[listen, 6443, 6444, listen + 1, balancer, 10250, 2379].map(at),
			...[ownUrl ?? [], server ?? []].flat(),
		],
		most,
	)
	const urls = [
		...[origin(at(listen)), ...[ownUrl ?? [], server ?? []].flat().map(one => origin(one))].flatMap(url => [
			`${url}/ping`,
			`${url}/cacerts`,
		]),
		`${origin(at(balancer))}/ping`,
		`http://${loopback}:10248/healthz`,
		`http://${loopback}:10256/healthz`,
	]
	return { ports, tls, urls: [...new Set(urls)] }
}
