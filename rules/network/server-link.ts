/** How this agent (or joining server) stands to the server that it was told to join. */
import { type Evidence, type HttpProbe, type PortProbe, serverUrl } from '../../src/rule.js'

export interface ServerLink {
	url: string
	host: string
	port: number
	scheme: string
	/** What a direct connect to that host and port gave. */
	probe?: PortProbe
	/** What `/ping` and `/cacerts` there answered. */
	http: HttpProbe[]
	/** Another address of a server that does answer, which k3s's own load balancer may use. */
	otherOpen: boolean
}

export function serverLink(evidence: Evidence): ServerLink | undefined {
	const server = serverUrl(evidence.config)
	if (!server || server.host === '') return undefined
	const { probes } = evidence
	const port = /:\d+/.test(server.url.replace(/^[a-z]+:\/\//i, ''))
		? server.port
		: server.scheme === 'https'
			? 443
			: server.port
	const probe = probes?.ports.find(item => item.host === server.host && item.port === port)
	// An http URL was probed where its server would be.
	const near = probe ?? probes?.ports.find(item => item.host === server.host)
	const http = (probes?.http ?? []).filter(
		({ url }) => url.includes(`//${server.host}:`) || url.includes(`//[${server.host}]:`),
	)
	const local = new Set(['127.0.0.1', '::1', 'localhost', server.host])
	const otherOpen = (probes?.ports ?? []).some(
		item => item.port === 6443 && item.result === 'open' && !local.has(item.host),
	)
	return { ...server, port, ...(near && { probe: near }), http, otherOpen }
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

/** k3s waits for its server, or has lost it. */
export function lacksServer({ journal, service }: Evidence): boolean {
	if (service?.state === 'starting' || service?.state === 'hanging' || service?.state === 'crash-looping') {
		const reason = journal?.newest?.waiting?.reason ?? service.lastWord?.text ?? ''
		return /cacerts|CA certs|dial tcp|no such host|EOF|reset by peer|Client\.Timeout|deadline|invalid scheme|server URL/.test(
			reason,
		)
	}
	return service?.state === 'running'
}
