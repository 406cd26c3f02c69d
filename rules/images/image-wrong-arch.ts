import { fact, hint, log, type PodLog, proof, rule, strong } from '../../src/rule.js'
import { apiQuote, citeEvent, citeLine } from '../workload/cite.js'
import { inNamespace, nameOr } from '../workload/commands.js'
import { latestEvent } from '../workload/events.js'
import { newestLogOf, recentLogs } from '../workload/logs.js'
import { fullName, isReady, lastDeath, ownPods } from '../workload/pods.js'

/** Of the image's own program, not of what starts containers. */
const words = /(?<!\/(?:runc|crun|containerd-shim[\w.-]{0,40}): )exec format error/i

const lineOf = ({ lines }: PodLog) => lines.slice(-20).findLast(({ text }) => words.test(text))

export default rule({
	cause: 'image-wrong-arch',
	title: "A container's program is built for another processor",
	severity: 'warning',
	explain:
		'The kernel refuses to run the program of the image: "exec format error". The image was built for another processor (an arm64 image on an amd64 node, or the reverse) and carries no build for this one. A start script without its first line (#!) fails in the same words.',
	docs: [
		'https://kubernetes.io/docs/concepts/containers/images/#multi-architecture-images-with-image-indexes',
	],
	signs: [
		fact(['cluster', 'podLogs'], (_have, evidence) =>
			ownPods(evidence)
				.filter(pod => !isReady(pod))
				.flatMap(pod =>
					pod.containers.map(container => {
						const told = newestLogOf(evidence, pod, container.name)
						const line = told && lineOf(told)
						return (
							line &&
							proof(
								'podLogs',
								`${fullName(pod)}: ${container.image} does not run on this processor`,
								citeLine(told, line),
							)
						)
					}),
				),
		),
		fact(['cluster'], (_have, evidence) =>
			ownPods(evidence)
				.filter(pod => !isReady(pod))
				.flatMap(pod =>
					pod.containers.map(container => {
						const death = lastDeath(container)
						const said = [container.current.message, death?.message ?? ''].find(text => words.test(text))
						if (!said) return undefined
						return proof('cluster', `${fullName(pod)}: ${container.image} does not run on this processor`, {
							quote: apiQuote('pods', said),
							at: death?.finishedAt,
						})
					}),
				),
		),
		fact(['cluster'], (_have, evidence) =>
			ownPods(evidence)
				.filter(pod => !isReady(pod))
				.map(pod => {
					const event = latestEvent(evidence, 'Pod', pod, ({ message }) => words.test(message))
					return event && strong('cluster', `${fullName(pod)} cannot be started here`, citeEvent(event))
				}),
		),
		// Without the API the logs themselves must tell that it is of today.
		fact(['podLogs'], (_have, evidence) =>
			evidence.cluster?.pods
				? undefined
				: recentLogs(evidence).map(told => {
						const line = lineOf(told)
						return (
							line &&
							strong(
								'podLogs',
								`${told.namespace}/${told.pod} does not run on this processor`,
								citeLine(told, line),
							)
						)
					}),
		),
		log(
			/(?:StartContainer|start failed in pod|containerd task)[^\n]{0,1500}(?<!\/(?:runc|crun|containerd-shim[\w.-]{0,40}): )exec format error/,
			'The kubelet cannot start a container: exec format error',
			{ weight: 'hint' },
		),
		fact(['cluster', 'kernel'], ({ kernel }, evidence) => {
			const one = ownPods(evidence)
				.flatMap(pod => pod.containers.map(container => newestLogOf(evidence, pod, container.name)))
				.find(told => told && lineOf(told))
			return one && hint('kernel', `this node's processor is ${kernel.arch}`)
		}),
	],
	leadsTo: ['pod-crashloop'],
	remedies: evidence => {
		const pod = ownPods(evidence).find(candidate =>
			candidate.containers.some(({ name }) => {
				const told = newestLogOf(evidence, candidate, name)
				return told !== undefined && lineOf(told) !== undefined
			}),
		)
		const arch = /^[\w-]{1,20}$/.exec(evidence.cluster?.self?.arch ?? '')?.[0] ?? 'amd64'
		return [
			{
				title: `Use an image that has a build for ${arch}`,
				why: 'An image index holds one build for each processor, and each node takes its own.',
				risk: 'safe',
				interrupts: 'nothing',
				steps: [
					{
						tell: 'Build it for all processors of the cluster and roll it out:',
						commands: [
							'docker buildx build --platform linux/amd64,linux/arm64 -t IMAGE:TAG --push .',
							`k3s kubectl ${inNamespace(pod?.namespace)} set image deployment/NAME CONTAINER=IMAGE:TAG`,
						],
					},
				],
				recheck: ['cluster', 'podLogs'],
			},
			{
				title: 'Let the pod run only on nodes that fit',
				why: 'Every node carries its processor as a label. It helps only where the cluster has such a node.',
				risk: 'safe',
				interrupts: 'nothing',
				steps: [
					{
						tell: 'See which nodes there are, and choose in the template of the pod, e.g. nodeSelector: {kubernetes.io/arch: arm64}',
						commands: [
							'k3s kubectl get nodes -L kubernetes.io/arch',
							`k3s kubectl ${inNamespace(pod?.namespace)} describe pod ${nameOr(pod?.name, 'POD')}`,
						],
					},
				],
				recheck: ['cluster'],
			},
		]
	},
})
