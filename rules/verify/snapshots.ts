import { check, configValue, filesBelow, nowOf, pass, unseen, warn } from '../../src/check.js'

const day = 86_400_000

export default check({
	id: 'snapshots',
	list: 'verify',
	title: 'The datastore is backed up',
	appliesTo: ['server'],
	explain:
		"k3s takes snapshots of its embedded etcd every twelve hours by itself. Of SQLite and of external databases it takes none: those are the operator's to copy. The token belongs to the backup.",
	docs: ['https://docs.k3s.io/datastore/backup-restore', 'https://docs.k3s.io/cli/etcd-snapshot'],
	needs: ['datastore'],
	look: ({ datastore, node }, { more }) => {
		if (datastore.kind === 'sqlite')
			return unseen(
				'k3s takes no snapshots of SQLite; whether anything else copies it cannot be seen from here',
				[
					'systemctl stop k3s',
					'tar -czf /root/k3s-db.tar.gz -C /var/lib/rancher/k3s/server db token',
					'systemctl start k3s',
				],
				'A copy by hand, with k3s stopped (pods go on):',
			)
		if (datastore.kind !== 'etcd') return { because: 'an external database is backed up where it runs' }
		if (configValue(more.config, 'etcd-disable-snapshots') === 'true')
			return warn('the schedule is switched off (etcd-disable-snapshots)', {
				source: 'config',
				do: [
					{
						tell: 'Unless another server takes them:',
						commands: ['k3s etcd-snapshot save', 'k3s etcd-snapshot ls'],
					},
				],
			})
		const cron = configValue(more.config, 'etcd-snapshot-schedule-cron') ?? '0 */12 * * *'
		const keeps = configValue(more.config, 'etcd-snapshot-retention') ?? '5'
		const schedule = `schedule "${cron}", keeps ${keeps}`
		const folder = configValue(more.config, 'etcd-snapshot-dir') ?? `${node.dataDir}/server/db/snapshots`
		const newest = Math.max(
			...filesBelow(more.files ?? nothing, folder)
				.filter(({ type }) => type === 'file')
				.map(({ modifiedAt }) => modifiedAt),
			0,
		)
		const names = datastore.etcd?.snapshots ?? []
		if (newest > 0) {
			const age = nowOf(more) - newest
			return age > 7 * day
				? warn(`the newest snapshot is ${Math.floor(age / day)} days old (${schedule})`, {
						source: 'files',
						do: [
							{
								tell: 'Take one now, and see why none came:',
								commands: ['k3s etcd-snapshot save', 'journalctl -u k3s | grep -i snapshot | tail'],
							},
						],
					})
				: pass(
						`${names.length || 'some'} snapshots, the newest ${Math.round(age / 3_600_000)} h old (${schedule})`,
						{ source: 'files' },
					)
		}
		if (names.length > 0) return pass(`${names.length} snapshots (${schedule})`, { source: 'datastore' })
		if (!more.files) return unseen(schedule, ['k3s etcd-snapshot ls'])
		return pass(`none yet; ${schedule}. The first one now: k3s etcd-snapshot save`, { source: 'files' })
	},
})

const nothing = {
	listed: new Map(),
	roots: [],
	missingRoots: [],
	denied: [],
	depth: 0,
	texts: new Map(),
}
