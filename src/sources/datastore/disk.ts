/** What lies in the server's `db` directory. */
import type { Bundle } from '../../model/bundle.js'
import type { DatastoreEvidence, FilesEvidence } from '../../model/evidence/index.js'
import { filesBelow, presence } from '../../model/lookup.js'
import { optional } from '../field.js'

export interface OnDisk {
	sqlite?: NonNullable<DatastoreEvidence['sqlite']>
	etcd?: NonNullable<DatastoreEvidence['etcd']>
	/** k3s takes etcd whenever its write-ahead log is there (`IsInitialized`), whatever the flags say. */
	etcdInUse: 'present' | 'absent' | 'unknown'
}

function sqliteOf(files: FilesEvidence, dir: string): OnDisk['sqlite'] {
	const database = files.listed.get(`${dir}/state.db`)
	if (database?.type !== 'file') return undefined
	const wal = files.listed.get(`${dir}/state.db-wal`)
	return {
		size: database.size,
		...optional('walSize', wal?.size),
		// What was written last stands in the write-ahead log.
		modifiedAt: Math.max(database.modifiedAt, wal?.modifiedAt ?? 0),
	}
}

function etcdOf(files: FilesEvidence, dir: string, snapshots: string[]): OnDisk['etcd'] {
	const dataDir = `${dir}/etcd`
	if (files.listed.get(dataDir)?.type !== 'dir') return undefined
	return {
		dataDir,
		snapshots,
		tombstone: files.listed.has(`${dataDir}/tombstone`),
		resetFlag: files.listed.has(`${dir}/reset-flag`),
		brokenWal: filesBelow(files, `${dataDir}/member/wal`)
			.map(({ path }) => path)
			.filter(path => path.endsWith('.broken')),
	}
}

/** Names of snapshots in a directory; `.metadata` and the like lie elsewhere. */
function snapshotNames(files: FilesEvidence, dir: string): string[] {
	return filesBelow(files, dir)
		.filter(({ type }) => type === 'file')
		.map(({ path }) => path.slice(dir.length + 1))
		.filter(name => !name.includes('/') && !name.startsWith('.') && !name.endsWith('.part'))
		.sort()
}

export function onDisk(
	{ node }: Bundle,
	files: FilesEvidence | undefined,
	snapshotDir: string | undefined,
): OnDisk {
	if (!files) return { etcdInUse: 'unknown' }
	const dir = `${node.dataDir}/server/db`
	return {
		...optional('sqlite', sqliteOf(files, dir)),
		...optional('etcd', etcdOf(files, dir, snapshotNames(files, snapshotDir || `${dir}/snapshots`))),
		etcdInUse: presence(files, `${dir}/etcd/member/wal`),
	}
}
