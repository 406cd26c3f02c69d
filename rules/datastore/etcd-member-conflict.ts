import {
	type Evidence,
	fact,
	hint,
	kubeNameArgument,
	log,
	proof,
	restartSteps,
	rule,
	serverUrl,
	serviceStep,
	strong,
} from '../../src/rule.js'
import { withoutEtcd } from '../kinds.js'
import { asideOf, dbDir, howToJoin, joinsAServer } from './backups.js'
import { removed, wasRemoved } from './etcd.js'
import { goesOn, spokenNow } from './spoken.js'

const notMember =
	/this server is (?:a )?not a member of the etcd cluster\. Found \[(?<found>[^\n]{0,4000}?)\], expect: (?<expected>[^\s"]{1,300})/

/** The list holds this very member under another address: then the address changed, and the member did not. */
function isOnlyMoved(found: string, expected: string): boolean {
	const name = expected.split('=')[0] ?? ''
	return name !== '' && found.split(' ').some(member => member.startsWith(`${name}=`))
}

const lives = ({ service }: Evidence) => service?.state === 'running'

export default rule({
	cause: 'etcd-member-conflict',
	title: 'This server is not the etcd member that the cluster knows',
	severity: 'critical',
	appliesTo: ['server'],
	notFor: withoutEtcd,
	explain:
		'The list of etcd members and the data on this disk disagree: this server was taken out of the cluster (its Node was deleted, or the cluster was reset on another server), or its name or data belong to another member or another cluster. etcd stops at once, and k3s waits for it for ever. The data here is an old copy; the others have the current one.',
	docs: [
		'https://docs.k3s.io/datastore/ha-embedded',
		'https://docs.k3s.io/cli/etcd-snapshot#restoring-snapshots',
	],
	signs: [
		log(removed, 'the cluster has removed this member for good', {
			weight: 'proof',
			if: goesOn,
		}),
		log(
			notMember,
			({ found = '', expected = '' }) =>
				isOnlyMoved(found, expected)
					? `the cluster knows this member under another address than ${expected}`
					: `the member list has no ${expected}; it holds ${found.slice(0, 300)}`,
			{ if: (_evidence, _message, { found = '', expected = '' }) => !isOnlyMoved(found, expected) },
		),
		log(
			notMember,
			({ expected = '' }) => `the cluster knows this member under another address than ${expected}`,
			{
				weight: 'hint',
				if: (_evidence, _message, { found = '', expected = '' }) => isOnlyMoved(found, expected),
			},
		),
		log(
			/duplicate node names?(?: found)?, please use (?:a )?unique/,
			'a member of the cluster already has the name of this node',
		),
		log(
			/tombstone file has been detected but --server is empty/,
			'this member was removed, and no server to join is configured',
		),
		log(
			/member \S+ has already been bootstrapped|member count is unequal|couldn't find local name|error validating peerURLs|cannot fetch cluster info from peer urls|missing from --initial-advertise-peer-urls/,
			'the data on this disk does not belong to this cluster',
		),
		log(/(?:request )?cluster ID mismatch/, 'another server belongs to a cluster of its own', {
			if: (_evidence, { count }) => count > 1,
		}),
		log(
			/too many learner members in cluster|Waiting for other members to finish joining etcd cluster/,
			'another member has been joining for long, and only one may at a time',
			{
				weight: 'hint',
				if: (_evidence, { firstAt, lastAt }) => lastAt - firstAt > 600_000,
			},
		),
		fact(['datastore', 'service'], ({ datastore, service }) =>
			datastore.etcd?.tombstone && service.state !== 'running'
				? strong(
						'datastore',
						`k3s has marked the data of this member as removed (${datastore.etcd.dataDir}/tombstone)`,
						{
							quote: { file: 'commands/files.tsv', text: `${datastore.etcd.dataDir}/tombstone` },
						},
					)
				: undefined,
		),
		fact(['journal', 'service'], (_have, more) => {
			const gone = spokenNow(more).find(({ text }) => /etcd exited: server is stopping/.test(text))
			return (
				gone &&
				wasRemoved(more) &&
				!lives(more) &&
				hint('journal', 'etcd stopped itself right after its start', gone)
			)
		}),
		fact(['cluster'], ({ cluster, node }) => {
			const nodes = cluster.nodes ?? []
			const self = nodes.find(({ name }) => name === node.hostname.toLowerCase())
			const asked = self?.annotations['etcd.k3s.cattle.io/removed-node-name']
			return (
				asked !== undefined &&
				asked !== '' &&
				proof('cluster', `the Node of this server says that its member ${asked} was removed from etcd`, {
					quote: { file: 'api/nodes.json', text: `etcd.k3s.cattle.io/removed-node-name: ${asked}` },
				})
			)
		}),
	],
	leadsTo: ['etcd-quorum-lost', 'api-unreachable', 'node-not-ready'],
	remedies: evidence => {
		const { node, config } = evidence
		const gone = wasRemoved(evidence)
		const name = kubeNameArgument(node.hostname.toLowerCase()) ?? 'NODE'
		return [
			{
				title: 'Move the old etcd data aside and let this server join anew',
				why: 'With an empty data directory k3s asks the server in its configuration to take it in, and gets the current data from there. Certificates and token stay.',
				risk: 'destructive',
				interrupts: 'nothing that works: this server has no API now; pods go on',
				preconditions: [joinsAServer(evidence)],
				steps: [
					...(gone
						? []
						: [
								{
									tell: `First, on a healthy server: if a Node ${name} still stands there, and the other members are a majority, delete it.`,
									commands: ['k3s kubectl get nodes', `k3s kubectl delete node ${name}`],
								},
							]),
					serviceStep(node, 'stop'),
					{ waitFor: { unitInactive: node.unit }, limitSeconds: 90 },
					{ move: dbDir(node), to: asideOf(evidence) },
					...restartSteps(node, 300),
				],
				recheck: ['journal', 'units', 'datastore', 'api'],
			},
			!gone && {
				title: 'Clear the member list on a healthy server first, where this member still stands in it',
				why: 'Deleting the Node of a server takes its etcd member out. Count first: the members that are left must be a majority of those listed.',
				risk: 'destructive',
				interrupts: 'pods of that Node are moved',
				steps: [
					{
						tell: 'On a healthy server:',
						commands: [
							'k3s kubectl get nodes -l node-role.kubernetes.io/etcd=true',
							`k3s kubectl delete node ${name}`,
						],
					},
				],
				recheck: ['datastore', 'cluster'],
			},
			serverUrl(config) === undefined && {
				title: 'Name a server to join in the configuration first',
				why: 'This server was the first of its cluster, so it names none. Without one it would begin a cluster of its own when its data is away.',
				risk: 'safe' as const,
				interrupts: 'nothing',
				steps: [howToJoin],
				recheck: ['config' as const],
			},
		]
	},
})
