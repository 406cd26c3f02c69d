/** How this agent (or joining server) stands to the server that it was told to join. */
import { type Evidence, type HttpProbe, type PortProbe, serverUrl } from '../../src/rule.js'
import { nameTrouble } from '../dns/resolver.js'

export interface ServerLink {
	url: string
	host: string
	port: number
	scheme: string
	/** What a direct connect to that host and port gave. */
	probe?: PortProbe
	/** What `/ping` and `/cacerts` there answered. */
	http: HttpProbe[]
	/** Another server that does answer, which k3s's own load balancer may use. */
	otherOpen: boolean
	/** Why its name leads to no address. */
	name?: 'unknown' | 'silent'
	/** Its address, where it is known. */
	address?: string
}

export function serverLink(evidence: Evidence): ServerLink | undefined {
	const server = serverUrl(evidence.config)
	if (!server || server.host === '') return undefined
	const { probes, names } = evidence
	const { host, port } = server
	// An http URL was probed where its server would be.
	const probe =
		probes?.ports.find(item => item.host === host && item.port === port) ??
		probes?.ports.find(item => item.host === host)
	const http = (probes?.http ?? []).filter(
		({ url }) => url.includes(`//${host}:`) || url.includes(`//[${host}]:`),
	)
	const local = new Set(['127.0.0.1', '::1', 'localhost', host])
	const otherOpen = (probes?.ports ?? []).some(
		item => (item.port === 6443 || item.port === port) && item.result === 'open' && !local.has(item.host),
	)
	const name = nameTrouble(evidence, host)
	const inHosts = names?.hosts.find(entry => entry.names.includes(host))?.address
	const address =
		/[a-z]/i.test(host) && !host.includes(':') ? (names?.lookups.get(host)?.[0] ?? inHosts) : host
	return {
		...server,
		...(probe && { probe }),
		http,
		otherOpen,
		...(name && { name }),
		...(address && { address }),
	}
}

/** Somebody answered there as a k3s supervisor does. */
export function answersAsK3s({ http }: ServerLink): boolean {
	return http.some(
		({ status, body }) =>
			status > 0 &&
			(/^pong/.test(body) ||
				body.includes('BEGIN CERTIFICATE') ||
				status === 401 ||
				status === 403 ||
				status === 503),
	)
}

/** Words of a wait loop that are about the way to the server, not about what it said. */
const aboutTheWay =
	/cacerts|CA certs|dial tcp|no such host|EOF|reset by peer|Client\.Timeout|deadline|invalid scheme|server URL|all servers failed|connection refused|i\/o timeout/

/** k3s waits for its server, or runs and may have lost it. */
export function lacksServer({ journal, service }: Evidence): boolean {
	const state = service?.state
	if (state === 'starting' || state === 'hanging' || state === 'crash-looping')
		return aboutTheWay.test(journal?.newest?.waiting?.reason ?? service?.lastWord?.text ?? '')
	return state === 'running'
}

/** What a load balancer or a tunnel that has lost its server says, within the last minute of the journal. */
export function complainsOfServer({ journal }: Evidence): boolean {
	const since = (journal?.lastAt ?? 0) - 60_000
	return (journal?.newest?.messages ?? []).some(
		({ lastAt, text }) =>
			lastAt >= since &&
			/Remotedialer proxy error|Failed to connect to proxy|FAILED from (?:failed dial|health check)|all servers failed/.test(
				text,
			),
	)
}
