import {
	fact,
	hint,
	interruptsOfRestart,
	log,
	type Message,
	restartSteps,
	rule,
	serviceStep,
	strong,
} from '../../src/rule.js'
import { withoutSqlite } from '../kinds.js'
import { dbDir } from './backups.js'
import { isExternal } from './external.js'
import { goesOn } from './spoken.js'

const gib = 1024 ** 3
/** So many slow statements in one start are no hiccup. */
const series = 30

/** k3s itself warns of statements that take five seconds. */
const isLong = ({ lastText }: Message) =>
	/total time: (?:[5-9]|[1-9]\d+)(?:\.\d+)?s|total time: \d+m/.test(lastText)

export default rule({
	cause: 'sqlite-slow',
	title: 'The SQLite datastore is locked, bloated or too slow',
	severity: 'warning',
	severityHere: ({ service }) =>
		service && ['crash-looping', 'failed', 'hanging'].includes(service.state) ? 'critical' : undefined,
	appliesTo: ['server'],
	notFor: withoutSqlite,
	explain:
		'Everything that the API does goes through one SQLite file and one writer. Here it takes seconds: another program holds the file open, the file has grown because old revisions are no longer cleaned up, or the disk is too slow for the number of objects. Leases then expire, and in the end k3s restarts itself.',
	docs: ['https://docs.k3s.io/datastore', 'https://docs.k3s.io/reference/resource-profiling'],
	signs: [
		log(
			/database is locked|SQLITE_BUSY/,
			'another program, or a statement that hangs, holds the database file',
			{
				if: (evidence, message) =>
					goesOn(evidence, message) && (message.count > 2 || evidence.service?.state !== 'running'),
			},
		),
		log(/Slow SQL/, (_groups, { count }) => `${count} statements took longer than a second`, {
			if: (evidence, message) =>
				!isExternal(evidence.datastore) &&
				goesOn(evidence, message) &&
				message.count >= (isLong(message) ? series / 3 : series),
		}),
		log(
			/[Cc]ompact failed|[Ff]ailed to compact|Post-compact operations failed/,
			'old revisions cannot be cleaned up, so the file grows',
			{
				if: (evidence, message) =>
					!isExternal(evidence.datastore) && goesOn(evidence, message) && message.count > 1,
			},
		),
		fact(['datastore'], ({ datastore, node }) => {
			if (datastore.kind !== 'sqlite' || !datastore.sqlite) return undefined
			const { size, walSize = 0 } = datastore.sqlite
			return (
				(size > 2 * gib || walSize > gib / 2) &&
				hint(
					'datastore',
					`state.db has ${(size / gib).toFixed(1)} GiB, its write-ahead log ${(walSize / gib).toFixed(1)} GiB`,
					{
						quote: { file: 'commands/files.tsv', text: `${dbDir(node)}/state.db: ${size} bytes` },
					},
				)
			)
		}),
		fact(['processes'], ({ processes, node }) => {
			const other = processes.find(
				({ args }) => /(?:^|\/)sqlite3 /.test(args) && args.includes(`${dbDir(node)}/state.db`),
			)
			return (
				other &&
				strong('processes', `sqlite3 (pid ${other.pid}) has the database of k3s open`, {
					quote: { file: 'commands/ps.txt', text: other.args.slice(0, 300) },
				})
			)
		}),
	],
	leadsTo: ['api-unreachable', 'node-not-ready', 'datastore-overloaded'],
	remedies: ({ node }) => [
		{
			title: 'See who else has the file open, then restart k3s',
			why: 'A shell, a backup or a second k3s that holds the file keeps k3s from writing. A start also shrinks the file (releases since September 2025).',
			risk: 'restart',
			interrupts: interruptsOfRestart(node),
			steps: [{ run: ['fuser', '-v', `${dbDir(node)}/state.db`], exits: [0, 1] }, ...restartSteps(node)],
			recheck: ['journal', 'processes', 'datastore'],
		},
		{
			title: 'Shrink the file, with k3s stopped',
			why: 'Rows of deleted revisions leave holes that only VACUUM closes. It needs as much free space as the file is large.',
			risk: 'restart',
			interrupts: 'the API until it is done; pods go on',
			steps: [
				serviceStep(node, 'stop'),
				{ waitFor: { unitInactive: node.unit }, limitSeconds: 90 },
				{ backup: dbDir(node) },
				{
					tell: 'With the program sqlite3:',
					commands: [`sqlite3 ${dbDir(node)}/state.db 'PRAGMA integrity_check; VACUUM;'`],
				},
				...restartSteps(node),
			],
			recheck: ['journal', 'datastore', 'units'],
		},
		{
			title: 'Move to embedded etcd or to a database server, if the cluster has outgrown SQLite',
			why: 'SQLite is meant for a single small server. A start with cluster-init moves its data to etcd, which wants a fast disk.',
			risk: 'safe',
			interrupts: 'nothing until you do it',
			steps: [
				{
					tell: 'With a copy of the database at hand:',
					commands: [
						`systemctl stop ${node.unit}`,
						`cp -a ${dbDir(node)} /root/k3s-db-copy`,
						"echo 'cluster-init: true' >> /etc/rancher/k3s/config.yaml",
						`systemctl start ${node.unit}`,
					],
				},
			],
			recheck: ['datastore'],
		},
	],
})
