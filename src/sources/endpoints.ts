/** Hosts and ports that the configuration names, read from URLs and data source names, validated. */
import { hostArgument, portArgument } from '../model/argument.js'
import { fields, json, own, texts } from './field.js'
import { linesOf } from './lines.js'
import { type Settings, setting } from './settings.js'

export interface Endpoint {
	/** A name or an address, without brackets. */
	host: string
	port: number
}

/** `host`, `host:port`, `[::1]:port`; `undefined` when it is none. */
function endpointOf(authority: string, otherwise: number): Endpoint | undefined {
	const parts = /^(?:\[([^\]]{1,60})\]|([^:[\]]{1,253}))(?::(\d{1,5}))?$/.exec(authority)
	const host = hostArgument(parts?.[1] ?? parts?.[2])
	const port = portArgument(parts?.[3] ?? otherwise)
	return host !== undefined && port !== undefined ? { host, port: Number(port) } : undefined
}

/** Scheme and authority of a URL, credentials left out. */
function urlParts(url: string): { scheme: string; authority: string } | undefined {
	const parts = /^([a-z][a-z0-9+.-]{0,20}):\/\/([^/?#]{1,2000})/i.exec(url.trim())
	if (!parts?.[1] || !parts[2]) return undefined
	return { scheme: parts[1].toLowerCase(), authority: parts[2].slice(parts[2].lastIndexOf('@') + 1) }
}

/** Ports where the URL names none. A server URL without one means the port of https, not 6443. */
const ports: Readonly<Record<string, number>> = {
	http: 80,
	https: 443,
	postgres: 5432,
	postgresql: 5432,
	mysql: 3306,
	nats: 4222,
}

/** The server that this node joins: `server:`, `--server`, K3S_URL. */
export function serverOf(settings: Settings): (Endpoint & { scheme: string }) | undefined {
	const parts = urlParts(setting(settings, 'server') ?? '')
	const endpoint = parts && endpointOf(parts.authority, ports[parts.scheme] ?? 443)
	return parts && endpoint && { ...endpoint, scheme: parts.scheme }
}

/** Hosts of an external datastore; several for etcd and PostgreSQL. None for SQLite and Unix sockets. */
export function datastoreOf(settings: Settings): Endpoint[] {
	const given = setting(settings, 'datastore-endpoint') ?? ''
	// MySQL's data source name: mysql://user:password@tcp(host:3306)/database
	const tcp = /^mysql:\/\/.{0,1000}tcp\(([^()]{1,300})\)/i.exec(given)
	if (tcp?.[1] !== undefined) return [endpointOf(tcp[1], 3306) ?? []].flat()
	const scheme = urlParts(given)?.scheme
	if (scheme === undefined || !Object.hasOwn(ports, scheme)) return []
	// etcd's list has a URL for each, PostgreSQL's hosts share one.
	const etcd = scheme === 'http' || scheme === 'https'
	const authorities = etcd
		? given.split(',').map(url => urlParts(url)?.authority ?? '')
		: (urlParts(given)?.authority ?? '').split(',')
	return authorities.flatMap(authority => endpointOf(authority, etcd ? 2379 : (ports[scheme] ?? 0)) ?? [])
}

/** Endpoints of mirrors in a registries.yaml, parsable or not. */
export function registryEndpoints(text: string | undefined): Endpoint[] {
	const found: Endpoint[] = []
	for (const line of linesOf(text)) {
		if (line.text.trimStart().startsWith('#')) continue
		for (const [url] of line.text.matchAll(/https?:\/\/[^\s"',\]}]{1,300}/gi)) {
			const parts = urlParts(url)
			const endpoint = parts && endpointOf(parts.authority, ports[parts.scheme] ?? 443)
			if (endpoint) found.push(endpoint)
		}
	}
	return found
}

/** Servers that a client load balancer of k3s knows: `agent/etc/k3s-agent-load-balancer.json`. */
export function balancedServers(text: string | undefined, port: number): Endpoint[] {
	const known = texts(own(fields(json(text)), 'ServerAddresses'))
	return known.flatMap(address => endpointOf(address, port) ?? [])
}

/** Hosts of etcd's `initial-cluster`, which stands in its configuration since the member joined. */
export function etcdMembers(text: string | undefined): string[] {
	const hosts: string[] = []
	for (const line of linesOf(text)) {
		if (!line.text.startsWith('initial-cluster:')) continue
		for (const [url] of line.text.matchAll(/https?:\/\/[^\s"',]{1,300}/g)) {
			const endpoint = endpointOf(urlParts(url)?.authority ?? '', 2380)
			if (endpoint) hosts.push(endpoint.host)
		}
	}
	return hosts
}

/** The same endpoint once, in order, and at most `most` of them. */
export function distinctEndpoints(endpoints: readonly Endpoint[], most: number): Endpoint[] {
	const seen = new Map<string, Endpoint>()
	for (const endpoint of endpoints) {
		const key = `${endpoint.host}:${endpoint.port}`
		if (!seen.has(key)) seen.set(key, endpoint)
	}
	return [...seen.values()].slice(0, most)
}
