import type { Rule } from '../../src/rule.js'
import datastoreOverloaded from './datastore-overloaded.js'
import datastoreTypeChanged from './datastore-type-changed.js'
import etcdCorrupt from './etcd-corrupt.js'
import etcdMemberConflict from './etcd-member-conflict.js'
import etcdPeerUnreachable from './etcd-peer-unreachable.js'
import etcdQuorumLost from './etcd-quorum-lost.js'
import etcdRestoreIncomplete from './etcd-restore-incomplete.js'
import etcdSnapshotFailed from './etcd-snapshot-failed.js'
import etcdSpaceExceeded from './etcd-space-exceeded.js'
import externalDbAuth from './external-db-auth.js'
import externalDbSchema from './external-db-schema.js'
import externalDbUnreachable from './external-db-unreachable.js'
import sqliteCorrupt from './sqlite-corrupt.js'
import sqliteSlow from './sqlite-slow.js'

export const datastore: readonly Rule[] = [
	sqliteCorrupt,
	sqliteSlow,
	etcdQuorumLost,
	etcdPeerUnreachable,
	etcdMemberConflict,
	etcdCorrupt,
	etcdSpaceExceeded,
	etcdRestoreIncomplete,
	etcdSnapshotFailed,
	externalDbUnreachable,
	externalDbAuth,
	externalDbSchema,
	datastoreTypeChanged,
	datastoreOverloaded,
]
