import { fact, hint, interfaceArgument, log, persists, proof, rule, strong } from '../../src/rule.js'
import { withoutEtcd } from '../kinds.js'
import {
	deadMembers,
	droppedOnLoopback,
	droppingRules,
	saysNoLeader,
	signOfLife,
	silentMembers,
	wasRemoved,
} from './etcd.js'
import { goesOn, isFresh, spokenNow } from './spoken.js'

export default rule({
	cause: 'etcd-peer-unreachable',
	title: 'Another etcd member is up, but cannot be reached on its etcd ports',
	severity: 'critical',
	severityHere: ({ datastore, service }) =>
		service?.state === 'running' && datastore?.etcdHealth.some(({ healthy }) => healthy)
			? 'warning'
			: undefined,
	appliesTo: ['server'],
	notFor: withoutEtcd,
	explain:
		'The members of embedded etcd talk to each other on 2379 and 2380/tcp, with certificates of their own. Another server lives, but its etcd cannot be reached from here or refuses the connection: a packet filter on one of the two hosts, a security group or a route between them, or certificates that do not fit. Where too few members see each other there is no leader, and the API stands still.',
	docs: [
		'https://docs.k3s.io/installation/requirements#inbound-rules-for-k3s-nodes',
		'https://docs.k3s.io/datastore/ha-embedded',
	],
	signs: [
		fact(['firewall'], (_have, more) => {
			const [rule] = droppingRules(more)
			if (!rule || wasRemoved(more)) return undefined
			const suffers =
				silentMembers(more).length > 0 || saysNoLeader(more) || droppedOnLoopback(more) !== undefined
			return (
				suffers &&
				(isFresh(more, 20) ? strong : proof)(
					'firewall',
					`a packet filter rule of this host throws etcd traffic away: ${rule.text}`,
					{
						quote: rule.quote,
					},
				)
			)
		}),
		fact(['probes', 'sockets'], (_have, more) => {
			const probe = droppedOnLoopback(more)
			return (
				probe &&
				proof(
					'probes',
					`etcd listens on ${probe.port}, but a connect to it from this very host gets no answer: something drops it`,
					{
						quote: probe.quote,
					},
				)
			)
		}),
		fact(['journal'], (_have, more) => {
			if (wasRemoved(more)) return undefined
			return silentMembers(more).flatMap(({ host, why, from, cite }) => {
				const life = signOfLife(more, host)
				if (!life) return []
				// A member that is only starting refuses; nobody else does who lives.
				const weigh = life.sure && !/refused/.test(why) && !isFresh(more) ? strong : hint
				return [
					weigh(from, `etcd of ${host} does not answer (${why})`, cite),
					hint(
						life.sure ? 'probes' : 'sockets',
						`${host} lives: ${life.says}`,
						life.quote && { quote: life.quote },
					),
				]
			})
		}),
		log(
			/rejected connection(?: on (?:peer|client) endpoint)?: (?<why>.*(?:tls: (?!first record does not look)|x509:).{0,200})/,
			({ why }) => `etcd refuses a member because of its certificate: ${why}`,
			{ if: (evidence, message) => goesOn(evidence, message) && message.count > 2 },
		),
		log(
			/(?:prober detected unhealthy status|failed to dial|peer became inactive)[^\n]{0,300}(?<why>x509: [^\n]{0,200}|tls: (?:bad|unknown|expired|failed to verify) [^\n]{0,100})/,
			({ why }) => `a peer cannot be verified, or refuses this member: ${why}`,
			{ if: (evidence, message) => goesOn(evidence, message) },
		),
		log(
			/etcd cluster join failed: .*(?:context deadline exceeded|dial tcp|EOF|connection reset)/,
			'this server cannot join, because etcd of the server to be joined cannot be reached',
		),
		log(
			/lost TCP streaming connection with remote peer/,
			(_groups, { count }) => `the connection to another member was lost ${count} times`,
			{ weight: 'hint', if: (evidence, message) => persists(evidence, message) && !wasRemoved(evidence) },
		),
		log(/Learner \S+ stalled at RaftAppliedIndex/, 'a new member does not catch up', { weight: 'hint' }),
		fact(['journal'], (_have, more) => {
			const silent = silentMembers(more)
			const leaderless =
				saysNoLeader(more) || spokenNow(more).some(({ text }) => /etcdserver: no leader/.test(text))
			// With a leader the cluster goes on without the silent one; without, that is the greater trouble.
			return silent
				.filter(({ host }) => !leaderless && !wasRemoved(more) && !signOfLife(more, host))
				.map(({ host, why, from, cite }) => hint(from, `etcd of ${host} does not answer (${why})`, cite))
		}),
	],
	leadsTo: ['etcd-quorum-lost', 'api-unreachable', 'node-not-ready', 'datastore-overloaded'],
	remedies: evidence => {
		const { firewall, node } = evidence
		const blocking = droppingRules(evidence)
		const ufw = firewall?.ufw?.active === true
		const firewalld = firewall?.firewalld?.running === true
		const hosts = silentMembers(evidence).map(({ host }) => host)
		const peers = hosts.length > 0 ? hosts : deadMembers(evidence).map(({ host }) => host)
		const peer = peers[0] ?? 'OTHER-SERVER'
		const deletions = blocking.flatMap(({ text, table }) => {
			const words = text.split(' ')
			const plain =
				words[0] === '-A' && words.every(word => /^[A-Za-z0-9./:_,!-]+$/.test(word)) && /^[a-z]+$/.test(table)
			return plain ? [{ table, words: words.slice(1) }] : []
		})
		const incoming = interfaceArgument(blocking[0]?.inInterface)
		return [
			blocking.length > 0 &&
				!ufw &&
				!firewalld && {
					title: 'Take the rule away that drops etcd traffic',
					why: `The servers of a cluster need 2379 and 2380/tcp between each other${incoming ? ` (the rule is about ${incoming})` : ''}. Look where the rule comes from, or it returns with the next boot.`,
					risk: 'safe' as const,
					interrupts: 'nothing; the ports become reachable',
					steps:
						deletions.length === blocking.length
							? deletions.map(({ table, words }) => ({
									run: ['iptables', '-t', table, '-D', ...words] as const,
								}))
							: [
									{
										tell: 'Look at the rules, and take away what drops these ports:',
										commands: [
											'iptables -S | grep -e 2379 -e 2380',
											'nft list ruleset | grep -e 2379 -e 2380',
										],
									},
								],
					...(deletions.length === blocking.length && {
						undo: deletions.map(({ table, words }) => ({
							run: ['iptables', '-t', table, '-A', ...words] as const,
						})),
					}),
					recheck: ['firewall' as const, 'probes' as const, 'journal' as const, 'datastore' as const],
				},
			{
				title: 'Open 2379 and 2380/tcp between the servers',
				why: 'Both directions are needed, on every server, and in a security group of the cloud as well.',
				risk: 'safe',
				interrupts: 'nothing',
				steps: [
					{
						tell: `On each server, for the addresses of the other servers (here ${peers.join(', ') || 'unknown'}):`,
						commands: firewalld
							? [
									'firewall-cmd --permanent --add-port=2379-2380/tcp',
									'firewall-cmd --permanent --add-port=6443/tcp',
									'firewall-cmd --reload',
								]
							: [
									`ufw allow from ${peer} to any port 2379:2380 proto tcp`,
									`ufw allow from ${peer} to any port 6443 proto tcp`,
								],
					},
					{
						tell: 'Then try it from here:',
						commands:
							peers.length > 0
								? peers.slice(0, 4).map(host => `nc -zv -w 3 ${host} 2380`)
								: ['nc -zv -w 3 OTHER-SERVER 2380'],
					},
				],
				recheck: ['probes', 'firewall', 'journal', 'datastore'],
			},
			{
				title: 'Compare the certificate authorities of etcd, where the ports answer',
				why: 'Members accept each other only with certificates of the same peer-ca.',
				risk: 'safe',
				interrupts: 'nothing',
				steps: [
					{
						tell: 'On each server the same fingerprint must come out:',
						commands: [
							`openssl x509 -noout -fingerprint -sha256 -in ${node.dataDir}/server/tls/etcd/peer-ca.crt`,
						],
					},
				],
				recheck: ['certificates'],
			},
		]
	},
})
