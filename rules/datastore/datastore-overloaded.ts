import { fact, hint, log, persists, rule, strong } from '../../src/rule.js'
import { databaseOf, isExternal } from './external.js'
import { goesOn, spokenNow } from './spoken.js'

/** So many slow answers in one start are no hiccup. */
const series = 50
/** Percent of the time in which some task waited for the disk: beyond it, the disk is to blame and not the load. */
const diskBusy = 20

export default rule({
	cause: 'datastore-overloaded',
	title: 'The datastore answers too slowly',
	severity: 'warning',
	severityHere: ({ service }) => (service?.state === 'crash-looping' ? 'critical' : undefined),
	appliesTo: ['server'],
	explain:
		'k3s reaches its datastore, but has to wait for the answers: there are too many objects, events or clients, the database shares its host with others, or the way to it is long. Where an answer takes longer than ten seconds, k3s loses its leases and restarts itself. The scheduler or controller that is named in the last line is only the first to notice.',
	docs: ['https://docs.k3s.io/reference/resource-profiling', 'https://etcd.io/docs/v3.6/tuning/'],
	signs: [
		log(/Slow SQL/, (_groups, { count }) => `${count} statements took longer than a second`, {
			if: (evidence, message) =>
				isExternal(evidence.datastore) &&
				goesOn(evidence, message) &&
				(message.count >= series ||
					(message.count >= 15 &&
						message.lastAt - message.firstAt > 180_000 &&
						/total time: (?:[5-9]|\d\d)\.?\d*s|total time: \d+m/.test(message.lastText))),
		}),
		fact(['journal', 'datastore'], ({ datastore }, more) => {
			if (datastore.kind !== 'etcd' && datastore.kind !== 'external-etcd') return undefined
			if ((more.memory?.pressure.io?.some300 ?? 0) > diskBusy) return undefined
			const slow = spokenNow(more).find(
				message =>
					/^apply request took too long/.test(message.text) &&
					message.count >= series &&
					goesOn(more, message),
			)
			const leaderless = spokenNow(more).some(({ text }) =>
				/no leader|database space exceeded|permanently removed/.test(text),
			)
			return slow && !leaderless && hint('journal', `etcd took too long for ${slow.count} requests`, slow)
		}),
		fact(['journal', 'service'], ({ journal, service }, more) => {
			const end = service.failedStart?.end
			const lost =
				end?.lastWord && /leaderelection lost|leader election lost/.test(end.lastWord.text)
					? end.lastWord
					: undefined
			if (!lost) return undefined
			const reason = [...journal.messages, ...(journal.newest?.messages ?? [])].some(({ text }) =>
				/no leader|database space exceeded|permanently removed|no space left|database disk image|connection refused|certificate has expired/.test(
					text,
				),
			)
			const slow = spokenNow(more).some(
				({ text, count }) =>
					/Slow SQL|apply request took too long|ReadIndex response took too long/.test(text) && count > 10,
			)
			if (reason) return undefined
			const says = 'k3s lost a lease because the datastore answered too late, and ended'
			return strong('journal', slow ? `${says}; it had complained of slow answers before` : says, lost)
		}),
		log(/^leader ?election lost$/, 'k3s lost a lease, as it does where its datastore answers too late', {
			weight: 'hint',
			// The end that follows it is read as such; a log that stops before has but these words.
			if: (evidence, message) =>
				evidence.service?.state !== 'running' &&
				goesOn(evidence, message) &&
				evidence.service?.failedStart?.end?.lastWord === undefined,
		}),
		log(
			/apiserver exited: (?<why>[^\n]{0,300}(?:context deadline exceeded|storage is re-initializing)[^\n]{0,100})/,
			({ why }) => `the API server got no answer from the datastore in time, and ended: ${why}`,
			{ neverProof: true },
		),
		log(
			/etcdserver: (?<why>leader changed|request timed out[^\n"]{0,80})/,
			({ why }) => `etcd does not answer in time, again and again (${why})`,
			{
				neverProof: true,
				if: (evidence, message) => persists(evidence, message, { times: 10, span: 180_000 }),
			},
		),
		log(
			/Bootstrap key (?:is|already) locked - waiting for data to be populated by another server/,
			'another server has begun to set the datastore up and has not finished',
			{
				if: (_evidence, { count }) => count > 5,
			},
		),
		fact(['journal', 'service'], ({ journal, service }) => {
			const newest = journal.newest
			const last = newest?.messages.find(({ text }) =>
				/Configuring database table schema and indexes/.test(text),
			)
			const done = newest?.messages.some(({ text }) =>
				/Database tables and indexes are up to date/.test(text),
			)
			return (
				last &&
				!done &&
				service.state === 'hanging' &&
				strong('journal', 'k3s waits for the database to make its tables and indexes', last)
			)
		}),
	],
	leadsTo: ['api-unreachable', 'node-not-ready', 'apiservice-unavailable'],
	remedies: evidence => [
		{
			title: `Relieve ${databaseOf(evidence)}`,
			why: 'Fewer objects and events, a host of its own with a fast disk, and a short way to it are what helps.',
			risk: 'safe',
			interrupts: 'nothing',
			steps: [
				{
					tell: 'Look for what is most of it: kinds of objects, writers, load of the database host.',
					commands: [
						'k3s kubectl get --raw /metrics | grep ^apiserver_storage_objects | sort -t" " -k2 -n | tail',
						'k3s kubectl get events -A --no-headers | wc -l',
						'k3s kubectl get helmreleases,secrets -A --no-headers 2>/dev/null | wc -l',
					],
				},
				{
					tell: 'On the host of the database:',
					commands: ['uptime', 'cat /proc/pressure/io /proc/pressure/cpu', 'iostat -x 1 5'],
				},
			],
			recheck: ['journal', 'memory', 'datastore'],
		},
	],
})
