import type { Bundle } from '../model/bundle.js'
import { answer } from '../model/bundle.js'
import type { ConfigEvidence, DatastoreEvidence } from '../model/evidence/index.js'
import { configValue } from '../model/lookup.js'
import { readConfig } from './config.js'
import { onDisk } from './datastore/disk.js'
import { readEndpoint } from './datastore/endpoint.js'
import { readHealth } from './datastore/health.js'
import { kindOf } from './datastore/kind.js'
import { optional } from './field.js'
import { readFiles } from './files.js'
import { ownJournal } from './own-journal.js'
import { perBundle } from './per-bundle.js'
import { type Ask, source } from './source.js'

const healthFile = 'commands/etcd-health.json'
const healthUrl = 'http://127.0.0.1:2381/health?serializable=false'

function isWhole({ entries }: Bundle, config: ConfigEvidence | undefined): boolean {
	const unread = entries.some(
		({ file, why }) =>
			file.startsWith('files/etc/rancher/k3s/config.yaml') && why !== undefined && why !== 'absent',
	)
	return !unread && config?.problems.length === 0
}

/** `undefined` on agents, and where nothing tells of a server's datastore. */
const parse = perBundle((bundle: Bundle): DatastoreEvidence | undefined => {
	if (bundle.node.role === 'agent') return undefined
	const config = readConfig(bundle)
	const endpoint = readEndpoint(configValue(config, 'datastore-endpoint'))
	const disk = onDisk(bundle, readFiles(bundle), configValue(config, 'etcd-snapshot-dir'))
	const etcdHealth = readHealth(answer(bundle, healthFile))
	const kind = kindOf(config, isWhole(bundle, config), endpoint, disk, ownJournal(bundle))
	if (kind === 'unknown' && !config && !disk.sqlite && !disk.etcd && !etcdHealth.length) return undefined
	return {
		kind,
		...optional('endpoint', endpoint?.at),
		...optional('sqlite', disk.sqlite),
		...optional('etcd', disk.etcd),
		etcdHealth,
	}
})

async function collect(ask: Ask): Promise<void> {
	if (ask.node.role === 'agent') return
	const answered = await ask.host.get(healthUrl, 5000)
	if (answered.status > 0) ask.put(healthFile, answered.body, { ms: answered.ms })
	else ask.skip?.(healthFile, 'absent', 'nothing answers: there is no embedded etcd, or it is down')
	const db = `${ask.node.dataDir}/server/db/etcd`
	await Promise.all([ask.file(`${db}/name`), ask.file(`${db}/config`)])
}

export const datastore = source({
	name: 'datastore',
	title: 'datastore',
	wants: ({ role }) =>
		role === 'agent' ? [] : [{ file: healthFile, askFor: `curl -s ${healthUrl}`, optional: true }],
	collect,
	parse,
})
