import { fact, hint, interruptsOfRestart, log, persists, restartSteps, rule, strong } from '../../src/rule.js'
import { authorities, leaves } from './in-use.js'
import { isSignedBy, keyIdsIn } from './trust.js'
import { dateOf, quoteOf } from './validity.js'

const file = '/etc/rancher/k3s/k3s.yaml'

export default rule({
	cause: 'kubeconfig-stale',
	title: 'A kubeconfig carries an old certificate, authority or address',
	severity: 'warning',
	effect: 'at-risk',
	explain:
		'The kubeconfig of the administrator holds a client certificate that lives a year, like all others. k3s rewrites /etc/rancher/k3s/k3s.yaml at each start; copies elsewhere (a home directory, a laptop, a pipeline) stay as they are, and stop working when the certificate ends or the cluster is made anew.',
	docs: ['https://docs.k3s.io/cluster-access'],
	signs: [
		fact(['certificates', 'clock'], ({ certificates, clock }) => {
			const own = certificates.certificates.find(({ path, position }) => path === file && position === 0)
			return (
				own &&
				own.notAfter < clock.now &&
				strong('certificates', `the client certificate in ${file} ended at ${dateOf(own.notAfter)}`, {
					quote: quoteOf(own),
				})
			)
		}),
		fact(['certificates'], ({ certificates, node }, more) => {
			const own = certificates.certificates.find(({ path, position }) => path === file && position === 0)
			return (
				own &&
				isSignedBy(own, keyIdsIn(more, `${node.dataDir}/server/tls/client-ca.crt`)) === false &&
				strong(
					'certificates',
					`the client certificate in ${file} was signed by ${own.issuerCommonName || 'another authority'}, not by client-ca.crt of this server`,
					{
						quote: quoteOf(own),
					},
				)
			)
		}),
		// Agents have no such file; they ask with the certificate of their kubelet.
		fact(['api'], ({ api, node }, { service }) =>
			node.role !== 'agent' &&
			service?.state === 'running' &&
			/x509: certificate signed by unknown authority|must be logged in to the server|Unauthorized/i.test(
				api.error ?? '',
			)
				? strong('api', 'kubectl on this node is refused although k3s runs', {
						quote: { file: 'bundle.json', text: (api.error ?? '').slice(0, 400) },
					})
				: undefined,
		),
		log(
			/Unable to authenticate the request.*x509: certificate has expired or is not yet valid: current time \S+ is after (?<end>[\dT:.Z+-]+)/,
			({ end }) => `a client of the API still shows a certificate that ended at ${end}`,
			{
				weight: 'hint',
				// Where this node's own certificates are over, its own parts are these clients.
				if: evidence =>
					![...leaves(evidence), ...authorities(evidence)].some(
						({ notAfter }) => notAfter < (evidence.clock?.now ?? 0),
					),
			},
		),
		log(
			/Unable to authenticate the request.*x509: certificate has expired or is not yet valid: current time \S+ is after (?<end>[\dT:.Z+-]+)/,
			({ end }) => `a client of the API asks again and again with a certificate that ended at ${end}`,
			{
				if: (evidence, message) =>
					persists(evidence, message) &&
					![...leaves(evidence), ...authorities(evidence)].some(
						({ notAfter }) => notAfter < (evidence.clock?.now ?? 0),
					),
			},
		),
		log(
			/Unable to authenticate the request.*x509: certificate signed by unknown authority/,
			'a client of the API asks again and again with a certificate of another authority: that of an older cluster, or from before a rotation',
			{ if: (evidence, message) => persists(evidence, message) && evidence.service?.state === 'running' },
		),
		log(
			/TLS handshake error from (?<who>\S+): remote error: tls: (?:unknown certificate authority|bad certificate|expired certificate)/,
			({ who }) => `${who} refuses the certificate of this server`,
			{
				weight: 'hint',
				if: (_evidence, { count }) => count > 20,
			},
		),
		fact(['journal'], ({ journal }) =>
			journal.messages
				.filter(({ text }) => /kubeconfig .*(?:expired|certificate has expired)/i.test(text))
				.map(message => hint('journal', 'k3s complains about a kubeconfig', message)),
		),
	],
	leadsTo: [],
	remedies: ({ node }) => [
		{
			title: 'Copy the present kubeconfig to where the old one is used',
			why: 'The file on the server is renewed at each start of k3s; copies are not.',
			risk: 'safe',
			interrupts: 'nothing',
			steps: [
				{ run: ['ls', '-l', file], exits: [0, 2] },
				{
					tell: 'To a user of this host, and to another host (there with the address of a server instead of 127.0.0.1):',
					commands: [
						`install -m 600 -o USER ${file} /home/USER/.kube/config`,
						`ssh THIS-SERVER sudo cat ${file} | sed 's/127.0.0.1/THIS-SERVER/' > ~/.kube/config`,
					],
				},
			],
			recheck: ['api', 'certificates'],
		},
		node.role !== 'agent' && {
			title: 'Restart k3s, where the file on this server itself is stale',
			why: 'It is written anew at each start, with a renewed certificate.',
			risk: 'restart',
			interrupts: interruptsOfRestart(node),
			steps: restartSteps(node),
			recheck: ['certificates', 'api'],
		},
	],
})
