import {
	fact,
	hint,
	interruptsOfRestart,
	log,
	nowOf,
	persists,
	proof,
	restartSteps,
	rule,
	serverUrl,
	strong,
} from '../../src/rule.js'
import { authorities, leaves } from './in-use.js'
import { isSignedBy, keyIdsIn, strangeServer, tlsPath, trustFile } from './trust.js'
import { quoteOf } from './validity.js'

const unknownAuthority = /x509: certificate signed by unknown authority/

export default rule({
	cause: 'ca-mismatch',
	title: 'This node and its server trust different certificate authorities',
	severity: 'critical',
	explain:
		'Every cluster has authorities of its own, and a full token carries their hash. This node trusts those of another cluster than the one it talks to: the server was installed anew, its authorities were exchanged, files of another cluster were copied here, or the token belongs to another cluster. Something that opens TLS on the way, such as a proxy, looks the same.',
	docs: [
		'https://docs.k3s.io/cli/token',
		'https://docs.k3s.io/cli/certificate#certificate-authority-ca-certificates',
	],
	signs: [
		fact(['files', 'probes'], (_have, more) => {
			const probe = strangeServer(more)
			return (
				probe &&
				proof('probes', `${probe.url} hands out other authorities than ${trustFile(more)} holds`, {
					quote: { ...probe.quote, text: probe.quote.text.slice(0, 160) },
				})
			)
		}),
		fact(['certificates', 'config'], ({ certificates, config }, more) => {
			const server = serverUrl(config)
			const shown = certificates.certificates.find(
				({ path, position }) => position === 0 && server && path === tlsPath(server),
			)
			return (
				shown &&
				isSignedBy(shown, keyIdsIn(more, trustFile(more))) === false &&
				strong(
					'certificates',
					`the certificate that ${server?.host}:${server?.port} shows comes from ${shown.issuerCommonName || 'another authority'}, which this node does not trust`,
					{ quote: quoteOf(shown) },
				)
			)
		}),
		fact(['certificates'], ({ certificates, node }, more) => {
			if (node.role === 'agent') return undefined
			const tls = `${node.dataDir}/server/tls`
			const pairs = [
				['serving-kube-apiserver.crt', 'server-ca.crt'],
				['client-admin.crt', 'client-ca.crt'],
				['etcd/server-client.crt', 'etcd/server-ca.crt'],
				['etcd/peer-server-client.crt', 'etcd/peer-ca.crt'],
			] as const
			// A start issues anew what its authority did not sign, so this is news since the last start, or in its way.
			return pairs.flatMap(([leafName, caName]) => {
				const leaf = certificates.certificates.find(
					({ path, position }) => position === 0 && path === `${tls}/${leafName}`,
				)
				const signed = leaf && isSignedBy(leaf, keyIdsIn(more, `${tls}/${caName}`))
				return leaf && signed === false
					? [
							hint('certificates', `${leafName} was not signed by ${caName} that lies beside it`, {
								quote: quoteOf(leaf),
							}),
						]
					: []
			})
		}),
		fact(['certificates'], ({ node }, more) => {
			const own = keyIdsIn(more, `${node.dataDir}/server/tls/server-ca.crt`)
			const trusted = keyIdsIn(more, trustFile(more))
			return (
				own &&
				trusted &&
				[...own].every(id => !trusted.has(id)) &&
				hint(
					'certificates',
					`server/tls/server-ca.crt is another authority than agent/server-ca.crt, which this very node last trusted`,
				)
			)
		}),
		log(
			/token CA hash does not match the Cluster CA certificate hash: (?<given>[0-9a-f]{6})[0-9a-f]* != (?<real>[0-9a-f]{6})/,
			({ given, real }) => `the token carries the hash ${given}… of an authority, the server has ${real}…`,
		),
		log(unknownAuthority, 'this node does not trust the authority behind its own API', {
			if: ({ config }, { text }) => {
				if (
					/registry|\/v2\/|failed to pull|failed calling webhook|TLS handshake error from|ping database|datastore/i.test(
						text,
					)
				)
					return false
				const host = serverUrl(config)?.host
				return (
					/(?:127\.0\.0\.1|localhost|\[::1\]):64\d\d|\/v1-k3s\/|\/cacerts|Remotedialer|connect to proxy/i.test(
						text,
					) ||
					(host !== undefined && host !== '' && text.includes(host))
				)
			},
		}),
		log(
			/Unable to register node[^\n]{0,600}x509: certificate signed by unknown authority/,
			'the kubelet does not trust the authority of the API in which it is to register this node',
		),
		log(
			/(?:Unable to register node|Failed to ensure lease exists|[Ee]rror updating node status|Failed to (?:list|watch))[^\n]{0,400}\bUnauthorized\b/i,
			'the API does not accept what this node presents (Unauthorized), as when the server was installed anew under a running agent',
			{
				weight: 'hint',
				if: (evidence, message) =>
					persists(evidence, message) && !leaves(evidence).some(({ notAfter }) => notAfter < nowOf(evidence)),
			},
		),
		log(
			/CA cert validation failed(?<why>:.{0,200})?/,
			({ why = '' }) => `the server's certificate does not fit the authorities that it hands out${why}`,
			{
				// A server that does not answer, or answers badly, has shown no certificate.
				if: (_evidence, { text }) =>
					!/expired|not yet valid/.test(text) &&
					!/deadline exceeded|Client\.Timeout|TLS handshake timeout|i\/o timeout|connection re(?:fused|set)|no route to host|network is unreachable|\bEOF\b|50[234] |no such host/.test(
						text,
					),
			},
		),
		log(
			/unable to verify existing certificate: .*signing operation may change certificate issuer/,
			'the certificate of the listener was signed by another authority',
		),
		log(
			/rejected connection(?: on (?:peer|client) endpoint)?: .*(?:unknown certificate authority|unknown authority|bad certificate)/,
			'etcd refuses another member, whose certificate comes from another authority',
			{ if: (_evidence, { count }) => count > 2 },
		),
		log(
			/(?:\/v1-k3s\/|\/cacerts|server-bootstrap)[^\n]{0,200}remote error: tls: (?<why>bad certificate|unknown certificate authority)/,
			({ why }) => `the server refuses the certificate of this node (${why}), and not because of its dates`,
			{
				if: evidence =>
					![...leaves(evidence), ...authorities(evidence)].some(({ notAfter }) => notAfter < nowOf(evidence)),
			},
		),
		log(
			/new CA cert cannot be verified using old CA chain|cannot use current data for \S+|new CA bundle contains only a single certificate|failed to validate new CA certificates and keys/,
			'a rotation of the authorities was refused: the new ones do not fit the old',
			{ weight: 'hint' },
		),
		log(
			/Node authorization rejected, retrying without client certificate authentication/,
			'the server does not accept the client certificate of this node',
			{
				weight: 'hint',
				if: (evidence, { count }) => count > 3 && evidence.service?.state !== 'running',
			},
		),
	],
	leadsTo: [
		'token-wrong',
		'api-unreachable',
		'node-not-ready',
		'konnectivity-tunnel-down',
		'etcd-peer-unreachable',
		'apiservice-unavailable',
		'kubeconfig-stale',
	],
	remedies: (evidence, findings) => {
		const { node, service, config } = evidence
		const tokenIsForeign = findings.some(({ says }) => says.startsWith('the token carries'))
		const isAgent = node.role !== 'server'
		const envFile = `/etc/systemd/system/${node.unit}.env`
		const server = serverUrl(config)?.url ?? 'https://SERVER:6443'
		const token = isAgent &&
			tokenIsForeign && {
				title: 'Give this agent the token of its own cluster',
				why: 'The beginning of a full token is the hash of the authorities; it must be that of the server that the agent joins.',
				risk: 'restart' as const,
				interrupts: interruptsOfRestart(node),
				steps: [
					{
						tell: `On the server (${server}), read the token:`,
						commands: ['cat /var/lib/rancher/k3s/server/node-token'],
					},
					{
						tell: `Here, put it where the old one stands (K3S_TOKEN in ${envFile}, or token in /etc/rancher/k3s/config.yaml), then:`,
						commands: ['systemctl daemon-reload', `systemctl restart ${node.unit}`],
					},
				],
				recheck: ['journal' as const, 'units' as const, 'config' as const],
			}
		const restart = isAgent && {
			title: 'Restart the agent, if the server was installed anew on purpose',
			why:
				service?.state === 'running'
					? 'A running agent keeps the authorities of its start. At a restart it fetches them again, unless its token carries the hash of the old ones: then it needs the new token as well.'
					: 'The agent fetches the authorities at each start. Make sure first that it talks to the right server.',
			risk: 'restart' as const,
			interrupts: 'this node joins the new cluster; pods of the old one are removed',
			steps: restartSteps(node),
			recheck: ['journal' as const, 'certificates' as const, 'units' as const],
		}
		return [
			// What runs and was cut off by an exchange of the server mends itself at a restart, mostly.
			...(service?.state === 'running' ? [restart, token] : [token, restart]),
			!isAgent && {
				title: 'Find out which authorities are the right ones before you change anything',
				why: 'The authorities lie in the datastore and on the disk of each server. Those of the datastore are what the other nodes trust.',
				risk: 'safe' as const,
				interrupts: 'nothing',
				steps: [
					{
						run: [
							'k3s',
							'certificate',
							'check',
							'--output',
							'table',
							...(node.dataDir === '/var/lib/rancher/k3s' ? [] : ['--data-dir', node.dataDir]),
						] as const,
						exits: [0, 1],
					},
					{
						tell: 'Compare with another server, and with what agents trust:',
						commands: [
							`openssl x509 -noout -subject -fingerprint -sha256 -in ${node.dataDir}/server/tls/server-ca.crt`,
							`openssl x509 -noout -subject -fingerprint -sha256 -in ${node.dataDir}/agent/server-ca.crt`,
						],
					},
					{
						tell: 'Where this server carries files of another cluster: stop k3s, move exactly those files of server/tls aside, and start; k3s takes the right ones from the datastore.',
						commands: [`systemctl stop ${node.unit}`, `systemctl start ${node.unit}`],
					},
				],
				recheck: ['certificates' as const, 'journal' as const],
			},
		]
	},
})
