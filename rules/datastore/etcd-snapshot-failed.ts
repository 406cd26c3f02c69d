import { configValue, fact, hint, hostArgument, log, rule, strong } from '../../src/rule.js'
import { withoutEtcd } from '../kinds.js'
import { goesOn } from './spoken.js'

const reason = (text: string) =>
	/: (?<why>[^:]{3,80}: )?(?<last>(?:dial tcp|lookup|x509|tls|NoSuchBucket|Access Denied|The |bucket |no space|context )[^\n]{0,200})$/
		.exec(text)?.[0]
		?.slice(2) ?? ''

const s3Setting = ['etcd-s3-endpoint', 'etcd-s3-bucket', 'etcd-s3-region', 'etcd-s3-folder'] as const

export default rule({
	cause: 'etcd-snapshot-failed',
	title: 'Snapshots of etcd fail',
	severity: 'warning',
	// A restore that finds no snapshot keeps k3s from starting.
	severityHere: ({ service }, findings) =>
		findings.some(({ weight, source }) => weight === 'proof' && source === 'journal') &&
		service?.state !== 'running'
			? 'critical'
			: undefined,
	effect: 'at-risk',
	appliesTo: ['server'],
	notFor: withoutEtcd,
	explain:
		'k3s saves a snapshot of etcd twice a day, and can copy it to S3. Lately that failed: the S3 endpoint does not answer or refuses, the bucket is missing, or the disk is full. The cluster works, but in an emergency there is no current backup.',
	docs: [
		'https://docs.k3s.io/cli/etcd-snapshot',
		'https://docs.k3s.io/cli/etcd-snapshot#s3-compatible-object-store-support',
	],
	signs: [
		log(
			/Failed to take (?:scheduled |etcd )?snapshot|failed to save (?:etcd )?snapshot|Failed to save snapshot/i,
			(_groups, { lastText }) =>
				`a snapshot could not be taken or stored${reason(lastText) ? `: ${reason(lastText)}` : ''}`,
			{ weight: 'strong' },
		),
		log(
			/[Uu]nable to initialize S3 client|failed to initialize S3 client|failed to test for existence of bucket|bucket \S+ does not exist|s3 bucket name was not set|no certificates loaded from etcd-s3-endpoint-ca|failed to get config from etcd-s3-config-secret|failed to upload snapshot|failed to get the snapshot dir/,
			(_groups, { lastText }) => `S3 cannot be used${reason(lastText) ? `: ${reason(lastText)}` : ''}`,
		),
		log(
			/(?<what>cannot use S3 config secret when restoring snapshot|failed to download snapshot from S3(?::[^\n]{0,200})?)/,
			({ what }) => `the snapshot that is to be restored could not be fetched: ${what}`,
		),
		log(/snapshot save already in progress/, 'one snapshot was still being saved when the next was due', {
			weight: 'hint',
			if: (evidence, message) => goesOn(evidence, message) && message.count > 2,
		}),
		fact(['cluster'], ({ cluster, node }) => {
			const about = (cluster.events ?? []).filter(
				({ kind, name }) => kind === 'ETCDSnapshotFile' && name.includes(node.hostname.toLowerCase()),
			)
			const failed = about.filter(({ reason: why }) => why === 'ETCDSnapshotFailed')
			const newest = failed.reduce<(typeof failed)[number] | undefined>(
				(best, event) => (!best || event.lastAt > best.lastAt ? event : best),
				undefined,
			)
			if (!newest) return undefined
			// A local snapshot and its copy in S3 are told apart by the name; one may go well while the other fails.
			const kindOf = (name: string) => name.split('-', 1)[0]
			const later = about.some(
				({ reason: why, lastAt, name }) =>
					why === 'ETCDSnapshotCreated' && lastAt > newest.lastAt && kindOf(name) === kindOf(newest.name),
			)
			return (
				!later &&
				strong('cluster', 'an event of the cluster says that a snapshot failed', {
					quote: { file: 'api/events.json', text: newest.message.slice(0, 600) },
					at: newest.lastAt,
					count: newest.count,
				})
			)
		}),
		fact(['config', 'probes'], ({ config, probes }) => {
			if (configValue(config, 'etcd-s3') !== 'true') return undefined
			const endpoint = configValue(config, 'etcd-s3-endpoint') ?? ''
			const [, host, port] = /^(?:https?:\/\/)?\[?([\w.-]+|[0-9a-fA-F:]+)\]?(?::(\d+))?/.exec(endpoint) ?? []
			const closed = probes.ports.find(
				probe => probe.host === host && probe.port === Number(port ?? 443) && probe.result !== 'open',
			)
			return (
				closed &&
				hint('probes', `the S3 endpoint ${endpoint} does not answer (${closed.result})`, {
					quote: closed.quote,
				})
			)
		}),
	],
	leadsTo: ['etcd-restore-incomplete'],
	remedies: ({ node, config }) => {
		const s3 =
			configValue(config, 'etcd-s3') === 'true' || configValue(config, 'etcd-s3-endpoint') !== undefined
		const endpoint = configValue(config, 'etcd-s3-endpoint')
		const host = hostArgument(endpoint?.replace(/^https?:\/\//, '').replace(/:\d+$/, ''))
		const port = /:(\d{1,5})$/.exec(endpoint ?? '')?.[1] ?? '443'
		const set = s3Setting.flatMap(flag => {
			const value = configValue(config, flag)
			return value === undefined ? [] : [`${flag}: ${value}`]
		})
		return [
			{
				title: 'Take a snapshot now, and read what it says',
				why: 'By hand the reason comes at once. Nothing is changed by it.',
				risk: 'safe',
				interrupts: 'nothing; etcd is a little slower for some seconds',
				steps: [
					{ run: ['k3s', 'etcd-snapshot', 'save', '--name', 'by-hand'], limitSeconds: 300, exits: [0, 1] },
					{ run: ['k3s', 'etcd-snapshot', 'ls'], exits: [0, 1] },
				],
				recheck: ['journal', 'cluster', 'datastore'],
			},
			s3 && {
				title: `Make the S3 endpoint${endpoint ? ` ${endpoint}` : ''} reachable, or correct its settings`,
				why: 'The local snapshot is taken all the same; only its copy in S3 is missing. Until it works, keep the local ones elsewhere.',
				risk: 'safe' as const,
				interrupts: 'nothing; changed settings need a restart of k3s',
				steps: [
					{
						tell: `What is configured: ${set.join(', ') || 'see config.yaml'}. Try it from here, then correct it in config.yaml or in the secret and restart k3s:`,
						commands: [
							`curl -v --max-time 5 https://${host ?? 'S3-ENDPOINT'}:${port}/`,
							'vi /etc/rancher/k3s/config.yaml',
							`systemctl restart ${node.unit}`,
						],
					},
					{
						tell: 'Meanwhile, copy the newest local snapshot to another machine:',
						commands: [`ls -lt ${node.dataDir}/server/db/snapshots`],
					},
				],
				recheck: ['journal' as const, 'config' as const],
			},
		]
	},
})
