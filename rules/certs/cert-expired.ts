import {
	type Evidence,
	fact,
	hint,
	interruptsOfRestart,
	log,
	nowOf,
	proof,
	restartSteps,
	rule,
	serverUrl,
	serviceStep,
	strong,
} from '../../src/rule.js'
import { leaves } from './in-use.js'
import { tlsPath } from './trust.js'
import { dateOf, endedBy, endedInWords, quoteOf, saysEnded } from './validity.js'

/** Of this cluster's own API and supervisor, not of a registry or a webhook that has a certificate of its own. */
function isOwnTraffic({ config }: Evidence, text: string): boolean {
	if (/\/v2\/|registry|failed to pull|failed calling webhook|oidc/i.test(text)) return false
	const server = serverUrl(config)
	return (
		/(?:127\.0\.0\.1|localhost|\[::1\]):\d+|\/cacerts|\/v1-k3s\/|kube-node-lease|:2380|:2379|validate connection to cluster|test (?:etcd|data store) connection|dynamiclistener|dynamic cert/.test(
			text,
		) ||
		(server !== undefined && server.host !== '' && text.includes(`${server.host}:${server.port}`))
	)
}

export default rule({
	cause: 'cert-expired',
	title: 'A certificate of k3s has expired',
	severity: 'critical',
	explain:
		'k3s issues its own certificates for a year and renews them only while it starts. A process that ran on for that long goes on with certificates whose end has passed: the other side refuses them, and an agent sees no more than "Unauthorized". A start renews them.',
	docs: ['https://docs.k3s.io/cli/certificate'],
	signs: [
		fact(['certificates', 'clock', 'service'], ({ clock, service }, more) => {
			const [first, ...others] = endedBy(clock.now, leaves(more))
			if (!first) return undefined
			const says = endedInWords('a certificate', 'certificates', [first, ...others], clock.now, more)
			// A start renews them before it needs them: where k3s does not run they are not why.
			const weigh = service.state === 'running' || service.state === 'unknown' ? proof : hint
			return weigh('certificates', says, { quote: quoteOf(first), at: first.notAfter })
		}),
		fact(['certificates', 'clock'], ({ certificates, clock }, more) => {
			const server = serverUrl(more.config)
			const shown =
				server &&
				certificates.certificates.find(({ path, position }) => position === 0 && path === tlsPath(server))
			return (
				shown &&
				shown.notAfter < clock.now &&
				strong(
					'certificates',
					`the server ${server.host}:${server.port} shows a certificate that ended at ${dateOf(shown.notAfter)}`,
					{
						quote: quoteOf(shown),
					},
				)
			)
		}),
		log(saysEnded, ({ end }) => `TLS between parts of k3s fails, because a certificate ended at ${end}`, {
			if: (evidence, { text }) => isOwnTraffic(evidence, text),
		}),
		log(
			/Unable to authenticate the request.*x509: certificate has expired/,
			'the API server refuses a client whose certificate has expired',
			{ weight: 'hint' },
		),
		log(
			/(?:lease|node status|register node|watch)[^:\n]{0,200}:[^\n]{0,400}\bUnauthorized\b/i,
			'the server refuses what this node presents (Unauthorized)',
			{ weight: 'hint', if: evidence => leaves(evidence).some(({ notAfter }) => notAfter < nowOf(evidence)) },
		),
	],
	leadsTo: [
		'api-unreachable',
		'node-not-ready',
		'konnectivity-tunnel-down',
		'apiservice-unavailable',
		'metrics-server-down',
		'kubeconfig-stale',
		'rbac-denied',
	],
	remedies: ({ node, clock }) => {
		const clockIsRight = {
			says: 'the clock of this node is right',
			holds: clock?.synchronized === true ? true : undefined,
			why:
				clock?.synchronized === true
					? 'it is synchronised'
					: `it says ${clock ? dateOf(clock.now) : 'an unknown time'}: compare that with a watch`,
		}
		return [
			{
				title: 'Restart k3s: it renews its certificates',
				why:
					node.role === 'agent'
						? 'An agent fetches new certificates from the server at each start.'
						: 'A server issues every certificate anew that has expired or soon will, at each start. With several servers, one after the other; then the agents.',
				risk: 'restart',
				interrupts: interruptsOfRestart(node),
				preconditions: [clockIsRight],
				steps: restartSteps(node),
				recheck: ['certificates', 'units', 'journal', 'api', 'probes'],
			},
			node.role !== 'agent' && {
				title: 'Rotate them by hand, where a restart did not renew them',
				why: 'It moves the old files aside; the start then makes new ones.',
				risk: 'restart',
				interrupts: interruptsOfRestart(node),
				preconditions: [clockIsRight],
				steps: [
					serviceStep(node, 'stop'),
					{ waitFor: { unitInactive: node.unit }, limitSeconds: 90 },
					{
						run: [
							'k3s',
							'certificate',
							'rotate',
							...(node.dataDir === '/var/lib/rancher/k3s' ? [] : ['--data-dir', node.dataDir]),
						],
					},
					...restartSteps(node),
					{
						tell: 'Copies of the kubeconfig carry the old client certificate. Copy it again to where it is used:',
						commands: ['cat /etc/rancher/k3s/k3s.yaml'],
					},
				],
				recheck: ['certificates', 'units', 'journal', 'api'],
			},
		]
	},
})
