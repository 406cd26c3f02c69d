import { fact, log, rule, strong } from '../../src/rule.js'
import { isOlder, minorsAhead } from './versions.js'

export default rule({
	cause: 'downgrade-unsupported',
	title: 'An older k3s was started on the data of a newer one',
	severity: 'critical',
	appliesTo: ['server'],
	explain:
		'The data directory was written by a newer k3s than the one that is started now. Datastores are not made for the way back: etcd refuses a log of a newer version, and objects may be stored in versions that the old API server cannot read.',
	docs: ['https://docs.k3s.io/upgrades/roll-back', 'https://etcd.io/docs/v3.6/downgrades/'],
	signs: [
		log(
			/cannot downgrade storage, WAL contains newer entries|cluster cannot be downgraded|invalid downgrade; server version is lower than determined cluster version|storage version differs from storage model version/,
			'etcd refuses data of a newer version',
		),
		fact(['journal', 'service'], ({ journal, service }) => {
			const { newest, starts } = journal
			if (
				!newest?.version ||
				service.state === 'running' ||
				service.state === 'stopped' ||
				service.state === 'starting'
			)
				return undefined
			const before = starts.findLast(
				start =>
					start.index < newest.index && start.version !== newest.version && start.readyAt !== undefined,
			)
			if (!before?.version || !isOlder(newest.version, before.version)) return undefined
			const minors = minorsAhead(before.version, newest.version) ?? 0
			if (minors < 1) return undefined
			const line = newest.milestones[0]
			return strong(
				'journal',
				`${newest.version} is started where ${before.version} ran before`,
				line ? { quote: line.quote, at: line.at } : {},
			)
		}),
	],
	leadsTo: ['api-unreachable', 'node-not-ready', 'etcd-corrupt'],
	remedies: ({ node, journal }) => {
		const newer = journal?.starts.findLast(
			({ version, readyAt }) => readyAt !== undefined && version !== journal.newest?.version,
		)?.version
		const version = newer && /^v[0-9A-Za-z.+-]{3,40}$/.test(newer) ? newer : 'VERSION'
		return [
			{
				title: `Install ${version === 'VERSION' ? 'the newer version' : version} again`,
				why: 'It can read its own data.',
				risk: 'restart',
				interrupts: 'nothing that runs: k3s is down anyway',
				steps: [
					{
						tell: 'With the same arguments as before:',
						commands: [`curl -sfL https://get.k3s.io | INSTALL_K3S_VERSION=${version} sh -s - server`],
					},
				],
				recheck: ['k3s', 'units', 'journal'],
			},
			{
				title: 'Go back to a snapshot that the older version wrote',
				why: 'The only supported way down; everything since the snapshot is lost.',
				risk: 'destructive',
				interrupts: 'the whole cluster',
				steps: [
					{ run: ['ls', '-la', `${node.dataDir}/server/db/snapshots`], exits: [0, 2] },
					{
						tell: 'Restore a snapshot taken by the older version:',
						commands: [
							`k3s server --cluster-reset --cluster-reset-restore-path=${node.dataDir}/server/db/snapshots/SNAPSHOT`,
						],
					},
				],
				recheck: ['units', 'journal'],
			},
		]
	},
})
