import { fact, hint, log, proof, rule } from '../../src/rule.js'
import { authorities } from './in-use.js'
import { day, endedBy, endedInWords, quoteOf, saysEnded } from './validity.js'

export default rule({
	cause: 'ca-expired',
	title: 'A certificate authority of the cluster has expired',
	severity: 'critical',
	explain:
		'The authorities that sign all certificates of a cluster live ten years, and k3s never renews them by itself. With their end every certificate of every node becomes worthless, also fresh ones: k3s may run on for a while, but nothing authenticates any more, and a restart never gets ready.',
	docs: ['https://docs.k3s.io/cli/certificate#certificate-authority-ca-certificates'],
	signs: [
		fact(['certificates', 'clock'], ({ clock }, more) => {
			const [first, ...others] = endedBy(clock.now, authorities(more))
			if (!first) return undefined
			const says = endedInWords('an authority', 'authorities', [first, ...others], clock.now, more)
			return proof('certificates', says, { quote: quoteOf(first), at: first.notAfter })
		}),
		log(
			saysEnded,
			({ end }) => `everything that verifies a certificate of the cluster says that one ended at ${end}`,
			{
				// The end in these words is that of the authority, where the leaf itself would be good for longer.
				if: (evidence, _message, { end = '' }) =>
					authorities(evidence).some(({ notAfter }) => Math.abs(notAfter - Date.parse(end)) < 1_000),
			},
		),
		fact(['journal', 'service'], ({ journal, service }) => {
			const told = (journal.newest?.messages ?? []).find(({ text }) => /CA certificate .*expired/i.test(text))
			return (
				told && service.state !== 'stopped' && hint('journal', 'k3s says that the authority expired', told)
			)
		}),
	],
	leadsTo: [
		'cert-expired',
		'ca-mismatch',
		'api-unreachable',
		'node-not-ready',
		'konnectivity-tunnel-down',
		'apiservice-unavailable',
		'metrics-server-down',
		'kubeconfig-stale',
		'rbac-denied',
		'etcd-peer-unreachable',
	],
	remedies: evidence => {
		const { node, clock } = evidence
		const [first] = endedBy(clock?.now ?? 0, authorities(evidence))
		const before = first ? new Date(first.notAfter - 2 * day).toISOString().slice(0, 10) : 'YYYY-MM-DD'
		if (node.role === 'agent')
			return [
				{
					title: 'Rotate the authorities on a server, then restart this agent',
					why: 'The authorities are made on the servers; an agent fetches them when it starts.',
					risk: 'restart',
					interrupts: 'this node is not managed until the servers are mended; pods go on',
					steps: [
						{
							tell: 'On a server, have the authorities rotated; k3s-doctor on it says how. Then here, with a full token that holds the new hash:',
							commands: [`systemctl restart ${node.unit}`],
						},
					],
					recheck: ['certificates', 'journal', 'units'],
				},
			]
		return [
			{
				title: 'Bring in new authorities while the clock stands before the end of the old ones',
				why: 'New authorities are taken over through the running API, and that needs valid certificates: for the time of the rotation the servers must believe that the old ones are still good. If the clock of this node is wrong now, correct it first and look again.',
				risk: 'destructive',
				interrupts:
					'the API of the whole cluster for the length of the work; pods go on. Every node is restarted at the end',
				steps: [
					{
						tell: 'Make sure that the clock is right before anything else.',
						commands: ['date -u', 'timedatectl'],
					},
					{
						tell: 'On every server: stop k3s, keep a copy of what it lives by, and stop the synchronisation of time:',
						commands: [
							`systemctl stop ${node.unit}`,
							`tar -czf /root/k3s-server-before-ca-rotation.tar.gz ${node.dataDir}/server`,
							'timedatectl set-ntp false',
							`timedatectl set-time ${before}`,
						],
					},
					{
						tell: 'On one server: start k3s, make new authorities that the old ones vouch for, and hand them over:',
						commands: [
							`systemctl start ${node.unit}`,
							'curl -fsSLo rotate-default-ca-certs.sh https://raw.githubusercontent.com/k3s-io/k3s/main/contrib/util/rotate-default-ca-certs.sh',
							'less rotate-default-ca-certs.sh',
							'bash rotate-default-ca-certs.sh',
							`k3s certificate rotate-ca --path=${node.dataDir}/server/rotate-ca`,
						],
					},
					{
						tell: 'On every server, one after the other, then on every agent: let the time be right again and restart. Agents with a full token need the new one, which the server keeps in server/token.',
						commands: [
							'timedatectl set-ntp true',
							`systemctl restart ${node.unit}`,
							'k3s certificate check --output table',
						],
					},
				],
				recheck: ['certificates', 'units', 'journal', 'api'],
			},
		]
	},
})
