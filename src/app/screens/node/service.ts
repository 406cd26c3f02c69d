/** Units and the datastore. */
import { utcTime } from '../../../report/times.js'
import { bytes } from '../../format.js'
import { cell, span, type Tone } from '../../line.js'
import { factRow, type Section, tableRow, withFile } from './section.js'

function unitTone(active: string): Tone | undefined {
	if (active === 'failed') return 'bad'
	if (active === 'active') return 'good'
	return active === 'activating' || active === 'deactivating' ? 'warn' : undefined
}

export const units: Section = {
	id: 'units',
	title: 'Units',
	summary: ({ units, node }) => {
		if (!units) return undefined
		const { own, failed } = units
		const others = failed.filter(name => name !== own?.id).length
		const more = others > 0 ? `, ${others} other failed` : ''
		if (!own) return { says: `systemd knows no ${node.unit}${more}`, tone: 'warn' }
		const tone = unitTone(own.activeState)
		const restarts = own.restarts > 0 ? `, ${own.restarts} restarts` : ''
		return {
			says: `${own.id} ${own.activeState} (${own.subState})${restarts}${more}`,
			...(tone && tone !== 'good' && { tone }),
		}
	},
	rows: ({ units }, subject) => {
		if (!units) return []
		const { own, all, failed, cat } = units
		const rest = all.filter(unit => unit.id !== own?.id && unit.loadState !== 'not-found')
		const gone = failed.filter(name => !all.some(({ id }) => id === name))
		const at = (time: number | undefined) => (time === undefined ? '' : ` since ${utcTime(time)}`)
		return [
			...(own
				? [
						factRow('state', `${own.activeState} (${own.subState})${at(own.activeAt ?? own.inactiveAt)}`, {
							group: own.id,
							...(own.activeState === 'failed' && { tone: 'bad' as const }),
							target: { kind: 'file', file: 'commands/systemctl-status.txt' },
						}),
						factRow('at boot', own.unitFileState || 'not known', { group: own.id }),
						factRow('result', `${own.result}, exit status ${own.exitStatus}`, { group: own.id }),
						factRow('restarts', String(own.restarts), { group: own.id }),
						factRow('file', own.fragmentPath, { group: own.id, ...withFile(subject, own.fragmentPath) }),
						...own.dropIns.map(path =>
							factRow('drop-in', path, { group: own.id, ...withFile(subject, path) }),
						),
						...own.exec.map(argv => factRow('runs', argv.join(' '), { group: own.id })),
					]
				: []),
			...cat.map(({ path }) =>
				factRow('text', path, {
					group: 'Unit files',
					target: { kind: 'file', file: 'commands/systemctl-cat.txt' },
				}),
			),
			...rest.map(({ id, activeState, subState, unitFileState }) =>
				tableRow(
					`unit ${id}`,
					id,
					() => ({
						left: [
							cell(id, 34),
							span(`${activeState} (${subState})`, unitTone(activeState)),
							span(`  ${unitFileState}`, 'faint'),
						],
					}),
					{ group: 'Services that can trouble k3s' },
				),
			),
			...gone.map(name => factRow(name, 'failed', { group: 'Other failed units', tone: 'warn' })),
		]
	},
}

const kinds: Readonly<Record<string, string>> = {
	sqlite: 'SQLite',
	etcd: 'embedded etcd',
	mysql: 'MySQL or MariaDB',
	postgres: 'PostgreSQL',
	'external-etcd': 'external etcd',
	nats: 'NATS',
}

export const datastore: Section = {
	id: 'datastore',
	title: 'Datastore',
	summary: ({ datastore, node }) => {
		if (node.role === 'agent') return { says: 'an agent has none' }
		if (!datastore) return undefined
		const { kind, endpoint, sqlite, etcdHealth } = datastore
		const sick = etcdHealth.find(({ healthy }) => !healthy)
		const where = endpoint ? ` at ${endpoint.host}${endpoint.port ? `:${endpoint.port}` : ''}` : ''
		const size = sqlite ? `, ${bytes(sqlite.size)}` : ''
		return {
			says: `${kinds[kind] ?? 'not known'}${where}${size}${sick ? `, unhealthy: ${sick.reason}` : ''}`,
			...(sick && { tone: 'bad' as const }),
		}
	},
	rows: ({ datastore, cluster }) => {
		if (!datastore) return []
		const { kind, endpoint, sqlite, etcd, etcdHealth } = datastore
		const members = (cluster?.nodes ?? []).filter(({ labels }) => 'node-role.kubernetes.io/etcd' in labels)
		return [
			factRow('kind', kinds[kind] ?? 'not known'),
			...(endpoint
				? [factRow('endpoint', `${endpoint.host}${endpoint.port ? `:${endpoint.port}` : ''}`)]
				: []),
			...(sqlite
				? [
						factRow('database', `${bytes(sqlite.size)}, changed ${utcTime(sqlite.modifiedAt)} UTC`),
						...(sqlite.walSize === undefined ? [] : [factRow('write-ahead log', bytes(sqlite.walSize))]),
					]
				: []),
			...(etcd
				? [
						factRow('directory', etcd.dataDir),
						...(etcd.tombstone
							? [factRow('tombstone', 'this member was removed', { tone: 'bad' as const })]
							: []),
						...(etcd.resetFlag
							? [factRow('reset flag', 'left by a cluster reset', { tone: 'warn' as const })]
							: []),
						...etcd.brokenWal.map(path => factRow('broken log', path, { tone: 'bad' as const })),
						...etcd.snapshots.map(name => factRow('snapshot', name, { group: 'Snapshots' })),
					]
				: []),
			...etcdHealth.map(({ healthy, reason }) =>
				factRow('health', healthy ? 'healthy' : `unhealthy: ${reason}`, {
					group: 'etcd says',
					tone: healthy ? 'good' : 'bad',
				}),
			),
			...members.map(({ name, addresses, conditions }) => {
				const ready = conditions.find(({ type }) => type === 'Ready')?.status === 'True'
				return factRow(
					name,
					`${addresses.find(({ type }) => type === 'InternalIP')?.address ?? ''} ${ready ? 'Ready' : 'not Ready'}`,
					{ group: 'Servers with etcd', ...(!ready && { tone: 'warn' as const }) },
				)
			}),
		]
	},
}
