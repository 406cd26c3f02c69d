import { configValues, type Evidence, fact, hint, type KubePod, proof, rule, strong } from '../../src/rule.js'
import { withoutAddOn } from '../kinds.js'
import { apiQuote, citeEvent } from '../workload/cite.js'
import { latestEvent } from '../workload/events.js'
import { diedWithHost, hasSettled, isOlderThan, isReady, lastDeath, minutes } from '../workload/pods.js'
import { corednsPods, corednsSaid, dnsAddress, ownCorednsPods } from './coredns.js'

/** Words with which CoreDNS ends for a reason of its own. */
const ends: readonly [RegExp, (groups: Record<string, string>) => string][] = [
	[
		/(?<file>\/etc\/coredns\/[\w./*-]{1,120}):(?<line>\d{1,6}) - Error during parsing: (?<why>.{1,200})/,
		({ file, line, why }) => `CoreDNS cannot read its configuration: ${why} (${file}, line ${line})`,
	],
	[
		/(?:loading Caddyfile via flag: )?open (?<file>\/etc\/coredns\/\S{1,120}): (?<why>no such file or directory|permission denied)/,
		({ file, why }) => `CoreDNS cannot open ${file}: ${why}`,
	],
	[
		/(?<why>plugin\/(?!loop|errors)[a-z0-9]{1,20}: (?:this plugin can only be used|Could not|unknown property|Wrong argument|not a valid)[^\n]{0,160})/,
		({ why }) => `CoreDNS refuses its configuration: ${why}`,
	],
	[
		/(?<why>listen (?:tcp|udp) \S{0,60}:\d{1,5}: bind: (?:address already in use|permission denied))/,
		({ why }) => `CoreDNS cannot listen: ${why}`,
	],
]

const isOff = ({ config }: Evidence) =>
	configValues(config, 'disable')
		.flatMap(value => value.split(','))
		.some(value => value.trim() === 'coredns')

/** The pod waits for something that is not its own fault: an image, a network, a volume, a node. */
function waitsForOthers(evidence: Evidence, pod: KubePod): boolean {
	const waiting = pod.containers.some(({ current }) =>
		/ImagePull|ErrImage|InvalidImageName|CreateContainer|ContainerCreating|PodInitializing/.test(
			current.reason,
		),
	)
	const event = latestEvent(evidence, 'Pod', pod, ({ reason }) =>
		/FailedCreatePodSandBox|NetworkNotReady|FailedScheduling|FailedMount|Evicted|NodeNotReady/.test(reason),
	)
	return (
		pod.phase === 'Pending' ||
		waiting ||
		(event !== undefined && pod.containers.every(({ ready }) => !ready) && !crashes(pod))
	)
}

const crashes = (pod: KubePod) =>
	pod.containers.some(
		container =>
			container.current.reason === 'CrashLoopBackOff' ||
			(container.restarts > 1 && !container.ready && !diedWithHost(lastDeath(container))),
	)

export default rule({
	cause: 'coredns-down',
	title: 'CoreDNS does not run: pods cannot resolve names',
	severity: 'warning',
	notFor: withoutAddOn('coredns'),
	explain:
		'CoreDNS answers the names of services and passes all others on. Its pod is not ready: its configuration (the ConfigMap coredns, or coredns-custom) is wrong, it was scaled to nothing, or it ends for another reason of its own. Until it is back, nearly every application in the cluster fails, often with errors that do not mention DNS.',
	docs: [
		'https://docs.k3s.io/networking/networking-services#coredns',
		'https://kubernetes.io/docs/tasks/administer-cluster/dns-debugging-resolution/',
	],
	signs: [
		fact(['podLogs'], (_have, evidence) => {
			const pods = corednsPods(evidence)
			if (pods && pods.length > 0 && pods.every(isReady)) return undefined
			for (const [pattern, says] of ends) {
				const said = corednsSaid(evidence).findLast(({ text }) => pattern.test(text))
				const groups = pattern.exec(said?.text ?? '')?.groups
				if (said && groups) return proof('podLogs', says(groups), { quote: said.quote, at: said.at })
			}
			return undefined
		}),
		fact(['cluster'], (_have, evidence) =>
			ownCorednsPods(evidence)
				.filter(pod => !isReady(pod) && crashes(pod))
				.map(pod => {
					const container = pod.containers.find(({ ready }) => !ready)
					const death = container && lastDeath(container)
					const how = death ? ` (${death.reason || 'ended'}, exit status ${death.exitCode ?? 'unknown'})` : ''
					return strong('cluster', `${pod.name} ends again and again${how}`, {
						quote: apiQuote('pods', container?.current.message || container?.current.reason || pod.phase),
						at: death?.finishedAt,
					})
				}),
		),
		fact(['cluster'], ({ cluster }) => {
			const deployment = cluster.workloads?.find(
				({ kind, namespace, name }) =>
					kind === 'Deployment' && namespace === 'kube-system' && name === 'coredns',
			)
			if (!deployment || deployment.wanted > 0) return undefined
			return proof('cluster', 'the deployment coredns is scaled to 0', {
				quote: apiQuote('deployments', 'coredns: replicas 0'),
			})
		}),
		fact(['cluster'], (_have, evidence) =>
			ownCorednsPods(evidence).flatMap(pod => {
				const event = latestEvent(
					evidence,
					'Pod',
					pod,
					({ reason, message }) => reason === 'FailedMount' && /configmap "coredns" not found/.test(message),
				)
				return event && !isReady(pod)
					? [
							proof(
								'cluster',
								'the ConfigMap coredns, which holds its configuration, is gone',
								citeEvent(event),
							),
						]
					: []
			}),
		),
		fact(['cluster', 'service'], (_have, evidence) => {
			if (!hasSettled(evidence, 2 * minutes)) return []
			return ownCorednsPods(evidence)
				.filter(pod => !isReady(pod) && !crashes(pod))
				.filter(pod => isOlderThan(evidence, pod.startedAt ?? pod.createdAt, 2 * minutes))
				.map(pod => {
					const others = waitsForOthers(evidence, pod)
					return (others ? hint : strong)('cluster', `${pod.name} is not ready`, {
						quote: apiQuote('pods', pod.containers[0]?.current.reason || pod.phase),
					})
				})
		}),
		fact(['cluster', 'service'], ({ cluster }, evidence) => {
			if (!hasSettled(evidence, 2 * minutes) || isOff(evidence)) return undefined
			const pods = corednsPods(evidence)
			const missing =
				pods?.length === 0 && cluster.workloads !== undefined && cluster.namespaces !== undefined
			return (
				missing &&
				dnsAddress(evidence) === undefined &&
				evidence.node.role === 'server' &&
				hint('cluster', 'there is neither a pod of CoreDNS nor a service kube-dns in this cluster')
			)
		}),
	],
	leadsTo: ['helm-job-failed', 'metrics-server-down', 'traefik-down', 'pod-crashloop', 'pod-probe-failing'],
	remedies: evidence => {
		const said = corednsSaid(evidence).find(({ text }) => /Error during parsing/.test(text))?.text ?? ''
		const custom = said.includes('/etc/coredns/custom/')
		const map = custom ? 'coredns-custom' : 'coredns'
		const scaled = evidence.cluster?.workloads?.some(
			({ kind, name, namespace, wanted }) =>
				kind === 'Deployment' && name === 'coredns' && namespace === 'kube-system' && wanted === 0,
		)
		const onServer = evidence.node.role !== 'agent'
		const deployment = { kind: 'deployment', namespace: 'kube-system', name: 'coredns' }
		return [
			scaled && onServer
				? {
						title: 'Scale CoreDNS back to one',
						why: 'Somebody set it to 0.',
						risk: 'safe' as const,
						interrupts: 'nothing',
						preconditions: [{ apiReady: true as const }],
						steps: [{ kube: { scale: deployment, replicas: 1 } }],
						recheck: ['cluster' as const, 'podLogs' as const],
					}
				: undefined,
			said
				? {
						title: `Correct the ConfigMap ${map}`,
						why: custom
							? 'It is meant for additions of your own: *.override goes into the default server block, *.server adds blocks.'
							: 'k3s writes it from server/manifests/coredns.yaml; changes of your own belong into coredns-custom, which k3s leaves alone.',
						risk: 'safe' as const,
						interrupts: 'nothing',
						steps: [
							{
								tell: 'On a server, correct the line that the log names:',
								commands: [
									`k3s kubectl -n kube-system get configmap ${map} -o yaml > ${map}.yaml`,
									`k3s kubectl -n kube-system edit configmap ${map}`,
									'k3s kubectl -n kube-system rollout restart deployment coredns',
								],
							},
							...(custom
								? []
								: [
										{
											tell: 'Or let k3s write its own again, which takes a restart of k3s on a server:',
											commands: [
												'k3s kubectl -n kube-system delete configmap coredns',
												'systemctl restart k3s',
											],
										},
									]),
						],
						recheck: ['cluster' as const, 'podLogs' as const],
					}
				: undefined,
			{
				title: 'Restart CoreDNS',
				why: 'A new pod reads configuration and resolver anew.',
				risk: 'safe',
				interrupts: 'DNS of pods for some seconds',
				preconditions: onServer ? [{ apiReady: true }] : [],
				steps: onServer
					? [{ kube: { restart: deployment } }]
					: [
							{
								tell: 'On a server:',
								commands: ['k3s kubectl -n kube-system rollout restart deployment coredns'],
							},
						],
				recheck: ['cluster', 'podLogs'],
			},
		]
	},
})
