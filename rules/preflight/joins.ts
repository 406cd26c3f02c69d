/** Whether this host is to join others, and whom. */
import { configValue, type Evidence, type HttpProbe, type PortProbe, serverUrl } from '../../src/check.js'

export interface Joined {
	url: string
	/** Where it was told: `--server`, or the file. */
	where: string
	port?: PortProbe | undefined
	ping?: HttpProbe | undefined
	cacerts?: HttpProbe | undefined
}

/** The server that this host is to join: what the operator named first, then the configuration. */
export function joined(evidence: Evidence): Joined | undefined {
	const { preflight, config, probes } = evidence
	if (preflight?.server) return { ...preflight.server, where: '--server' }
	const link = serverUrl(config)
	if (!link) return undefined
	const origin = link.url.replace(/\/+$/, '')
	const got = (path: string) => probes?.http.find(({ url }) => same(url, `${origin}${path}`))
	return {
		url: link.url,
		where: config?.values.get('server')?.origin.file ?? 'the configuration',
		port: probes?.ports.find(({ host, port }) => host === link.host && port === link.port),
		ping: got('/ping'),
		cacerts: got('/cacerts'),
	}
}

/** `https://a/ping` and `https://a:443/ping` are one. */
function same(one: string, other: string): boolean {
	const [left, right] = [URL.parse(one), URL.parse(other)]
	return left !== null && left.href === right?.href
}

/** It makes a cluster of its own. */
export function isFirst(evidence: Evidence): boolean {
	return evidence.node.role !== 'agent' && joined(evidence) === undefined
}

/** More servers than one, with the datastore among them. */
export function usesEtcd({ config, node }: Evidence): boolean {
	if (node.role === 'agent') return false
	return configValue(config, 'cluster-init') === 'true' || serverUrl(config) !== undefined
}
