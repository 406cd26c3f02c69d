/** `datastore-endpoint`: which kind of server, and where; never with whom. */
import type { DatastoreEvidence, DatastoreKind } from '../../model/evidence/index.js'

export interface Endpoint {
	kind: DatastoreKind
	at?: NonNullable<DatastoreEvidence['endpoint']>
}

/** kine's drivers by scheme, and the port that a driver takes when none is named. */
const schemes: ReadonlyMap<string, { kind: DatastoreKind; port?: number }> = new Map([
	['mysql', { kind: 'mysql', port: 3306 }],
	['postgres', { kind: 'postgres', port: 5432 }],
	['postgresql', { kind: 'postgres', port: 5432 }],
	['http', { kind: 'external-etcd' }],
	['https', { kind: 'external-etcd' }],
	['unix', { kind: 'external-etcd' }],
	['unixs', { kind: 'external-etcd' }],
	['nats', { kind: 'nats', port: 4222 }],
	['sqlite', { kind: 'sqlite' }],
	['sqlite3', { kind: 'sqlite' }],
])

/** `host:port`, `[v6]:port`, `host`. */
function hostAndPort(text: string, port: number | undefined): Endpoint['at'] {
	const parts = /^(?:\[([0-9a-fA-F:.%]{2,60})\]|([^:[\]/\s]{1,253}))(?::(\d{1,5}))?$/.exec(text)
	const host = parts?.[1] ?? parts?.[2]
	if (!host) return undefined
	const told = parts?.[3] === undefined ? port : Number(parts[3])
	return told === undefined || told < 1 || told > 65535 ? { host } : { host, port: told }
}

/** `user:pw@tcp(host:3306)/db?x=y`: the password may hold `/` and `@`, so both are looked for from the end. */
function mysqlAddress(rest: string): string {
	const dsn = rest.slice(0, rest.lastIndexOf('/') < 0 ? undefined : rest.lastIndexOf('/'))
	const server = dsn.slice(dsn.lastIndexOf('@') + 1)
	const inside = /^([a-z0-9]*)\(([^()]*)\)$/.exec(server)
	// A socket has no host.
	return inside ? (inside[1] === 'unix' ? '' : (inside[2] ?? '')) : server
}

/** The first server of `user:pw@host:port,host:port/db?x=y`. */
function urlAddress(rest: string): string {
	const withoutQuery = rest.split('?', 1)[0] ?? ''
	const afterUser = withoutQuery.slice(withoutQuery.lastIndexOf('@') + 1)
	return afterUser.split(/[,/]/, 1)[0] ?? ''
}

/** `undefined` when the endpoint is empty: then it says nothing. */
export function readEndpoint(endpoint: string | undefined): Endpoint | undefined {
	const told = endpoint?.trim().slice(0, 4096) ?? ''
	if (told === '') return undefined
	const scheme = /^([a-z][a-z0-9+.-]{0,30}):\/\//i.exec(told)
	const known = schemes.get((scheme?.[1] ?? '').toLowerCase())
	if (!scheme || !known) return { kind: 'unknown' }
	if (known.kind === 'sqlite') return { kind: 'sqlite' }
	const rest = told.slice(scheme[0].length)
	const at = hostAndPort(known.kind === 'mysql' ? mysqlAddress(rest) : urlAddress(rest), known.port)
	return at ? { kind: known.kind, at } : { kind: known.kind }
}
