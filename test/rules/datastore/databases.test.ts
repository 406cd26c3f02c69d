/** SQLite, databases on other hosts, and changes from one datastore to another. */
import { describe, expect, it } from 'vitest'
import { causesOf, judgeFiles, judgeRecording, rootsOf } from '../../judge.js'
import {
	crashing,
	error,
	goodStart,
	info,
	journalText,
	listed,
	listingEntry,
	running,
	type Said,
	starting,
	unitShow,
} from '../unit.js'

const db = '/var/lib/rancher/k3s/server/db'
const at = { 'commands/date.txt': '2026-11-21T04:02:00,000000000+00:00\n' }
const configured = (endpoint: string) => ({
	'files/etc/rancher/k3s/config.yaml': `datastore-endpoint: "${endpoint}"\n`,
})
const postgres = configured('postgres://k3s:<redacted>@db.corp.example:6432/prod?sslmode=require')
const mysql = configured('mysql://k3s:<redacted>@tcp(maria.corp.example:3307)/prod')

/** PostgreSQL is asked again and again. */
function pinging(reason: string, more: Record<string, string> = postgres): Record<string, string> {
	const said = error(`Failed to ping database connection: ${reason}`)
	return starting(
		[2, 3, 4, 5].map((second): Said => [second, 'k3s', said]),
		'04:01:00',
		more,
	)
}

const chain = (last: string) =>
	`Error: preparing server: failed to bootstrap cluster data: creating storage endpoint: failed to create driver for configured endpoint: ${last}`

describe('external-db-unreachable', () => {
	it.each([
		'failed to connect to `user=k3s database=prod`: 10.4.5.6:6432 (db.corp.example): dial error: timeout: context deadline exceeded',
		'failed to connect to `user=k3s database=prod`: hostname resolving error: lookup db.corp.example: no such host',
		'dial tcp 10.4.5.6:6432: connect: connection refused',
	])('is told by the loop: %s', reason => {
		const examination = judgeFiles(pinging(reason))
		expect(rootsOf(examination)).toEqual(['external-db-unreachable'])
		expect(JSON.stringify(examination.report.diagnoses[0]?.remedies)).toContain('db.corp.example')
	})

	it('follows from a resolver that fails', () => {
		const reason = 'dial tcp: lookup db.corp.example on 127.0.0.53:53: server misbehaving'
		expect(causesOf(judgeFiles(pinging(reason)))).toMatchObject({ 'external-db-unreachable': 'certain' })
	})

	it.each([
		chain('dial tcp 10.4.5.6:3307: connect: connection refused'),
		'starting kubernetes: preparing server: building kine: dial tcp 10.4.5.6:3307: i/o timeout',
	])('is told by the last word: %s', word => {
		expect(rootsOf(judgeFiles(crashing(word, mysql)))).toEqual(['external-db-unreachable'])
	})

	it('is told of an etcd elsewhere', () => {
		const files = crashing(
			'Error: preparing server: failed to bootstrap cluster data: context deadline exceeded',
			configured('https://etcd-1.example:2379,https://etcd-2.example:2379'),
		)
		expect(rootsOf(judgeFiles(files))).toEqual(['external-db-unreachable'])
		expect(
			causesOf(
				judgeFiles(
					crashing('Error: preparing server: failed to bootstrap cluster data: context deadline exceeded'),
				),
			),
		).not.toHaveProperty('external-db-unreachable')
	})

	it('is told by a probe, where the journal is lost', () => {
		const probes = JSON.stringify([
			{ host: 'db.corp.example', port: 6432, proto: 'tcp', result: 'timeout', ms: 3000 },
		])
		const files = {
			...postgres,
			'commands/systemctl-show.txt': unitShow({ ActiveState: 'activating', SubState: 'start' }),
			'probes/ports.json': probes,
		}
		expect(causesOf(judgeFiles(files))).toMatchObject({ 'external-db-unreachable': 'likely' })
		expect(
			causesOf(judgeFiles({ ...files, 'probes/ports.json': probes.replace('timeout', 'open') })),
		).toEqual({})
	})

	it('is told of another host and another database', async () => {
		const examination = await judgeRecording('extdb-postgres-stopped', {
			'journal/k3s.log': text => text.replaceAll('10.99.0.30:5432', 'pg-2.example.org:5544'),
			'files/etc/rancher/k3s/config.yaml': text =>
				text.replaceAll('10.99.0.30:5432', 'pg-2.example.org:5544'),
		})
		expect(rootsOf(examination)).toEqual(['external-db-unreachable'])
		expect(examination.report.diagnoses[0]?.remedies[0]?.title).toContain('pg-2.example.org:5544')
	})

	it('is over once the database is back', () => {
		const lines: Said[] = [
			[0, 'systemd', 'Starting %u - Lightweight Kubernetes...'],
			[1, 'k3s', info('Starting k3s v1.33.4+k3s1 (abcdef12)')],
			[
				2,
				'k3s',
				error('Failed to ping database connection: dial tcp 10.4.5.6:6432: connect: connection refused'),
			],
			[9, 'k3s', info('k3s is up and running')],
			[9, 'systemd', 'Started %u - Lightweight Kubernetes.'],
		]
		expect(
			causesOf(
				judgeFiles({
					...postgres,
					...at,
					'commands/systemctl-show.txt': unitShow(),
					'journal/k3s.log': journalText(lines),
				}),
			),
		).toEqual({})
	})

	it('is silent about connections of SQLite and etcd', () => {
		const words = error(
			'error in txn: rpc error: code = Unavailable desc = connection error: desc = "transport: Error while dialing: dial unix kine.sock: connect: connection refused"',
		)
		expect(causesOf(judgeFiles(running(at, [[60, 'k3s', words]])))).not.toHaveProperty(
			'external-db-unreachable',
		)
	})
})

describe('external-db-auth', () => {
	it.each([
		'failed to connect to `user=k3s database=prod`: 10.4.5.6:6432 (db): server error: FATAL: no pg_hba.conf entry for host "10.4.5.1", user "k3s", database "prod", no encryption (SQLSTATE 28000)',
		'failed to connect to `user=k3s database=prod`: 10.4.5.6:6432 (db): server error: FATAL: database "prod" does not exist (SQLSTATE 3D000)',
		'pq: password authentication failed for user "k3s"',
		'failed to connect to `user=k3s database=prod`: 10.4.5.6:6432 (db): tls error: server refused TLS connection',
		'pq: SSL is not enabled on the server',
		'failed to connect to `user=k3s database=prod`: tls: failed to verify certificate: x509: certificate signed by unknown authority',
	])('is told by the loop: %s', reason => {
		expect(rootsOf(judgeFiles(pinging(reason)))).toEqual(['external-db-auth'])
	})

	it.each([
		"Error 1045 (28000): Access denied for user 'svc'@'10.9.9.9' (using password: NO)",
		"Error 1045: Access denied for user 'svc'@'10.9.9.9' (using password: YES)",
		"Error 1049 (42000): Unknown database 'prod'",
		"Error 1130: Host '10.9.9.9' is not allowed to connect to this MariaDB server",
	])('is told by the last word: %s', reason => {
		expect(rootsOf(judgeFiles(crashing(chain(reason), mysql)))).toEqual(['external-db-auth'])
	})

	it('is silent where the database was not even reached', () => {
		expect(causesOf(judgeFiles(pinging('dial tcp 10.4.5.6:6432: i/o timeout')))).not.toHaveProperty(
			'external-db-auth',
		)
	})

	it('is silent on a server that is well', async () => {
		expect(causesOf(await judgeRecording('extdb-postgres-healthy'))).not.toHaveProperty('external-db-auth')
	})
})

describe('external-db-schema', () => {
	it.each([
		'ERROR: permission denied for schema public (SQLSTATE 42501)',
		'pq: prepared statement "1" does not exist',
		'ERROR: cannot execute CREATE TABLE in a read-only transaction (SQLSTATE 25006)',
		'Error 1071 (42000): Specified key was too long; max key length is 767 bytes',
		'Error 1290 (HY000): The MySQL server is running with the --read-only option so it cannot execute this statement',
		"Error 1142 (42000): INDEX command denied to user 'k3s'@'10.9.9.9' for table `kine`",
	])('is told by %s', reason => {
		expect(rootsOf(judgeFiles(crashing(chain(reason), mysql)))).toEqual(['external-db-schema'])
	})

	it('grants to the user and the database that the refusal names', async () => {
		const { report } = await judgeRecording('extdb-mysql-no-create', {
			'journal/k3s.log': text => text.replaceAll("'limited'", "'tenant7'").replaceAll('`shared`', '`fleet`'),
		})
		expect(JSON.stringify(report.diagnoses[0]?.remedies[0]?.steps)).toContain(
			"GRANT ALL PRIVILEGES ON fleet.* TO 'tenant7'",
		)
	})

	it('widens full row numbers', () => {
		const { report } = judgeFiles(
			running({ ...mysql, ...at }, [
				[60, 'k3s', error("error in txn: Error 1264: Out of range value for column 'id' at row 1")],
			]),
		)
		expect(report.diagnoses[0]).toMatchObject({ cause: 'external-db-schema' })
		expect(report.diagnoses[0]?.remedies[0]?.steps[0]).toMatchObject({ set: { KINE_SCHEMA_MIGRATION: '1' } })
	})

	it('is silent about races that kine expects', () => {
		const words = error(
			"Error 1062 (23000): Duplicate entry '/registry/x-12' for key 'kine_name_prev_revision_uindex'",
		)
		expect(causesOf(judgeFiles(running({ ...mysql, ...at }, [[60, 'k3s', words]])))).toEqual({})
	})
})

describe('sqlite-corrupt', () => {
	it.each([
		'Error: preparing server: failed to bootstrap cluster data: creating storage endpoint: starting kine backend: database disk image is malformed',
		'starting kubernetes: preparing server: building kine: setup db: file is not a database',
		'Error: preparing server: creating storage endpoint: malformed database schema (kine)',
	])('is told by %s', word => {
		expect(rootsOf(judgeFiles(crashing(word)))).toEqual(['sqlite-corrupt'])
	})

	it('names the file in the data directory of this node', () => {
		const { report } = judgeFiles(
			crashing('Error: creating storage endpoint: database disk image is malformed'),
			{ dataDir: '/mnt/fast/k3s' },
		)
		expect(JSON.stringify(report.diagnoses[0]?.remedies)).toContain('/mnt/fast/k3s/server/db/state.db')
	})

	it('sees a file without content', () => {
		const files = crashing('Error: something that nobody knows', {
			'commands/files.tsv': listed(`${db}/state.db`, { size: 0 }),
		})
		expect(causesOf(judgeFiles(files, {}, [listingEntry]))).toMatchObject({ 'sqlite-corrupt': 'likely' })
	})

	it('is silent about a whole file, and about other reasons of kine', () => {
		const files = crashing('Error: creating storage endpoint: unable to open database file', {
			'commands/files.tsv': listed(`${db}/state.db`, { size: 40960 }),
		})
		expect(causesOf(judgeFiles(files, {}, [listingEntry]))).not.toHaveProperty('sqlite-corrupt')
	})
})

describe('sqlite-slow', () => {
	const slow = (
		count: number,
		text = 'Slow SQL (started: 2026-11-21 04:00:40.1 +0000 UTC) (total time: 3.2s): SELECT * FROM kine',
	) => Array.from({ length: count }, (_one, index): Said => [40 + index, 'k3s', info(text)])

	it('is told by a series of slow statements', () => {
		const files = running(
			{
				...at,
				'files/etc/rancher/k3s/config.yaml': 'disable: traefik\n',
				'commands/files.tsv': listed(`${db}/state.db`, { size: 40960 }),
			},
			slow(40),
		)
		expect(causesOf(judgeFiles(files, {}, [listingEntry]))).toMatchObject({ 'sqlite-slow': 'likely' })
	})

	it('is told by a lock that stays', () => {
		const lines = [40, 45, 50].map(
			(second): Said => [
				second,
				'k3s',
				error('Compact failed: failed to compact to revision 5000: database is locked'),
			],
		)
		expect(causesOf(judgeFiles(running(at, lines)))).toMatchObject({ 'sqlite-slow': 'likely' })
	})

	it('is critical where the lock keeps k3s from starting', () => {
		const { report } = judgeFiles(
			crashing(
				'Error: preparing server: failed to bootstrap cluster data: creating storage endpoint: failed to create driver for default endpoint: setup db: database is locked',
			),
		)
		expect(report.diagnoses).toMatchObject([
			{ cause: 'sqlite-slow', severity: 'critical', confidence: 'certain' },
		])
	})

	it('is silent about a hiccup', () => {
		expect(causesOf(judgeFiles(running(at, slow(2))))).toEqual({})
	})

	it('leaves an external database to another rule', () => {
		expect(causesOf(judgeFiles(running({ ...at, ...mysql }, slow(60))))).toMatchObject({
			'datastore-overloaded': 'likely',
		})
		expect(causesOf(judgeFiles(running({ ...at, ...mysql }, slow(60))))).not.toHaveProperty('sqlite-slow')
	})
})

describe('datastore-overloaded', () => {
	it('is told by a server that hangs while the database makes its tables', () => {
		const words = 'Configuring database table schema and indexes, this may take a moment...'
		const files = starting([[2, 'k3s', info(words)]], '04:20:00', mysql)
		expect(causesOf(judgeFiles(files))).toMatchObject({ 'datastore-overloaded': 'likely' })
	})

	it('is silent when the lease was lost because the database went away', async () => {
		expect(causesOf(await judgeRecording('extdb-postgres-stopped'))).not.toHaveProperty(
			'datastore-overloaded',
		)
	})

	it('is silent about single slow answers of etcd', async () => {
		expect(causesOf(await judgeRecording('ha-healthy'))).toEqual({})
	})
})

describe('datastore-type-changed', () => {
	const sqlite = listed(`${db}/state.db`, { size: 1_900_544 })

	it('is told when the data lies in SQLite and the endpoint points elsewhere', () => {
		const examination = judgeFiles(running({ ...postgres, ...at, 'commands/files.tsv': sqlite }), {}, [
			listingEntry,
		])
		expect(rootsOf(examination)).toEqual(['datastore-type-changed'])
		expect(examination.report.diagnoses[0]?.remedies[0]?.steps[0]).toEqual({
			edit: '/etc/rancher/k3s/config.yaml',
			remove: ['datastore-endpoint'],
		})
	})

	it('is told when etcd data makes k3s ignore the endpoint', () => {
		const listing = ['', '/member', '/member/wal']
			.map(name => listed(`${db}/etcd${name}`, { type: 'd' }))
			.join('')
		expect(
			causesOf(
				judgeFiles(running({ ...postgres, ...at, 'commands/files.tsv': listing }), {}, [listingEntry]),
			),
		).toMatchObject({
			'datastore-type-changed': 'likely',
		})
	})

	it('is told when the move to etcd fails', () => {
		expect(
			rootsOf(
				judgeFiles(crashing('Error: preparing server: failed to migrate content from sqlite to etcd: x')),
			),
		).toEqual(['datastore-type-changed'])
	})

	it('is silent about what was left behind long ago', () => {
		const old = sqlite.replace('2026-11-21', '2024-01-05')
		const examination = judgeFiles(running({ ...postgres, ...at, 'commands/files.tsv': old }), {}, [
			listingEntry,
		])
		expect(rootsOf(examination)).toEqual([])
	})

	it('is silent about a migration that went well', () => {
		const listing =
			['', '/member', '/member/wal'].map(name => listed(`${db}/etcd${name}`, { type: 'd' })).join('') +
			listed(`${db}/state.db.migrated`)
		const files = running(
			{ ...at, 'files/etc/rancher/k3s/config.yaml': 'cluster-init: true\n', 'commands/files.tsv': listing },
			[],
		)
		expect(causesOf(judgeFiles(files, {}, [listingEntry]))).toEqual({})
		expect(goodStart()).toHaveLength(4)
	})
})
