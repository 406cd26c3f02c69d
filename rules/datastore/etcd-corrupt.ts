import {
	fact,
	hint,
	kubeNameArgument,
	log,
	pathArgument,
	proof,
	restartSteps,
	rule,
	serverUrl,
	serviceStep,
	strong,
} from '../../src/rule.js'
import { withoutEtcd } from '../kinds.js'
import { asideOf, dbDir, howToJoin, joinsAServer } from './backups.js'
import { goesOn, spokenNow } from './spoken.js'

/** A repair that cut off only a torn tail is harmless; then etcd still knows who it is. */
const withoutIdentity = /"local-member-id":"0"/

export default rule({
	cause: 'etcd-corrupt',
	title: 'The etcd data on this disk is damaged',
	severity: 'critical',
	appliesTo: ['server'],
	notFor: withoutEtcd,
	explain:
		'etcd keeps its data in a write-ahead log and in a database file. One of them is damaged: after a power failure, a full or dying disk, a copy made while etcd ran, or a virtual machine set back to an old snapshot. etcd then stops, sometimes without a word of why, and k3s waits for it. With other members alive this one is simply filled anew; a single server needs a snapshot.',
	docs: [
		'https://docs.k3s.io/cli/etcd-snapshot#restoring-snapshots',
		'https://etcd.io/docs/v3.6/op-guide/data_corruption/',
	],
	signs: [
		log(
			/failed to read WAL, cannot be repaired|failed to repair WAL|walpb: crc mismatch|wal: crc mismatch|max entry size limit exceeded|failed to open WAL|invalid state for wal directory|wal: slice bounds/,
			'the write-ahead log is damaged',
			{ if: goesOn },
		),
		fact(['journal', 'service'], ({ journal, service }) => {
			if (service.state === 'running') return undefined
			// Healthy starts say the same, with an identity in it.
			const restarting = journal.newest?.messages.find(
				({ text, lastQuote }) =>
					text.startsWith('restarting local member') && withoutIdentity.test(lastQuote.text),
			)
			return (
				restarting &&
				proof(
					'journal',
					'etcd started without knowing its own identity: the beginning of its write-ahead log is lost',
					restarting,
				)
			)
		}),
		log(
			/failed to recover v3 backend from snapshot|failed to find database snapshot file|database file .* of the backend is missing|snap file is corrupt|snap: crc mismatch/,
			'the database does not fit the snapshot that the log begins with',
		),
		log(
			/(?:failed to open database|opening etcd MVCC|bbolt|boltdb|backend|member\/snap\/db)[^\n]{0,200}(?:invalid database|version mismatch|checksum error|file size too small)/i,
			'the database file is damaged',
		),
		log(
			/failed to stat MVCC KV store backend path|failed to read consistent index|failed to (?:reconcile with|create) (?:local|temporary) (?:datastore|etcd)[^\n]{0,200}(?:wal|snap|database)/,
			'k3s cannot read the database of etcd',
		),
		log(
			/page \d+ already freed|assertion failed: Page expected to be|freepages: failed to get all reachable pages|invalid page type|freelist[^\n]{0,80}(?:corrupt|invalid)/,
			'pages of the database file are damaged',
		),
		log(
			/tocommit\(\d+\) is out of range \[lastIndex\(\d+\)\]/,
			'the end of the log is lost: this data is older than the cluster remembers',
		),
		log(
			/found data inconsistency with peers|checkInitialHashKV failed|found different hash values from remote peer|etcdserver: corrupt cluster|alarm:CORRUPT|CORRUPT alarm/,
			'the members of the cluster hold different data',
		),
		log(/Errors present on etcd cluster:.*CORRUPT/, 'etcd has raised the alarm CORRUPT', { weight: 'proof' }),
		log(
			/^(?:panic|fatal error|unexpected fault address)\b.*(?:slice bounds out of range|fault|index out of range|nil pointer)/,
			'etcd fell over data that cannot be',
			{
				// The frames of the panic tell whose it was.
				if: ({ journal }) =>
					journal?.messages.some(({ text }) =>
						/^go\.etcd\.io\/(?:bbolt|etcd)|etcd\/server\/|bbolt\.\(\*/.test(text),
					) ?? false,
			},
		),
		fact(['datastore', 'service'], ({ datastore, service }) => {
			const broken = datastore.etcd?.brokenWal ?? []
			return (
				broken.length > 0 &&
				service.state !== 'running' &&
				strong('datastore', `etcd has put a damaged log aside: ${broken[0]}`, {
					quote: { file: 'commands/files.tsv', text: broken.slice(0, 3).join(', ') },
				})
			)
		}),
		fact(['journal', 'service'], ({ service }, more) => {
			if (service.state === 'running') return undefined
			const repaired = spokenNow(more).find(({ text }) => text.startsWith('repaired WAL'))
			return repaired && hint('journal', 'etcd had to repair its write-ahead log at this start', repaired)
		}),
	],
	leadsTo: ['etcd-quorum-lost', 'api-unreachable', 'node-not-ready'],
	remedies: evidence => {
		const { node, datastore, config } = evidence
		const newest = datastore?.etcd?.snapshots.at(-1)
		const snapshot = pathArgument(newest && `${node.dataDir}/server/db/snapshots/${newest}`)
		const joins = serverUrl(config) !== undefined
		const rejoin = {
			title: 'With other servers alive: move the damaged data aside and let this server join anew',
			why: 'A new member gets the whole data from the others.',
			risk: 'destructive' as const,
			interrupts: 'nothing that works: this server has no API now; pods go on',
			preconditions: [joinsAServer(evidence)],
			steps: [
				{
					tell: 'First, on a healthy server, and only while the other members are a majority: take the old member out.',
					commands: [
						'k3s kubectl get nodes -l node-role.kubernetes.io/etcd=true',
						`k3s kubectl delete node ${kubeNameArgument(node.hostname.toLowerCase()) ?? 'THIS-NODE'}`,
					],
				},
				howToJoin,
				serviceStep(node, 'stop'),
				{ waitFor: { unitInactive: node.unit }, limitSeconds: 90 },
				{ move: dbDir(node), to: asideOf(evidence) },
				...restartSteps(node, 300),
			],
			recheck: ['journal' as const, 'units' as const, 'datastore' as const],
		}
		const restore = {
			title: snapshot
				? `Single server: go back to the snapshot ${newest}`
				: 'Single server: go back to a snapshot',
			why: 'The data of that moment comes back; what changed since is lost. k3s keeps the damaged data beside it (etcd-old-…).',
			risk: 'destructive' as const,
			interrupts: 'the API until it is done; pods that were made since the snapshot are removed',
			steps: [
				{
					tell: 'With the token of the cluster at hand (server/token), and a copy of everything first:',
					commands: [
						`systemctl stop ${node.unit}`,
						`cp -a ${dbDir(node)} ${asideOf(evidence)}`,
						`ls -l ${node.dataDir}/server/db/snapshots`,
						`k3s server --cluster-reset --cluster-reset-restore-path=${snapshot ?? `${node.dataDir}/server/db/snapshots/SNAPSHOT`}`,
						`systemctl start ${node.unit}`,
					],
				},
			],
			recheck: ['journal' as const, 'units' as const, 'datastore' as const],
		}
		return joins ? [rejoin, restore] : [restore, rejoin]
	},
})
