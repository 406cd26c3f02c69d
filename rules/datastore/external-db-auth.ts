import { fact, hint, log, rule } from '../../src/rule.js'
import { withoutEndpoint } from '../kinds.js'
import { correctEndpoint, databaseOf, isExternal, lead } from './external.js'
import { goesOn } from './spoken.js'

const told =
	(what: string) =>
	(_groups: Record<string, string>, { lastText }: { lastText: string }) => {
		const words =
			/(?:FATAL|ERROR|Error \d+[^:]*|pq|failed SASL auth|server error|tls error|x509): .{0,240}$/.exec(
				lastText.split('\n').at(-1) ?? '',
			)?.[0] ?? ''
		return words ? `${what}: ${words.slice(0, 240)}` : what
	}

export default rule({
	cause: 'external-db-auth',
	title: 'The external datastore rejects this server: user, password, database name or TLS',
	severity: 'critical',
	appliesTo: ['server'],
	notFor: withoutEndpoint,
	explain:
		'The database answers, but does not let k3s in: the password or user in `datastore-endpoint` is wrong, the database does not exist, the rules of the database do not allow this host, or the two do not agree on TLS. PostgreSQL is asked again for ever; with MySQL and MariaDB k3s ends and is started again.',
	docs: [
		'https://docs.k3s.io/datastore#external-datastore-configuration-parameters',
		'https://www.postgresql.org/docs/current/auth-pg-hba-conf.html',
	],
	signs: [
		log(
			/password authentication failed for user|failed SASL auth|SQLSTATE 28P01|SQLSTATE 28000|role "[^"]*" does not exist|empty password returned by client|password is required/,
			told('PostgreSQL does not accept user and password'),
			{ if: goesOn },
		),
		log(
			/no pg_hba\.conf entry for host|pg_hba\.conf rejects connection/,
			told('the rules of PostgreSQL (pg_hba.conf) do not let this host in'),
			{ if: goesOn },
		),
		log(
			/Error 1045|Error 1698|Error 1044|Access denied for user (?<who>'[^']*'@'[^']*')|Host '[^']*' is (?:not allowed to connect|blocked)|Error 1130|Error 1129/,
			told('MySQL/MariaDB does not accept the user from this host'),
			{ if: (evidence, message) => goesOn(evidence, message) && !/command denied/.test(message.lastText) },
		),
		log(
			/database "[^"]*" does not exist|SQLSTATE 3D000|Unknown database '[^']*'|Error 1049/,
			told('the database does not exist'),
			{ if: goesOn },
		),
		log(
			/SSL is not enabled on the server|server refused TLS connection|TLS requested but server does not support TLS|insecure transport are prohibited|Error 3159|no pg_hba\.conf entry .* (?:no encryption|SSL off)/,
			told('the two do not agree on TLS'),
			{ if: goesOn },
		),
		log(
			new RegExp(
				`${lead}[\\s\\S]{0,600}?(?:x509: |tls: (?:failed to verify|bad certificate|handshake|unknown|certificate))`,
			),
			told('the certificate of the database is not accepted, or ours is not'),
			{
				if: goesOn,
			},
		),
		log(
			new RegExp(
				`${lead}[\\s\\S]{0,400}?etcdserver: (?:user name is empty|authentication|permission denied)`,
			),
			'the external etcd does not accept the credentials',
			{
				if: goesOn,
			},
		),
		fact(['datastore', 'probes'], ({ datastore, probes }, { service }) => {
			const { endpoint } = datastore
			const open =
				endpoint &&
				probes.ports.find(
					({ host, port, result }) => host === endpoint.host && port === endpoint.port && result === 'open',
				)
			const refused =
				service?.lastWord &&
				/authentication|Access denied|pg_hba|SASL|28P01|28000/.test(service.lastWord.lastText)
			return (
				open &&
				refused &&
				isExternal(datastore) &&
				hint('probes', `${open.host}:${open.port} answers, so it is not the way`, { quote: open.quote })
			)
		}),
	],
	leadsTo: ['api-unreachable', 'node-not-ready'],
	remedies: evidence => {
		const { datastore } = evidence
		const mysql = datastore?.kind === 'mysql'
		const host = datastore?.endpoint?.host ?? 'DATABASE-HOST'
		return [
			correctEndpoint(evidence, {
				title: 'Try the credentials by hand, then correct datastore-endpoint',
				why: `${databaseOf(evidence)} answers, so only what is said to it is wrong. Special characters of a password have to be percent-encoded in the endpoint of PostgreSQL.`,
				first: [
					{
						tell: 'From this host, with the user, password and database of the endpoint:',
						commands: mysql
							? [`mysql -h ${host} -u USER -p DATABASE -e 'SELECT 1'`]
							: [`psql 'host=${host} user=USER dbname=DATABASE' -c 'SELECT 1'`],
					},
				],
			}),
			{
				title: 'Or let the database accept this server',
				why: 'Where the endpoint is right, the user lacks a password, the right to come from this host, or the database itself.',
				risk: 'safe',
				interrupts: 'nothing',
				steps: [
					{
						tell: 'On the database, as its administrator:',
						commands: mysql
							? [
									"CREATE USER 'k3s'@'%' IDENTIFIED BY 'PASSWORD';",
									'CREATE DATABASE k3s;',
									"GRANT ALL PRIVILEGES ON k3s.* TO 'k3s'@'%';",
								]
							: [
									"ALTER ROLE k3s WITH LOGIN PASSWORD 'PASSWORD';",
									'CREATE DATABASE k3s OWNER k3s;',
									'-- and in pg_hba.conf: host k3s k3s ADDRESS-OF-THIS-SERVER/32 scram-sha-256, then SELECT pg_reload_conf();',
								],
					},
				],
				recheck: ['journal', 'units'],
			},
		]
	},
})
