import { type Evidence, fact, hint, log, persists, proof, rule, strong, unitName } from '../../src/rule.js'
import { withoutEtcd } from '../kinds.js'
import { asideOf, dbDir } from './backups.js'
import { deadMembers, saysNoLeader, voterCount, wasRemoved } from './etcd.js'
import { goesOn, isFresh, spokenNow } from './spoken.js'

const noLeader = /etcdserver: no leader|lost leader .{0,80} at term/

/** It calls for elections, and nobody was elected since. */
function electsInVain(evidence: Evidence): boolean {
	const said = evidence.journal?.newest?.messages ?? []
	const calls = said.find(({ text }) => /is starting a new election at term/.test(text))
	const elected = said.find(({ text }) => /elected leader|became leader at term/.test(text))
	return calls !== undefined && calls.count > 4 && (elected?.lastIndex ?? -1) < calls.lastIndex
}

function isLeaderless(evidence: Evidence): boolean {
	return (
		saysNoLeader(evidence) ||
		electsInVain(evidence) ||
		spokenNow(evidence).some(
			message => noLeader.test(message.text) && message.count > 2 && goesOn(evidence, message),
		)
	)
}

export default rule({
	cause: 'etcd-quorum-lost',
	title: 'etcd has no leader: too few members of the cluster are up',
	severity: 'critical',
	appliesTo: ['server'],
	notFor: withoutEtcd,
	explain:
		'etcd works only while more than half of its members see each other: two of three, three of five. Fewer are left, so there is no leader, nothing can be written, and the API of the whole cluster stands still. Pods that run go on. As soon as enough members are back it heals by itself.',
	docs: ['https://docs.k3s.io/datastore/ha-embedded', 'https://etcd.io/docs/v3.6/op-guide/recovery/'],
	signs: [
		fact(['datastore'], ({ datastore }, more) => {
			if (!saysNoLeader(more) || wasRemoved(more)) return undefined
			const told = datastore.etcdHealth.find(({ healthy }) => !healthy)
			return (isFresh(more) ? hint : strong)(
				'datastore',
				`etcd on this node says of itself: ${told?.reason || 'no leader'}`,
				{ quote: { file: 'commands/etcd-health.json', text: JSON.stringify(told ?? {}) } },
			)
		}),
		log(noLeader, 'etcd has no leader', {
			neverProof: true,
			if: (evidence, message) =>
				goesOn(evidence, message) && message.count > 2 && !wasRemoved(evidence) && !isFresh(evidence),
		}),
		log(
			/etcdserver: unhealthy cluster|re-configuration failed due to not enough started members|MemberAdd request timed out/,
			'the cluster takes no member in, because too few of its members are up',
			{
				if: (evidence, message) =>
					goesOn(evidence, message) &&
					(message.count > 2 || message.level === 'fatal' || evidence.service?.state === 'crash-looping'),
			},
		),
		log(
			/Failed to test (?:etcd|data store) connection: (?<why>[^\n]{0,200}(?:deadline exceeded|connection refused|not yet been promoted)[^\n]{0,100})/,
			({ why }) => `etcd on this node waits for others and serves nobody: ${why}`,
			{
				neverProof: true,
				// An etcd that stands alone, or was put out, has another reason.
				if: (evidence, message) =>
					persists(evidence, message, { span: 180_000 }) &&
					evidence.service?.state === 'hanging' &&
					!wasRemoved(evidence) &&
					!/x509|not a member/.test(message.lastText),
			},
		),
		fact(['journal'], (_have, more) => {
			const dead = deadMembers(more)
			const [first] = dead
			const healthy = more.datastore?.etcdHealth.some(answer => answer.healthy)
			if (!first || healthy || wasRemoved(more)) return undefined
			const voters = voterCount(more)
			const noMajority = voters === undefined ? dead.length > 1 : (voters - dead.length) * 2 <= voters
			const says = `${dead.length === 1 ? 'one member gives' : `${dead.length} members give`} no sign of life: ${dead.map(({ host, why }) => `${host} (${why})`).join(', ')}${voters === undefined ? '' : `; ${voters} members vote`}`
			const weigh = isLeaderless(more) && noMajority && !isFresh(more) ? proof : hint
			return weigh(first.from, says, first.cite)
		}),
		log(
			/is starting a new election at term (?<term>\d+)/,
			({ term }) => `this member calls for an election again and again (term ${term})`,
			{
				weight: 'hint',
				if: (evidence, message) =>
					goesOn(evidence, message) && message.count > 3 && !wasRemoved(evidence) && isLeaderless(evidence),
			},
		),
	],
	leadsTo: [
		'api-unreachable',
		'node-not-ready',
		'apiservice-unavailable',
		'metrics-server-down',
		'datastore-overloaded',
	],
	remedies: evidence => {
		const { node } = evidence
		const dead = deadMembers(evidence).map(({ host }) => host)
		const hosts = dead.length > 0 ? dead.join(', ') : 'the other servers'
		const unit = unitName(evidence)
		return [
			{
				title: `Bring ${hosts} back`,
				why: 'With a majority up, etcd elects a leader within seconds and everything goes on by itself. Nothing has to be done on this node.',
				risk: 'safe',
				interrupts: 'nothing',
				steps: [
					{
						tell: `On ${hosts}: switch the machine on, look whether k3s runs and whether 2379 and 2380 are open between the servers.`,
						commands: ['systemctl status k3s', 'systemctl start k3s', 'journalctl -u k3s -n 100 --no-pager'],
					},
				],
				recheck: ['datastore', 'probes', 'journal', 'api'],
			},
			{
				title: 'Only if the others are lost for good: make a new cluster of one out of this member',
				why: 'A reset takes all other members out of the list, so that this one is the majority. Do it on one server only, the one with the newest data; what only the lost majority had confirmed is gone.',
				risk: 'destructive',
				interrupts: 'the API until it is done; pods go on',
				steps: [
					{
						tell: 'On this server, after a copy of its data. Take `server:` out of its configuration first.',
						commands: [
							`systemctl stop ${unit}`,
							`cp -a ${dbDir(node)} ${asideOf(evidence)}`,
							'k3s server --cluster-reset',
							`systemctl start ${unit}`,
						],
					},
					{
						tell: 'On every other server, before it starts again: move its old data away and let it join this one.',
						commands: [`mv ${dbDir(node)} ${dbDir(node)}.old`, 'systemctl start k3s'],
					},
				],
				recheck: ['datastore', 'journal', 'api'],
			},
		]
	},
})
