import {
	fact,
	hint,
	interruptsOfRestart,
	log,
	nowOf,
	proof,
	restartSteps,
	rule,
	strong,
} from '../../src/rule.js'
import { authorities, leaves } from './in-use.js'
import { renewalDays } from './renewal.js'
import { bySoonestEnd, dateOf, day, namesOf, quoteOf, spanOf } from './validity.js'

/** So near the end that it belongs into this month's work. Days. */
const urgent = 30
const yearBefore = 365

export default rule({
	cause: 'cert-expiring',
	title: 'Certificates of k3s expire soon',
	severity: 'info',
	effect: 'at-risk',
	severityHere: evidence => {
		const now = nowOf(evidence)
		const soon = leaves(evidence).some(
			({ path, notAfter }) => !path.startsWith('tls://') && notAfter > now && notAfter - now < urgent * day,
		)
		return soon ? 'warning' : undefined
	},
	explain:
		'k3s renews its certificates only while it starts, and only when their end is near. This process has run for so long that they are due: when they end, the node drops out of the cluster. A restart within the last months of their life renews them.',
	docs: ['https://docs.k3s.io/cli/certificate'],
	signs: [
		fact(['certificates', 'clock', 'service'], ({ clock, service }, more) => {
			if (service.state !== 'running' && service.state !== 'unknown') return undefined
			const window = renewalDays(more.k3s?.runningVersion ?? more.k3s?.version)
			// What a port shows is renewed while k3s runs, and the files tell the rest.
			const due = bySoonestEnd(
				leaves(more).filter(
					({ path, notAfter }) =>
						!path.startsWith('tls://') &&
						!path.endsWith('/dynamic-cert.json') &&
						notAfter >= clock.now &&
						notAfter - clock.now < window * day,
				),
			)
			const [first] = due
			if (!first) return undefined
			const life = (first.notAfter - first.notBefore) / day
			const short =
				life < window
					? `; they are issued for ${Math.round(life)} days only, less than the ${window} days before the end at which k3s renews`
					: ''
			return proof(
				'certificates',
				`${due.length === 1 ? 'a certificate ends' : `${due.length} certificates end`} within ${window} days: ${namesOf(due, more)}; the first in ${spanOf(first.notAfter - clock.now)}, at ${dateOf(first.notAfter)}${short}`,
				{ quote: quoteOf(first) },
			)
		}),
		fact(['certificates', 'clock'], ({ clock }, more) => {
			const due = bySoonestEnd(
				authorities(more).filter(
					({ notAfter }) => notAfter >= clock.now && notAfter - clock.now < yearBefore * day,
				),
			)
			const [first] = due
			return (
				first &&
				strong(
					'certificates',
					`the authority in ${namesOf(due, more)} ends in ${spanOf(first.notAfter - clock.now)}, at ${dateOf(first.notAfter)}; k3s never renews it by itself`,
					{ quote: quoteOf(first) },
				)
			)
		}),
		fact(['cluster'], ({ cluster, node }) => {
			const own = cluster.self?.name ?? node.hostname
			const told = (cluster.events ?? []).filter(
				({ kind, name, reason }) =>
					kind === 'Node' && name === own && /^(CA)?CertificateExpirationWarning$/.test(reason),
			)
			const newest = told.reduce<(typeof told)[number] | undefined>(
				(best, event) => (!best || event.lastAt > best.lastAt ? event : best),
				undefined,
			)
			const over = (cluster.events ?? []).some(
				({ kind, name, reason, lastAt }) =>
					kind === 'Node' &&
					name === own &&
					reason === 'CertificateExpirationOK' &&
					lastAt > (newest?.lastAt ?? 0),
			)
			return (
				newest &&
				!over &&
				strong('cluster', 'k3s itself warns in an event of this node', {
					quote: { file: 'api/events.json', text: newest.message.slice(0, 600) },
					at: newest.lastAt,
					count: newest.count,
				})
			)
		}),
		log(
			/^certificate CN=k3s,O=k3s signed by /,
			(_groups, { count }) =>
				`k3s issues its listener's certificate again and again (${count} times), as if it were never fresh enough`,
			{ weight: 'hint', when: 'ever', if: (_evidence, { count }) => count >= 100 },
		),
		fact(['journal'], ({ journal }) =>
			(journal.newest?.messages ?? [])
				.filter(({ text }) => /certificate .*will expire within \d+ days/.test(text))
				.map(message => hint('journal', 'k3s says so', message)),
		),
	],
	leadsTo: [],
	remedies: evidence => {
		const { node } = evidence
		const now = nowOf(evidence)
		const short = leaves(evidence).some(
			({ path, notAfter, notBefore }) =>
				!path.startsWith('tls://') && notAfter > now && notAfter - notBefore < 90 * day,
		)
		return [
			{
				title: 'Restart k3s in a quiet hour: it renews what is due',
				why: 'The window opens 120 days before the end (90 days in releases before May 2025). With several servers, one after the other; then the agents.',
				risk: 'restart',
				interrupts: interruptsOfRestart(node),
				steps: restartSteps(node),
				recheck: ['certificates', 'units', 'api'],
			},
			short && {
				title: 'Let new certificates live longer',
				why: 'They were issued for a shorter time than k3s renews ahead, so they are always due. The environment of the service sets that: CATTLE_NEW_SIGNED_CERT_EXPIRATION_DAYS.',
				risk: 'safe',
				interrupts: 'nothing until k3s is restarted',
				steps: [
					{
						tell: 'Find where it is set, take it out (the default is 365), then restart k3s:',
						commands: [
							`systemctl cat ${node.unit}`,
							`grep -r CATTLE_NEW_SIGNED_CERT /etc/systemd/system /etc/default /etc/sysconfig`,
							`systemctl daemon-reload`,
							`systemctl restart ${node.unit}`,
						],
					},
				],
				recheck: ['certificates'],
			},
			authorities(evidence).some(({ notAfter }) => notAfter > now && notAfter - now < yearBefore * day) && {
				title: 'Plan the rotation of the certificate authorities',
				why: 'While the old ones are still valid, new ones can be brought in without a break.',
				risk: 'safe',
				interrupts: 'nothing; the rotation itself restarts every node',
				steps: [
					{
						tell: 'Follow the documentation on one server, then restart servers and agents one by one:',
						commands: [
							'curl -fsSLo rotate-default-ca-certs.sh https://raw.githubusercontent.com/k3s-io/k3s/main/contrib/util/rotate-default-ca-certs.sh',
							'less rotate-default-ca-certs.sh',
							'bash rotate-default-ca-certs.sh',
							`k3s certificate rotate-ca --path=${node.dataDir}/server/rotate-ca`,
						],
					},
				],
				recheck: ['certificates'],
			},
		]
	},
})
