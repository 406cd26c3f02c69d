import { describe, expect, it } from 'vitest'
import type { NodeFacts } from '../../src/model/bundle.js'
import { readEndpoint } from '../../src/sources/datastore/endpoint.js'
import { datastore } from '../../src/sources/datastore.js'
import { bundleOf } from '../bundle-of.js'
import { openRecording } from '../recording.js'
import { scriptedHost } from './scripted-host.js'

const config = 'files/etc/rancher/k3s/config.yaml'
const db = '/var/lib/rancher/k3s/server/db'
const argv = ['find', '/var/lib/rancher/k3s', '-maxdepth', '6']

/** A node with this configuration and these paths on disk: `path` or `path size seconds`. */
function read(
	yaml: string,
	paths: string[],
	more: Record<string, string> = {},
	node: Partial<NodeFacts> = {},
) {
	const rows = ['/var/lib/rancher/k3s', ...paths].map(path => {
		const [name = '', size = '4096', seconds = '00'] = path.split(' ')
		const type = /etcd$|wal$|snap$|snapshots$|k3s$|member$/.test(name) ? 'd' : 'f'
		return `${type}\t644\t0\t0\t${size}\t2026-11-21T04:24:${seconds}.00\t${name}\t\n`
	})
	const files = { [config]: yaml, 'commands/files.tsv': rows.join(''), ...more }
	return datastore.parse(bundleOf(files, node, [{ file: 'commands/files.tsv', argv, exit: 0 }]))
}

const etcd = [`${db}/etcd`, `${db}/etcd/member`, `${db}/etcd/member/wal`]

describe('the kind of datastore', () => {
	it.each([
		['', [`${db}/state.db`], 'sqlite'],
		['', [], 'sqlite'],
		['cluster-init: true\n', [], 'etcd'],
		['cluster-init: false\n', [], 'sqlite'],
		['server: https://s1:6443\n', [], 'etcd'],
		['server: https://s1:6443\ndisable-etcd: true\n', [], 'sqlite'],
		['datastore-endpoint: mysql://u:p@tcp(db:3306)/k3s\n', [`${db}/state.db`], 'mysql'],
		['datastore-endpoint: "postgres://u:p@db/k3s"\ncluster-init: true\n', [], 'postgres'],
		['datastore-endpoint: https://e1:2379,https://e2:2379\n', [], 'external-etcd'],
		['datastore-endpoint: nats://n:4222\n', [], 'nats'],
		['datastore-endpoint: nonsense\n', [], 'unknown'],
		// What lies on disk precedes every flag.
		['datastore-endpoint: mysql://u:p@tcp(db:3306)/k3s\n', etcd, 'etcd'],
		['', etcd, 'etcd'],
		['', [`${db}/etcd`], 'sqlite'],
	])('with %j and %j is %s', (yaml, paths, kind) => {
		expect(read(yaml, paths)?.kind).toBe(kind)
	})

	it('is asked of the journal where the configuration does not parse', () => {
		const journal = {
			'journal/k3s.log':
				'x k3s[1]: time="2026-11-21T04:54:24Z" level=info msg="Managed etcd cluster initializing"\nx k3s[1]: time="2026-11-21T05:54:24Z" level=info msg="Configuring postgres database connection pooling: max=2"\n',
		}
		expect(read('\ta: b\n', [])?.kind).toBe('unknown')
		expect(read('\ta: b\n', [], journal)?.kind).toBe('postgres')
	})

	it('is unknown where neither configuration nor disk was seen', () => {
		const health = '{"health":"true","reason":""}'
		expect(datastore.parse(bundleOf({ 'commands/etcd-health.json': health }))?.kind).toBe('unknown')
		expect(datastore.parse(bundleOf({}))).toBeUndefined()
	})

	it('is unknown where the configuration could not be read', () => {
		const files = {
			'commands/systemctl-cat.txt': '# /a/k3s.service\n[Service]\nExecStart=/usr/local/bin/k3s server\n',
		}
		const row = 'd\t755\t0\t0\t1\t2026-11-21T04:24:00.00\t/var/lib/rancher/k3s\t\n'
		const kind = (why?: 'absent' | 'denied') =>
			datastore.parse(
				bundleOf({ ...files, 'commands/files.tsv': row }, {}, [
					{ file: 'commands/files.tsv', argv },
					{ file: config, ...(why && { why }) },
				]),
			)?.kind
		expect([kind('absent'), kind('denied')]).toEqual(['sqlite', 'unknown'])
	})

	it('is nobody’s business on an agent', () => {
		expect(read('server: https://s1:6443\n', etcd, {}, { role: 'agent' })).toBeUndefined()
	})

	it('of recorded nodes is what they were made with', async () => {
		const kinds = await Promise.all(
			['healthy-server', 'ha-healthy', 'extdb-postgres-healthy', 'extdb-mysql-password', 'config-tab'].map(
				async name => datastore.parse(await openRecording(name))?.kind,
			),
		)
		expect(kinds).toEqual(['sqlite', 'etcd', 'postgres', 'mysql', 'sqlite'])
		const dead = datastore.parse(await openRecording('datastore-endpoint-dead'))
		expect(dead).toMatchObject({ endpoint: { host: '10.99.0.30', port: 5432 }, sqlite: { size: 1691648 } })
	})
})

describe('an endpoint', () => {
	it.each([
		['mysql://user:pw@tcp(db.lab.example:3307)/k3s', 'mysql', { host: 'db.lab.example', port: 3307 }],
		['mysql://user:p@/w)d@tcp([fd00::5]:3306)/k3s?tls=true', 'mysql', { host: 'fd00::5', port: 3306 }],
		['mysql://user:<redacted>@tcp(10.0.0.1)/k3s', 'mysql', { host: '10.0.0.1', port: 3306 }],
		['mysql://root@unix(/run/mysqld/mysqld.sock)/', 'mysql', undefined],
		['postgres://u:p%40@[fd00::5]:5433/k3s?sslmode=disable', 'postgres', { host: 'fd00::5', port: 5433 }],
		['POSTGRESQL://db/k3s', 'postgres', { host: 'db', port: 5432 }],
		['postgres://u:p@a:1,b:2/k3s', 'postgres', { host: 'a', port: 1 }],
		['http://10.0.0.1:2379', 'external-etcd', { host: '10.0.0.1', port: 2379 }],
		['https://e1', 'external-etcd', { host: 'e1' }],
		['sqlite:///srv/state.db', 'sqlite', undefined],
		['postgres://u:p@db:99999999/k3s', 'postgres', undefined],
		['oracle://x', 'unknown', undefined],
	])('%s', (endpoint, kind, at) => {
		expect(readEndpoint(endpoint)).toEqual(at ? { kind, at } : { kind })
	})

	it('never gives a credential away', () => {
		for (const endpoint of [
			'mysql://u:hunter2@tcp(db)/x',
			'postgres://u:hunter2@/x',
			'mysql://u:hunter2',
			'x:hunter2@y',
		])
			expect(JSON.stringify(readEndpoint(endpoint))).not.toContain('hunter2')
	})
})

describe('what lies on disk', () => {
	it('of SQLite: sizes and when it was written last', () => {
		const sqlite = read('', [`${db}/state.db 100 10`, `${db}/state.db-wal 50 20`])?.sqlite
		expect(sqlite).toEqual({ size: 100, walSize: 50, modifiedAt: Date.UTC(2026, 10, 21, 4, 24, 20) })
	})

	it('of etcd: snapshots, marks, and a damaged log', () => {
		const found = read('', [
			...etcd,
			`${db}/etcd/tombstone`,
			`${db}/reset-flag`,
			`${db}/etcd/member/wal/0000000000000001-0000000000000abc.wal.broken`,
			`${db}/etcd/member/wal/0000000000000001-0000000000000abc.wal`,
			`${db}/snapshots`,
			`${db}/snapshots/on-demand-h1-2`,
			`${db}/snapshots/etcd-snapshot-h1-1`,
		])
		expect(found?.etcd).toEqual({
			dataDir: `${db}/etcd`,
			snapshots: ['etcd-snapshot-h1-1', 'on-demand-h1-2'],
			tombstone: true,
			resetFlag: true,
			brokenWal: [`${db}/etcd/member/wal/0000000000000001-0000000000000abc.wal.broken`],
		})
	})

	it('is found in another data directory, snapshots in their own', () => {
		const files = {
			[config]: 'etcd-snapshot-dir: /srv/snapshots\n',
			'commands/files.tsv': ['/data/server/db/etcd', '/data/server/db/etcd/member/wal', '/srv/snapshots/one']
				.map((path, at) => `${at < 2 ? 'd' : 'f'}\t700\t0\t0\t1\t2026-11-21T04:24:00.00\t${path}\t\n`)
				.join(''),
		}
		const found = datastore.parse(bundleOf(files, { dataDir: '/data' }))
		expect(found).toMatchObject({
			kind: 'etcd',
			etcd: { dataDir: '/data/server/db/etcd', snapshots: ['one'] },
		})
	})
})

describe('the health of etcd', () => {
	const health = (text: string) =>
		datastore.parse(bundleOf({ [config]: '', 'commands/etcd-health.json': text }))?.etcdHealth

	it('may be told several times in a row', () => {
		expect(
			health('{"health":"true","reason":""}{"health":"false","reason":"RAFT NO LEADER"}\n{"health":true}'),
		).toEqual([
			{ healthy: true, reason: '' },
			{ healthy: false, reason: 'RAFT NO LEADER' },
			{ healthy: true, reason: '' },
		])
	})

	it('is not read out of anything else', () => {
		expect(health('curl: (7) refused')).toEqual([])
		expect(health(`{"x":1}${'{'.repeat(100_000)}`)).toEqual([])
	})
})

describe('asking for the datastore', () => {
	const url = 'http://127.0.0.1:2381/health?serializable=false'

	it('files what etcd answers, and nothing where none is', async () => {
		const answered = scriptedHost({ urls: { [url]: '{"health":"true"}' } })
		await datastore.collect(answered.ask)
		expect(answered.bundle().files.get('commands/etcd-health.json')).toBe('{"health":"true"}')
		const silent = scriptedHost({})
		await datastore.collect(silent.ask)
		expect(silent.bundle().files.size).toBe(0)
	})

	it('does not ask an agent', async () => {
		const { ask, got } = scriptedHost({ node: { role: 'agent' } })
		await datastore.collect(ask)
		expect(got).toEqual([])
	})
})
