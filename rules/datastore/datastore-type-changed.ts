import {
	configValue,
	fact,
	hint,
	interruptsOfRestart,
	log,
	nowOf,
	pathArgument,
	restartSteps,
	rule,
	strong,
} from '../../src/rule.js'
import { dbDir } from './backups.js'
import { isExternal } from './external.js'

const day = 86_400_000

export default rule({
	cause: 'datastore-type-changed',
	title: 'k3s runs on another datastore than the one that holds its data',
	severity: 'warning',
	severityHere: ({ service }) =>
		service && service.state !== 'running' && service.state !== 'starting' ? 'critical' : undefined,
	appliesTo: ['server'],
	explain:
		'Which datastore k3s takes follows from what lies on the disk and from its options: etcd data on disk comes first, then datastore-endpoint, then cluster-init, else SQLite. After a change of options the old data stays where it was, without a word, and the cluster looks empty; or the new option is ignored, without a word, because etcd data is there.',
	docs: ['https://docs.k3s.io/datastore', 'https://docs.k3s.io/datastore/ha-embedded'],
	signs: [
		log(
			/failed to migrate content from sqlite to etcd|[Mm]igrating content from sqlite to etcd.*fail/,
			'the data could not be taken over from SQLite to etcd',
		),
		fact(['datastore', 'config'], ({ datastore, config, node }, more) => {
			const endpoint = configValue(config, 'datastore-endpoint')
			if (!endpoint || !datastore.sqlite || datastore.sqlite.size === 0 || !isExternal(datastore))
				return undefined
			const age = nowOf(more) - datastore.sqlite.modifiedAt
			// Who moved years ago and kept the file has no trouble.
			return (age < 7 * day ? strong : hint)(
				'datastore',
				`data of this server lies in ${dbDir(node)}/state.db, last written ${age < 2 * day ? `${Math.max(0, Math.round(age / 3_600_000))} hours` : `${Math.round(age / day)} days`} ago, but datastore-endpoint points elsewhere`,
				{
					quote: {
						file: `files${config.values.get('datastore-endpoint')?.origin.file ?? '/etc/rancher/k3s/config.yaml'}`,
						text: `datastore-endpoint: ${endpoint.slice(0, 200)}`,
					},
				},
			)
		}),
		fact(['datastore', 'config'], ({ datastore, config }) => {
			const endpoint = configValue(config, 'datastore-endpoint')
			return (
				!!endpoint &&
				datastore.kind === 'etcd' &&
				datastore.etcd &&
				strong(
					'datastore',
					`datastore-endpoint is set, but k3s goes on with the etcd data in ${datastore.etcd.dataDir} and ignores it`,
					{
						quote: {
							file: `files${config.values.get('datastore-endpoint')?.origin.file ?? '/etc/rancher/k3s/config.yaml'}`,
							text: `datastore-endpoint: ${endpoint.slice(0, 200)}`,
						},
					},
				)
			)
		}),
		fact(['datastore', 'files'], ({ datastore, node, files }, more) => {
			const migrated = files.listed.has(`${dbDir(node)}/state.db.migrated`)
			const { sqlite, kind, etcd } = datastore
			if (kind !== 'etcd' || !etcd || !sqlite || sqlite.size === 0 || migrated) return undefined
			const recent = nowOf(more) - sqlite.modifiedAt < 7 * day
			return (
				recent &&
				hint(
					'datastore',
					`both ${dbDir(node)}/state.db and etcd data are there, and the former was never marked as taken over`,
				)
			)
		}),
	],
	leadsTo: ['api-unreachable'],
	remedies: ({ node, config, service }) => {
		const origin = config?.values.get('datastore-endpoint')?.origin
		const file = pathArgument(origin?.kind === 'file' ? origin.file : undefined)
		return [
			file !== undefined && {
				title: 'Go back to the data on this disk: take datastore-endpoint out',
				why: 'Without it k3s uses what lies in server/db again. The data in the external datastore stays there, unused.',
				risk: 'restart' as const,
				interrupts:
					service?.state === 'running'
						? `${interruptsOfRestart(node)}; what was made in the new, empty cluster is not seen any more`
						: 'nothing that works',
				steps: [{ edit: file, remove: ['datastore-endpoint'] }, ...restartSteps(node)],
				recheck: ['config' as const, 'units' as const, 'journal' as const, 'datastore' as const],
			},
			{
				title: 'Or make the change for good: there is no way to take data over to an external datastore',
				why: 'Only SQLite to embedded etcd is taken over by k3s itself. Everything else means a new cluster, into which the workloads are deployed again.',
				risk: 'safe',
				interrupts: 'nothing',
				steps: [
					{
						tell: 'When the old data is not needed any more, move it away, so that nobody wonders:',
						commands: [
							`ls -la ${dbDir(node)}`,
							`systemctl stop ${node.unit}`,
							`mv ${dbDir(node)} /root/k3s-db-old`,
							`systemctl start ${node.unit}`,
						],
					},
				],
				recheck: ['datastore'],
			},
		]
	},
})
