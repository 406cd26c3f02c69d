import {
	type Evidence,
	type Finding,
	fact,
	type KubePod,
	log,
	nowOf,
	persists,
	proof,
	rule,
	strong,
} from '../../src/rule.js'
import { apiQuote, citeEvent } from './cite.js'
import { inNamespace, nameOr } from './commands.js'
import { eventsAbout, isRecent } from './events.js'
import { fullName, isReady, minutes, ownPods } from './pods.js'
import { refusals } from './scheduling.js'

/** `configmap "x" not found`, `couldn't find key a in ConfigMap shop/x`, `references non-existent secret key: a`. */
const missing =
	/(?<what>(?:configmaps?|secrets?|serviceaccounts?) \\*"[^"\\\n]{1,253}\\*" not found|couldn't find key [^\n]{1,200}? in (?:ConfigMap|Secret) [^\s,"]{1,300}|references non-existent (?:config|secret) key: [^\s,"]{1,253}|object \\*"[^"\\\n]{1,253}\\*"\/\\*"[^"\\\n]{1,253}\\*" not found)/i

function missingIn(text: string): string | undefined {
	return missing.exec(text)?.groups?.what?.replaceAll('\\', '')
}

/** A container that waits for its settings says so itself. */
function ofContainers(pod: KubePod): Finding[] {
	return pod.containers.flatMap(({ name, current }) => {
		const what = current.state === 'waiting' ? missingIn(current.message) : undefined
		return what
			? [
					proof('cluster', `${fullName(pod)}: container ${name} waits, ${what}`, {
						quote: apiQuote('pods', `${current.reason}: ${current.message}`),
					}),
				]
			: []
	})
}

/** A volume that cannot be filled stands in the events only. */
function ofVolumes(evidence: Evidence, pod: KubePod): Finding | undefined {
	const event = eventsAbout(evidence, 'Pod', pod).findLast(
		({ reason, message }) => reason === 'FailedMount' && missingIn(message) !== undefined,
	)
	if (!event || !isRecent(evidence, event)) return undefined
	// Pod and ConfigMap may be made in the same breath, in the wrong order.
	const weigh = event.count > 1 ? proof : strong
	return weigh(
		'cluster',
		`${fullName(pod)} waits for a volume, ${missingIn(event.message)}`,
		citeEvent(event),
	)
}

function waitingPods(evidence: Evidence): KubePod[] {
	return ownPods(evidence).filter(pod => !isReady(pod))
}

export default rule({
	cause: 'pod-config-missing',
	title: 'A pod names a ConfigMap or Secret that does not exist',
	severity: 'warning',
	explain:
		'The pod takes settings or files from a ConfigMap or Secret, and there is none of that name (or no such key) in its namespace. The kubelet goes on trying, and the pod starts as soon as it is there. Usually a name is misspelt, or the object was made in another namespace.',
	docs: [
		'https://kubernetes.io/docs/tasks/configure-pod-container/configure-pod-configmap/',
		'https://kubernetes.io/docs/concepts/configuration/secret/',
	],
	signs: [
		fact(['cluster'], (_have, evidence) =>
			waitingPods(evidence).flatMap(pod => [...ofContainers(pod), ofVolumes(evidence, pod)]),
		),
		fact(['cluster'], ({ cluster }, evidence) =>
			(cluster.events ?? [])
				.filter(({ reason, message }) => reason === 'FailedCreate' && /service ?account/i.test(message))
				.filter(
					event => missingIn(event.message) !== undefined && isRecent(evidence, event) && event.count > 1,
				)
				.slice(-3)
				.map(event =>
					strong(
						'cluster',
						`${event.kind} ${fullName(event)} makes no pods: ${missingIn(event.message)}`,
						citeEvent(event),
					),
				),
		),
		fact(['cluster'], (_have, evidence) =>
			refusals(evidence).map(({ pod, text, since }) => {
				const claim = /persistentvolumeclaim "(?<name>[^"]{1,253})" not found/i.exec(text)?.groups?.name
				if (!claim) return undefined
				return proof('cluster', `${fullName(pod)} names the claim ${claim}, which does not exist`, {
					quote: apiQuote('pods', text),
					at: since,
				})
			}),
		),
		log(
			/etcdserver: request is too large/,
			'a ConfigMap, Secret or other object is larger than 1.5 MiB, and etcd does not take it',
			{ neverProof: true, if: (evidence, message) => persists(evidence, message) },
		),
		// The kubelet says so for some seconds of every start, before it has asked the API.
		log(
			/(?:CreateContainerConfigError|MountVolume\.SetUp failed)[^\n]{0,400}(?<what>(?:configmap|secret) \\*"[^"\\\n]{1,253}\\*" not found)/,
			({ what }) => `The kubelet cannot start a pod: ${(what ?? '').replaceAll('\\', '')}`,
			{
				neverProof: true,
				if: (evidence, { firstAt, lastAt }) =>
					evidence.cluster?.pods === undefined &&
					lastAt - firstAt > 1 * minutes &&
					nowOf(evidence) - lastAt < 5 * minutes,
			},
		),
	],
	leadsTo: ['pod-crashloop', 'pod-unschedulable'],
	remedies: evidence => {
		const pod = waitingPods(evidence).find(
			candidate => ofContainers(candidate).length > 0 || ofVolumes(evidence, candidate) !== undefined,
		)
		const where = inNamespace(pod?.namespace)
		return [
			{
				title: 'Make it, or correct the name',
				why: 'The pod is waiting and starts by itself when the object is there.',
				risk: 'safe',
				interrupts: 'nothing',
				steps: [
					{
						tell: 'See what there is in its namespace, and what the pod asks for:',
						commands: [
							`k3s kubectl ${where} get configmaps,secrets`,
							`k3s kubectl ${where} describe pod ${nameOr(pod?.name, 'POD')}`,
							`k3s kubectl ${where} create configmap NAME --from-literal=KEY=VALUE`,
						],
					},
				],
				recheck: ['cluster'],
			},
		]
	},
})
