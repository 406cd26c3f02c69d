import { type Evidence, fact, hint, log, pathArgument, rule, strong } from '../../src/rule.js'
import { withoutSqlite } from '../kinds.js'
import { asideOf, dbDir } from './backups.js'
import { goesOn } from './spoken.js'

const database = ({ node }: Evidence) => `${dbDir(node)}/state.db`

/** kine never changes SQLite's default. Bytes. */
const page = 4096

export default rule({
	cause: 'sqlite-corrupt',
	title: 'The SQLite database of the cluster is damaged',
	severity: 'critical',
	appliesTo: ['server'],
	notFor: withoutSqlite,
	explain:
		'A single server keeps everything about the cluster in one SQLite file, server/db/state.db. That file is damaged: by a power failure, a full or failing disk, or because it was copied while k3s ran or without its -wal file. k3s cannot read it and does not start. Much of it can often be recovered.',
	docs: ['https://docs.k3s.io/datastore/backup-restore', 'https://www.sqlite.org/recovery.html'],
	signs: [
		log(/database disk image is malformed/, 'SQLite says that the database file is malformed', {
			if: goesOn,
		}),
		log(
			/file is not a database|file is encrypted or is not a database|malformed database schema|SQLITE_CORRUPT|SQLITE_NOTADB/,
			'SQLite does not recognise the file as a database',
			{ if: goesOn },
		),
		log(
			/load closed segment \S{1,80}: (?<why>found \d+ entries \(expected \d+\)|[^\n]{1,120})/,
			({ why }) => `dqlite, the clustered SQLite of k3s 1.17 and 1.18, lost a part of its log: ${why}`,
		),
		fact(['files', 'service'], ({ files, service }, more) => {
			const file = files.listed.get(database(more))
			if (file?.type !== 'file' || service.state === 'running' || service.state === 'starting')
				return undefined
			if (file.size === 0)
				return strong('files', `${file.path} is empty (0 bytes): the cluster would begin anew`, {
					quote: file.quote,
				})
			return file.size % page !== 0
				? hint('files', `${file.path} ends in the middle of a page (${file.size} bytes): it was cut off`, {
						quote: file.quote,
					})
				: undefined
		}),
	],
	leadsTo: ['api-unreachable', 'node-not-ready'],
	remedies: evidence => {
		const { node } = evidence
		const file = pathArgument(database(evidence)) ?? '/var/lib/rancher/k3s/server/db/state.db'
		const aside = asideOf(evidence)
		return [
			{
				title: 'Recover what can be read into a new database',
				why: 'SQLite can read the intact pages out of a damaged file. The old files stay beside it.',
				risk: 'destructive',
				interrupts: 'the API until it is done; pods go on',
				steps: [
					{
						tell: 'With the program sqlite3 (package sqlite3), and k3s stopped:',
						commands: [
							`systemctl stop ${node.unit}`,
							`cp -a ${dbDir(node)} ${aside}`,
							`sqlite3 ${file} 'PRAGMA integrity_check;' | head`,
							`sqlite3 ${file} .recover > /root/state.sql`,
							'sqlite3 /root/state-new.db < /root/state.sql',
							"sqlite3 /root/state-new.db 'PRAGMA integrity_check; SELECT count(*) FROM kine;'",
							`rm ${file} ${file}-wal ${file}-shm`,
							`install -m 644 /root/state-new.db ${file}`,
							`systemctl start ${node.unit}`,
						],
					},
				],
				recheck: ['journal', 'units', 'files', 'api'],
			},
			{
				title: 'Or put a backup of server/db back',
				why: 'A copy that was made while k3s was stopped (state.db with its -wal and -shm) brings the cluster back to that moment. The token must be that of the same cluster.',
				risk: 'destructive',
				interrupts: 'the API until it is done; pods that were made since are removed',
				steps: [
					{
						tell: 'With the backup at hand:',
						commands: [
							`systemctl stop ${node.unit}`,
							`mv ${dbDir(node)} ${aside}`,
							`cp -a /PATH/OF/BACKUP/db ${dbDir(node)}`,
							`systemctl start ${node.unit}`,
						],
					},
				],
				recheck: ['journal', 'units', 'files', 'api'],
			},
			{
				title: 'Only if there is no backup and nothing can be recovered: begin with an empty database',
				why: 'Authorities and keys stay, so agents can come back, but everything that was deployed has to be deployed again. The damaged file is moved, not deleted.',
				risk: 'destructive',
				interrupts: 'everything: all objects of the cluster are gone; the pods that still run are removed',
				steps: [
					{
						tell: 'Nobody but you can know that nothing is left to be saved:',
						commands: [
							`systemctl stop ${node.unit}`,
							`mv ${dbDir(node)} ${aside}`,
							`systemctl start ${node.unit}`,
						],
					},
				],
				recheck: ['journal', 'units', 'api'],
			},
		]
	},
})
