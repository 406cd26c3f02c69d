import { log, rule, serviceStep } from '../../src/rule.js'
import { withoutEndpoint } from '../kinds.js'
import { correctEndpoint, databaseOf } from './external.js'
import { goesOn } from './spoken.js'

const words = (text: string) =>
	/(?:Error \d+[^:]*: |ERROR: |pq: )?((?:[A-Z]+ command denied|permission denied|must be owner|Specified key|Out of range|integer out of range|prepared statement|cannot execute|The (?:MySQL|MariaDB) server is running|Index column size|Unknown collation|Table )[^\n]{0,240})/.exec(
		text,
	)?.[1] ?? ''

const told =
	(what: string) =>
	(_groups: Record<string, string>, { lastText }: { lastText: string }) =>
		words(lastText) ? `${what}: ${words(lastText).slice(0, 240)}` : what

export default rule({
	cause: 'external-db-schema',
	title: 'The external datastore does not carry out the SQL of k3s',
	severity: 'critical',
	appliesTo: ['server'],
	notFor: withoutEndpoint,
	explain:
		'k3s is let in, but the database refuses what it wants to do there: the user may not create or change tables, the database is a read-only replica, a pooler in between breaks prepared statements, or the version or settings of the database do not fit. k3s needs a database of its own in which it may do everything.',
	docs: [
		'https://docs.k3s.io/datastore#external-datastore-configuration-parameters',
		'https://docs.k3s.io/known-issues',
	],
	signs: [
		log(
			/command denied to user|permission denied for (?:schema|table|relation|sequence|database)|permission denied to create database|failed to create database \S+|must be owner of|SQLSTATE 42501|Error 1142|Error 1227/,
			told('the user of k3s lacks a right in the database'),
			{ if: goesOn },
		),
		log(
			/prepared statement "[^"]*" (?:does not exist|already exists)|SQLSTATE 26000|SQLSTATE 42P05/,
			told('a connection pooler in transaction mode breaks prepared statements'),
			{ if: goesOn },
		),
		log(
			/in a read-only transaction|SQLSTATE 25006|running with the --(?:super-)?read-only option|Error 1290|Error 1836/,
			told('the database is read-only: a replica, or one that is being maintained'),
			{ if: goesOn },
		),
		log(
			/Out of range value for column 'id'|integer out of range|nextval: reached maximum value of sequence/,
			told('the row number has reached the end of 32 bits'),
			{ if: goesOn },
		),
		log(
			/Specified key was too long|Index column size too large|Error 1071|Error 1709|Unknown collation|You have an error in your SQL syntax|SQLSTATE 42601|is not supported by this version/,
			told('the version or the settings of the database do not fit'),
			{ if: goesOn },
		),
		log(
			/GAP (?<key>\S+), revision=/,
			'rows are missing in the sequence: several primaries, or a changed auto-increment',
			{
				weight: 'hint',
				if: (evidence, message) => goesOn(evidence, message) && message.count > 20,
			},
		),
	],
	leadsTo: ['api-unreachable', 'node-not-ready', 'datastore-overloaded'],
	remedies: (evidence, findings) => {
		const { node, datastore } = evidence
		const mysql = datastore?.kind === 'mysql'
		const said = findings.map(({ says }) => says).join('\n')
		const denied = said === '' || /lacks a right/.test(said)
		const full = /32 bits/.test(said)
		const user = /to user ['"]?(?<user>[\w.-]{1,80})/.exec(said)?.groups?.user ?? 'k3s'
		const database = /for table `(?<db>[\w-]{1,64})`\./.exec(said)?.groups?.db ?? 'k3s'
		return [
			denied && {
				title: 'Give the user of k3s all rights in its database',
				why: `k3s creates its table and indexes itself in ${databaseOf(evidence)}. It tries again by itself.`,
				risk: 'safe' as const,
				interrupts: 'nothing',
				steps: [
					{
						tell: 'On the database, as its administrator:',
						commands: mysql
							? [`GRANT ALL PRIVILEGES ON ${database}.* TO '${user}'@'%';`, 'FLUSH PRIVILEGES;']
							: [`ALTER DATABASE ${database} OWNER TO ${user};`, `GRANT ALL ON SCHEMA public TO ${user};`],
					},
				],
				recheck: ['journal' as const, 'units' as const],
			},
			full && {
				title: 'Let k3s widen its row numbers',
				why: 'Tables made before May 2024 number their rows with 32 bits. With this setting k3s rewrites the table; that takes long on a big one. Keep a backup of the database.',
				risk: 'restart' as const,
				interrupts: 'the API while the table is rewritten',
				steps: [
					{ editEnv: `/etc/systemd/system/${node.unit}.env`, set: { KINE_SCHEMA_MIGRATION: '1' } },
					{ run: ['systemctl', 'daemon-reload'] as const },
					serviceStep(node, 'restart'),
					{ tell: 'Take the setting out again when it is done, and go on with the next server.' },
				],
				recheck: ['journal' as const, 'units' as const],
			},
			correctEndpoint(evidence, {
				title: 'Point datastore-endpoint to the writable primary, without a pooler',
				why: 'k3s needs the primary itself (or a pooler in session mode), in a version that it is tested with.',
			}),
		]
	},
})
