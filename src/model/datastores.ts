import type { DatastoreKind } from './evidence/index.js'

/** How a datastore is called towards people; one of an unknown kind has no name. */
export const datastoreNames: Partial<Record<DatastoreKind, string>> = {
	sqlite: 'SQLite',
	etcd: 'embedded etcd',
	mysql: 'external MySQL or MariaDB',
	postgres: 'external PostgreSQL',
	'external-etcd': 'external etcd',
	nats: 'NATS',
}
