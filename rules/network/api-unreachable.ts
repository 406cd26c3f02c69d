import { fact, hint, hostArgument, log, persists, portArgument, proof, rule, strong } from '../../src/rule.js'
import { answersAsK3s, complainsOfServer, lacksServer, serverLink } from './server-link.js'

const results: Record<string, string> = {
	refused: 'refuses the connection: the host is up, but nothing listens there',
	timeout: 'does not answer',
	unreachable: 'cannot be reached: no route, or the host is off',
	failed: 'cannot be connected to',
}

const noCa =
	/(?:failed to validate connection to cluster|Failed to retrieve list of apiservers|failed to get CA certs|all servers failed)/i

/** Other things that k3s waits for, all of which its server is to answer. */
const noAnswer =
	/(?:server is not ready: [^\n]{0,300}(?:503 Service Unavailable|EOF|connection re(?:set|fused)|no route to host|i\/o timeout|Client\.Timeout|deadline exceeded)|Waiting to retrieve etcd cluster member list: Get |Retrying etcd cluster join: [^\n]{0,100}Get |failed to get MemberList from server: Get |Waiting for supervisor to provide apiserver addresses|failed to wait for API server to become ready|timeout contacting kube-api|failed to wait for [^\n]{0,60}RBAC|failed to wait for untaint?ed node)/

/** Neither the token, the certificate nor the URL itself is what keeps it waiting. */
const isAboutTheWay = (text: string) =>
	!/token|x509|tls: |scheme|not authorized|Unauthorized|proxyconnect|Forbidden|apiVersion/.test(
		text.replace('failed to validate token', ''),
	)

/** The server that a line asks is not this host itself. */
const asksElsewhere = (text: string) =>
	/https:\/\/(?!127\.0\.0\.1|localhost|\[::1\]|kubernetes)[\w.[\]:-]+\/(?:cacerts|db\/info|v1-k3s)/.test(text)

export default rule({
	cause: 'api-unreachable',
	title: 'The k3s server that this node belongs to cannot be reached',
	severity: 'critical',
	explain:
		'This node asks its server for configuration, work and certificates on port 6443. That port does not answer: k3s on the server is stopped or still starting, the server machine is off, or something on the way swallows the packets. Pods that run here go on, but nothing changes any more.',
	docs: ['https://docs.k3s.io/architecture', 'https://docs.k3s.io/installation/requirements#networking'],
	signs: [
		fact(['config', 'probes', 'service'], (_have, evidence) => {
			const link = serverLink(evidence)
			if (!link?.probe || link.name || link.otherOpen || !lacksServer(evidence)) return undefined
			const told = results[link.probe.result]
			if (told === undefined) return undefined
			const says = `${link.host}:${link.probe.port} ${told} (asked directly from here)`
			// k3s that runs without any complaint may use another server.
			const complained = evidence.service?.state !== 'running' || complainsOfServer(evidence)
			return (complained ? proof : strong)('probes', says, { quote: link.probe.quote })
		}),
		fact(['config', 'probes', 'service'], ({ service }, evidence) => {
			const link = serverLink(evidence)
			if (link?.probe?.result !== 'open' || answersAsK3s(link) || link.http.length === 0) return undefined
			return (
				lacksServer(evidence) &&
				service.state !== 'running' &&
				hint('probes', `${link.host}:${link.port} accepts connections but does not answer as k3s does`, {
					quote: link.http[0]?.quote,
				})
			)
		}),
		fact(['api', 'service'], ({ node, api, service }, { journal, probes }) =>
			// Of an agent without its journal this is all that anybody asked.
			node.role === 'agent' &&
			service.state === 'running' &&
			!journal &&
			!probes &&
			!api.answered &&
			api.error
				? strong('api', `k3s runs, but the API of its server does not answer this node: ${api.error}`)
				: undefined,
		),
		log(
			/(?:Remotedialer proxy error; reconnecting|Failed to connect to proxy)[^:]*: (?<why>dial tcp (?<peer>\S+): .*(?:connection refused|no route to host|i\/o timeout|network is unreachable))/,
			({ why }) => `the tunnel to the server is down: ${why}`,
			{
				// A server says the same of the other servers, and of agents that were switched off.
				if: (evidence, message) => {
					const link = serverLink(evidence)
					return (
						evidence.node.role === 'agent' &&
						message.lastAt >= (evidence.journal?.lastAt ?? 0) - 60_000 &&
						link?.probe?.result !== 'open' &&
						link?.otherOpen !== true
					)
				},
				weight: 'strong',
			},
		),
		log(noCa, 'k3s cannot fetch the CA of its server', {
			weight: 'hint',
			if: (evidence, { text }) => {
				const link = serverLink(evidence)
				// A server without a server before it asks itself: whatever keeps it from starting is said elsewhere.
				return link !== undefined && isAboutTheWay(text) && !answersAsK3s(link)
			},
		}),
		log(noCa, 'k3s cannot fetch the CA of its server, and nobody has asked the server directly', {
			// A log alone is all that some reports hold.
			if: (evidence, { text }) =>
				evidence.probes === undefined &&
				isAboutTheWay(text) &&
				(evidence.node.role === 'agent' || serverLink(evidence) !== undefined || asksElsewhere(text)),
			neverProof: true,
		}),
		log(noAnswer, 'k3s waits for its server in vain, and nobody has asked the server directly', {
			if: (evidence, message) =>
				evidence.probes === undefined &&
				evidence.service?.state !== 'running' &&
				isAboutTheWay(message.text) &&
				(persists(evidence, message) || evidence.service?.failedStart?.end?.lastWord?.key === message.key),
			neverProof: true,
		}),
		log(noAnswer, 'k3s waits for its server, which has not answered so far', {
			// A young start waits so, too, while its server is about to come up.
			weight: 'hint',
			if: (evidence, message) =>
				evidence.probes === undefined &&
				evidence.node.role === 'agent' &&
				evidence.service?.state !== 'running' &&
				isAboutTheWay(message.text) &&
				!persists(evidence, message),
		}),
		log(
			/Polling for API server readiness: GET \/readyz failed: (?<why>[^\n]{1,200})/,
			({ why }) => `the API server of this very node does not get ready: ${why}`,
			{
				neverProof: true,
				if: (evidence, message) =>
					evidence.node.role === 'server' &&
					evidence.service?.state === 'hanging' &&
					persists(evidence, message, { span: 240_000 }),
			},
		),
	],
	leadsTo: [
		'node-not-ready',
		'cloud-provider-uninitialized',
		'konnectivity-tunnel-down',
		'flannel-start-failed',
	],
	remedies: evidence => {
		const link = serverLink(evidence)
		const host = hostArgument(link?.host) ?? 'SERVER'
		const port = portArgument(link?.port) ?? '6443'
		const at = host.includes(':') ? `[${host}]` : host
		return [
			{
				title: `Look at k3s on the server ${host}`,
				why: 'The cure is there, not here. This node comes back by itself once the port answers.',
				risk: 'safe',
				interrupts: 'nothing',
				steps: [
					{
						tell: `On ${host}:`,
						commands: [
							'systemctl status k3s',
							'systemctl start k3s',
							'journalctl -u k3s -n 50 --no-pager',
							'k3s-doctor',
						],
					},
					{
						tell: 'From here, until it answers pong:',
						commands: [`curl -vk --connect-timeout 3 https://${at}:${port}/ping`],
					},
				],
				recheck: ['probes', 'journal'],
			},
		]
	},
})
