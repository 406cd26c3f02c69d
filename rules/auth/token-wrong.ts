import {
	configValue,
	type Evidence,
	fact,
	hint,
	interruptsOfRestart,
	log,
	proof,
	rule,
	serverUrl,
} from '../../src/rule.js'

/** An agent that cannot identify itself otherwise: with a good client certificate the token is not looked at. */
function joinsWithToken({ node, config }: Evidence): boolean {
	// Of a node that is known by its log alone the role may be unknown; a first server has nobody who could refuse it.
	return node.role !== 'server' || serverUrl(config) !== undefined
}

export default rule({
	cause: 'token-wrong',
	title: 'The token with which this node joins is not accepted',
	severity: 'critical',
	explain:
		'A node proves with a token that it may join. This one is empty, cut off, of another cluster, expired, or of the wrong kind (servers need the server token, not one of `k3s token create`). A node that has joined before goes on with its client certificate, so a wrong token may stay unnoticed until that is gone.',
	docs: ['https://docs.k3s.io/cli/token'],
	signs: [
		log(/token must not be empty/, 'the token is empty'),
		log(/--token is required|token is required to join a cluster/, 'no token is given'),
		log(/invalid token format/, 'the token has no known form'),
		log(/invalid token CA hash length/, 'the token is cut off: the hash in it is too short'),
		log(
			/failed to normalize (?:server )?token/,
			'the token is not of the form that a server needs (K10…::server:…)',
		),
		log(
			/(?:failed to retrieve configuration from server|failed to get CA certs|server-bootstrap|v1-k3s\/\S+|validate connection to cluster|validate token|token is not valid|preparing server|starting kubernetes)[^\n]{0,300}?(?:not authorized|401 Unauthorized)/,
			'the server answers that this node is not authorized',
			{ if: joinsWithToken },
		),
		log(/token is not valid: (?<why>.{0,200})/, ({ why }) => `the server says of the token: ${why}`, {
			if: (evidence, { text }) =>
				joinsWithToken(evidence) && !/CA hash|x509|dial tcp|EOF|timeout/i.test(text),
		}),
		log(
			/preparing server: [^\n]{0,200}\/v1-k3s\/server-bootstrap: 500 Internal Server Error/,
			'the server to be joined fails at this request; before v1.20 it said so of a wrong token',
			{ weight: 'hint' },
		),
		log(
			/token CA hash does not match the Cluster CA certificate hash/,
			'the token carries the hash of another cluster',
			{
				weight: 'hint',
			},
		),
		log(
			/(?:open|stat) (?<missing>\S*token\S*): no such file/,
			({ missing }) => `the file with the token is not there: ${missing}`,
			{ if: evidence => configValue(evidence.config, 'token-file') !== undefined },
		),
		// k3s waits for no other file in these words.
		log(
			/Waiting for file (?<file>\S+) to be created/,
			({ file }) => `the file with the token is not there: ${file}`,
		),
		log(
			/insufficient PSK bytes/,
			'the key for IPsec that comes with the token is too short: on the server, cred/ipsec.psk is cut off',
		),
		fact(['config', 'service'], ({ config, service, node }) => {
			const token = configValue(config, 'token')
			const file = configValue(config, 'token-file')
			if (token !== '' || file || service.state === 'running') return undefined
			if (node.role !== 'agent' && !serverUrl(config)) return undefined
			return proof('config', 'the token in the configuration is empty')
		}),
		fact(['config', 'service'], ({ config, service, node }) => {
			if (configValue(config, 'token') !== undefined || configValue(config, 'token-file') !== undefined)
				return undefined
			const joins = node.role === 'agent' || serverUrl(config) !== undefined
			return (
				joins &&
				service.state !== 'running' &&
				hint('config', 'no token is configured, although this node joins a server')
			)
		}),
	],
	leadsTo: ['api-unreachable', 'node-not-ready'],
	remedies: ({ node, config }) => {
		const agent = node.role !== 'server'
		const server = serverUrl(config)
		const where =
			config?.values.get('token')?.origin.file ??
			(agent ? `/etc/systemd/system/${node.unit}.env` : '/etc/rancher/k3s/config.yaml')
		return [
			{
				title: 'Put the token of the server in its place',
				why: 'The full token (K10…) also lets this node make sure that it talks to the right server.',
				risk: 'restart',
				interrupts: interruptsOfRestart(node),
				steps: [
					{
						tell: `On the server${server ? ` (${server.host})` : ''}, read it:`,
						commands: [
							agent ? 'cat /var/lib/rancher/k3s/server/node-token' : 'cat /var/lib/rancher/k3s/server/token',
						],
					},
					{
						tell: `Here, write it to ${where} (${where.endsWith('.env') ? 'K3S_TOKEN=…' : 'token: …'}), then:`,
						commands: ['systemctl daemon-reload', `systemctl restart ${node.unit}`],
					},
				],
				recheck: ['journal', 'units', 'config'],
			},
			agent && {
				title: 'Make a token that is only for joining agents',
				why: 'It expires after a day, so it does no harm when it gets lost.',
				risk: 'safe',
				interrupts: 'nothing',
				steps: [
					{
						tell: 'On a server:',
						commands: ['k3s token create --ttl 24h --print-join-command', 'k3s token list'],
					},
				],
				recheck: ['journal'],
			},
		]
	},
})
