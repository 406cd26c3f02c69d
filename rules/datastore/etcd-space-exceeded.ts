import {
	configValues,
	type Evidence,
	fact,
	hint,
	interruptsOfRestart,
	log,
	pathArgument,
	restartSteps,
	rule,
	strong,
} from '../../src/rule.js'
import { withoutEtcd } from '../kinds.js'
import { goesOn } from './spoken.js'

const defaultQuota = 2 * 1024 ** 3
const proposal = 8 * 1024 ** 3
const option = /^-{0,2}quota-backend-bytes=(\d{1,15})$/

function quotaArgs({ config }: Evidence): string[] {
	return configValues(config, 'etcd-arg').filter(text => option.test(text))
}

function quotaOf(evidence: Evidence): number {
	const told = Number(option.exec(quotaArgs(evidence).at(-1) ?? '')?.[1] ?? 0)
	// 0 means etcd's own default.
	return told > 0 ? told : defaultQuota
}

const mib = (bytes: number) => `${Math.round(bytes / 1024 ** 2)} MiB`

export default rule({
	cause: 'etcd-space-exceeded',
	title: 'The etcd database has reached its quota: nothing can be written',
	severity: 'critical',
	appliesTo: ['server'],
	notFor: withoutEtcd,
	explain:
		'The database of embedded etcd may grow to 2 GiB, unless another quota is set. It is full, so etcd has raised the alarm NOSPACE and refuses every write: no lease is renewed, no pod is placed, and k3s itself goes down sooner or later because it loses its leases. Usually something writes or keeps far too much: events, leases, big ConfigMaps, Helm releases.',
	docs: [
		'https://etcd.io/docs/v3.6/op-guide/maintenance/#space-quota',
		'https://docs.k3s.io/cli/server#cluster-options',
	],
	signs: [
		log(
			/database space exceeded|etcdserver: no space(?! left)/,
			'etcd refuses to write: database space exceeded',
			{
				weight: 'proof',
				if: goesOn,
			},
		),
		log(
			/Errors present on etcd cluster:.*NOSPACE|alarm:NOSPACE|NOSPACE alarm/,
			'etcd has raised the alarm NOSPACE',
			{ if: goesOn },
		),
		log(/failed to disarm etcd alarms|alarm must be disarmed manually/, 'k3s could not clear the alarm', {
			weight: 'hint',
		}),
		fact(['datastore'], ({ datastore }) => {
			const told = datastore.etcdHealth.find(({ healthy, reason }) => !healthy && /NOSPACE/i.test(reason))
			return (
				told &&
				strong('datastore', `etcd says of itself: ${told.reason}`, {
					quote: { file: 'commands/etcd-health.json', text: JSON.stringify(told) },
				})
			)
		}),
		fact(['journal'], ({ journal }, more) => {
			const told = (journal.newest?.messages ?? []).findLast(({ lastText }) =>
				/datastore using \d+ of \d+ bytes/.test(lastText),
			)
			const size = Number(/of (\d{1,15}) bytes/.exec(told?.lastText ?? '')?.[1] ?? 0)
			const quota = quotaOf(more)
			return (
				told &&
				size > quota * 0.9 &&
				hint('journal', `the database had ${mib(size)} at the last start, its quota is ${mib(quota)}`, told)
			)
		}),
		fact(['config'], ({ config }, more) => {
			const quota = quotaOf(more)
			return (
				quota < defaultQuota / 4 &&
				quotaArgs(more).length > 0 &&
				hint('config', `the quota is set to ${mib(quota)} only (etcd-arg: ${quotaArgs(more).at(-1)})`, {
					quote: {
						file: `files${config.values.get('etcd-arg')?.origin.file ?? '/etc/rancher/k3s/config.yaml'}`,
						text: `etcd-arg: ${quotaArgs(more).at(-1)}`,
					},
				})
			)
		}),
	],
	leadsTo: ['datastore-overloaded', 'api-unreachable', 'node-not-ready'],
	remedies: evidence => {
		const { node, config } = evidence
		const old = quotaArgs(evidence)
		const origin = config?.values.get('etcd-arg')?.origin
		const file = pathArgument(
			origin?.kind === 'file' ? origin.file : (config?.files[0] ?? '/etc/rancher/k3s/config.yaml'),
		)
		const enlarge = quotaOf(evidence) < proposal
		const restart = {
			title: 'Restart k3s: it shrinks the database and clears the alarm',
			why: 'At its start k3s defragments the database and disarms NOSPACE. It helps for good only where most of the database is free space inside; with several servers, one after the other.',
			risk: 'restart' as const,
			interrupts: interruptsOfRestart(node),
			steps: restartSteps(node, 300),
			recheck: ['datastore' as const, 'journal' as const, 'units' as const, 'api' as const],
		}
		const raise = file !== undefined &&
			enlarge &&
			(origin === undefined || origin.kind === 'file') && {
				title: 'Raise the quota to 8 GiB',
				why: 'etcd copes well with up to 8 GiB. It buys the time to find what fills it. Set the same on every server.',
				risk: 'restart' as const,
				interrupts: interruptsOfRestart(node),
				steps: [
					...(old.length > 0 ? [{ edit: file, dropFrom: { 'etcd-arg': old } }] : []),
					{ edit: file, addTo: { 'etcd-arg': [`quota-backend-bytes=${proposal}`] } },
					...restartSteps(node, 300),
				],
				recheck: ['config' as const, 'datastore' as const, 'journal' as const, 'units' as const],
			}
		// What fills a small quota is mostly live, and a restart frees nothing of it.
		const [first, second] = quotaOf(evidence) < defaultQuota ? [raise, restart] : [restart, raise]
		return [
			first,
			second,
			{
				title: 'Find what fills it, and take it out',
				why: 'Without that it fills again.',
				risk: 'safe',
				interrupts: 'nothing',
				steps: [
					{
						tell: 'Count the objects of each kind; the big ones are mostly events, ConfigMaps, Secrets (Helm releases), leases and custom resources. With etcdctl also compact, defragment and disarm by hand:',
						commands: [
							'k3s kubectl get --raw /metrics | grep ^apiserver_storage_objects | sort -t" " -k2 -n | tail',
							`export ETCDCTL_ENDPOINTS=https://127.0.0.1:2379 ETCDCTL_CACERT=${node.dataDir}/server/tls/etcd/server-ca.crt ETCDCTL_CERT=${node.dataDir}/server/tls/etcd/server-client.crt ETCDCTL_KEY=${node.dataDir}/server/tls/etcd/server-client.key`,
							'etcdctl endpoint status --write-out=table',
							'etcdctl defrag',
							'etcdctl alarm disarm',
						],
					},
				],
				recheck: ['datastore', 'journal'],
			},
		]
	},
})
