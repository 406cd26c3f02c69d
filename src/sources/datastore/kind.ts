/** Which datastore this server uses, in the order in which k3s decides (pkg/cluster/managed.go). */
import type { ConfigEvidence, DatastoreKind } from '../../model/evidence/index.js'
import { configValue } from '../../model/lookup.js'
import type { OnDisk } from './disk.js'
import type { Endpoint } from './endpoint.js'

/** kine and k3s name it when they open it; the last word counts. */
const words: readonly (readonly [string, DatastoreKind])[] = [
	['Configuring sqlite3 database connection pooling', 'sqlite'],
	['Configuring mysql database connection pooling', 'mysql'],
	['Configuring postgres database connection pooling', 'postgres'],
	['Managed etcd cluster ', 'etcd'],
]

function spoken(journal: string | undefined): DatastoreKind {
	let kind: DatastoreKind = 'unknown'
	let last = -1
	for (const [word, said] of words) {
		// Forwards, which the engine does many times faster than `lastIndexOf`.
		for (let at = journal?.indexOf(word) ?? -1; at >= 0; at = journal?.indexOf(word, at + 1) ?? -1) {
			if (at < last) continue
			last = at
			kind = said
		}
	}
	return kind
}

export function kindOf(
	config: ConfigEvidence | undefined,
	/** All of the configuration was read, and it parses. */
	isWhole: boolean,
	endpoint: Endpoint | undefined,
	disk: OnDisk,
	journal: string | undefined,
): DatastoreKind {
	if (disk.etcdInUse === 'present') return 'etcd'
	if (endpoint) return endpoint.kind
	const init = configValue(config, 'cluster-init') === 'true'
	const joins = !!configValue(config, 'server') && configValue(config, 'disable-etcd') !== 'true'
	if (init || joins) return 'etcd'
	const said = spoken(journal)
	if (said !== 'unknown') return said
	// Without any flag it is SQLite; a configuration that nobody could read may hold one.
	return config !== undefined && isWhole && disk.etcdInUse === 'absent' ? 'sqlite' : 'unknown'
}
