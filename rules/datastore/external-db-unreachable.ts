import { fact, hint, hostArgument, log, portArgument, rule, strong } from '../../src/rule.js'
import { withoutEndpoint } from '../kinds.js'
import { connectionFails, correctEndpoint, databaseOf, isExternal, lead, shortReason } from './external.js'
import { goesOn } from './spoken.js'

export default rule({
	cause: 'external-db-unreachable',
	title: 'The external datastore does not answer',
	severity: 'critical',
	appliesTo: ['server'],
	notFor: withoutEndpoint,
	explain:
		'This server keeps the data of the cluster in a database on another host (`datastore-endpoint`). It cannot connect to it: the database is down, its host or port is wrong or cannot be resolved, or a packet filter is in between. Without it there is no API; k3s tries again every second and goes on by itself once it answers.',
	docs: ['https://docs.k3s.io/datastore', 'https://docs.k3s.io/datastore/ha'],
	signs: [
		log(
			new RegExp(`${lead}[\\s\\S]{0,900}?(?:${connectionFails.source})`),
			(_groups, { lastText }) => `k3s cannot connect to its datastore: ${shortReason(lastText)}`,
			{
				if: (evidence, message) =>
					goesOn(evidence, message) &&
					(evidence.service?.state !== 'running' || message.count > 2) &&
					// A database that answers has another complaint, and kine of SQLite has no connection.
					!/password authentication|Access denied|pg_hba|permission denied|does not exist|SSL is not enabled|server refused TLS|x509|kine\.sock/.test(
						message.lastText,
					) &&
					(isExternal(evidence.datastore) ||
						evidence.datastore === undefined ||
						evidence.datastore.kind === 'unknown' ||
						evidence.datastore.endpoint !== undefined),
			},
		),
		log(
			/(?:bootstrap|storage endpoint|etcd-client|retrying of unary invoker failed|datastore)[^\n]{0,600}?(?:context deadline exceeded|connection refused|no route to host|i\/o timeout|no such host)/,
			(_groups, { lastText }) => `k3s cannot connect to the external etcd: ${shortReason(lastText)}`,
			{
				if: (evidence, message) =>
					evidence.datastore?.kind === 'external-etcd' &&
					evidence.service?.state !== 'running' &&
					goesOn(evidence, message),
			},
		),
		fact(['datastore', 'probes'], ({ datastore, probes }) => {
			const { endpoint } = datastore
			if (!endpoint) return undefined
			const asked = probes.ports.filter(
				({ host, port }) => host === endpoint.host && (endpoint.port === undefined || port === endpoint.port),
			)
			if (asked.some(({ result }) => result === 'open')) return undefined
			const probe = asked[0]
			return (
				probe &&
				strong('probes', `${probe.host}:${probe.port} does not answer from here (${probe.result})`, {
					quote: probe.quote,
				})
			)
		}),
		fact(['datastore', 'names'], ({ datastore, names }, { service }) => {
			const host = datastore.endpoint?.host ?? ''
			return (
				service?.state !== 'running' &&
				host !== '' &&
				names.lookups.get(host)?.length === 0 &&
				hint('names', `the name ${host} does not resolve on this host`)
			)
		}),
		fact(['datastore', 'sockets', 'service'], ({ datastore, sockets, service }, { journal }) => {
			const port = datastore.endpoint?.port
			const tried = journal?.messages.some(
				({ lastText }) => /ping database connection/.test(lastText) && connectionFails.test(lastText),
			)
			return (
				port !== undefined &&
				tried &&
				service.state !== 'running' &&
				!sockets.established.some(({ remotePort }) => remotePort === port) &&
				hint('sockets', `no connection of this host to port ${port} stands`)
			)
		}),
	],
	leadsTo: ['api-unreachable', 'node-not-ready', 'datastore-overloaded'],
	remedies: evidence => {
		const { datastore } = evidence
		const host = hostArgument(datastore?.endpoint?.host)
		const port = portArgument(datastore?.endpoint?.port)
		return [
			{
				title: `Bring ${databaseOf(evidence)} back, or open the way to it`,
				why: 'k3s waits for it and goes on by itself. Nothing has to be done on this node unless the address is wrong.',
				risk: 'safe',
				interrupts: 'nothing',
				steps: [
					...(host ? [{ run: ['getent', 'ahosts', host] as const, exits: [0, 2] }] : []),
					{
						tell: 'From here, see whether its port answers; on its own host, whether it runs and listens on more than loopback:',
						commands: [
							`nc -zv -w 3 ${host ?? 'DATABASE-HOST'} ${port ?? 'PORT'}`,
							datastore?.kind === 'mysql'
								? 'systemctl status mariadb mysql'
								: datastore?.kind === 'external-etcd'
									? 'systemctl status etcd'
									: 'systemctl status postgresql',
							'ss -lnt',
						],
					},
				],
				recheck: ['probes', 'names', 'journal', 'units'],
			},
			correctEndpoint(evidence, {
				title: 'Correct datastore-endpoint, if it names the wrong host or port',
				why: 'It holds the password, so it is not shown here. Special characters in it have to be percent-encoded.',
			}),
		]
	},
})
