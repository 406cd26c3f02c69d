import {
	configValue,
	type Evidence,
	fact,
	hint,
	log,
	pathArgument,
	proof,
	restartSteps,
	rule,
	strong,
} from '../../src/rule.js'
import { withoutEtcd } from '../kinds.js'
import { dbDir } from './backups.js'

/** `cluster-reset` is on, in a file, in the environment or on the command line. */
function resetIsOn({ config }: Evidence): boolean {
	const told = configValue(config, 'cluster-reset')
	return (
		(told !== undefined && told !== 'false') ||
		(config?.args.some(word => /^--cluster-reset(=(?!false).*)?$/.test(word)) ?? false)
	)
}

export default rule({
	cause: 'etcd-restore-incomplete',
	title: 'A cluster reset or restore was begun and not finished',
	severity: 'critical',
	severityHere: ({ service }) => (service?.state === 'running' ? 'warning' : undefined),
	appliesTo: ['server'],
	notFor: withoutEtcd,
	explain:
		'A reset (`cluster-reset`) makes a cluster of one out of this server, with its data or with that of a snapshot. It is meant to run once: k3s then ends and says so, and wants to be started without the flag. Here the flag is still set, the restore lacks something, or the other servers still carry the old membership.',
	docs: [
		'https://docs.k3s.io/cli/etcd-snapshot#restoring-snapshots',
		'https://docs.k3s.io/datastore/backup-restore',
	],
	signs: [
		log(
			/cluster membership was previously reset, please remove the cluster-reset flag/,
			'the reset is done, but the cluster-reset flag is still set',
		),
		log(
			/cluster membership has been reset, restart without --cluster-reset flag now/,
			'the reset is done; k3s waits to be started without the flag',
			{
				if: ({ service }) => service?.state !== 'running',
			},
		),
		log(
			/etcd: snapshot path does not exist|snapshot path must be a file, not a directory/,
			'the snapshot that is to be restored is not there',
		),
		log(
			/no bootstrap data is available to reconcile against/,
			'the server to be joined has no cluster data to hand out',
		),
		log(
			/cluster reset failed to (?:stat|back up) server TLS dir/,
			'the reset could not keep a copy of the certificates',
		),
		log(
			/cannot perform cluster-reset while server URL is set/,
			'a reset is asked for on a server that is to join another one',
			{
				weight: 'hint',
			},
		),
		log(
			/cannot use S3 config secret when restoring snapshot|failed to download snapshot from S3/,
			'the snapshot could not be fetched',
		),
		fact(['config'], ({ config }, more) => {
			if (!resetIsOn(more)) return undefined
			const origin = config.values.get('cluster-reset')?.origin
			const done = more.datastore?.etcd?.resetFlag === true
			const weigh = done ? proof : more.service?.state === 'running' ? strong : hint
			return weigh(
				'config',
				`cluster-reset is set${origin ? ` in ${origin.file}` : ''}${done ? ', and the reset was done already (server/db/reset-flag)' : ''}`,
			)
		}),
	],
	leadsTo: ['etcd-member-conflict', 'api-unreachable', 'node-not-ready'],
	remedies: evidence => {
		const { node, config } = evidence
		const origins = ['cluster-reset', 'cluster-reset-restore-path'].flatMap(flag => {
			const origin = config?.values.get(flag)?.origin
			return origin?.kind === 'file' ? [{ flag, file: pathArgument(origin.file) }] : []
		})
		const edits = origins.flatMap(({ flag, file }) => (file ? [{ edit: file, remove: [flag] }] : []))
		return [
			{
				title: 'Take the cluster-reset flag out and start k3s',
				why: 'The reset itself is done; with the flag k3s only refuses to do it again.',
				risk: 'restart',
				interrupts: 'nothing that works',
				steps: [
					...edits,
					...(edits.length === 0
						? [
								{
									tell: 'Look for it in the unit, its environment and the configuration, and take it out:',
									commands: [
										`systemctl cat ${node.unit} | grep -n cluster-reset`,
										'grep -rn cluster-reset /etc/rancher/k3s /etc/systemd/system /etc/default',
										'systemctl daemon-reload',
									],
								},
							]
						: []),
					...restartSteps(node),
				],
				recheck: ['config', 'units', 'journal', 'datastore'],
			},
			{
				title: 'Let the other servers join anew',
				why: 'After a reset they still carry the old list of members, and are none of this cluster any more.',
				risk: 'destructive',
				interrupts: 'the other servers, until they have joined',
				steps: [
					{
						tell: 'On each other server, once this one is ready; its configuration must name this server (`server:`).',
						commands: ['systemctl stop k3s', `mv ${dbDir(node)} ${dbDir(node)}.old`, 'systemctl start k3s'],
					},
				],
				recheck: ['datastore', 'cluster'],
			},
		]
	},
})
