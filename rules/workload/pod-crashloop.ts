import {
	type Evidence,
	fact,
	hint,
	type KubeContainer,
	type KubePod,
	kubeNameArgument,
	proof,
	rule,
	strong,
} from '../../src/rule.js'
import { apiQuote, citeEvent, citeLine } from '../workload/cite.js'
import { inNamespace } from './commands.js'
import { crashLoops, type Loop } from './crash.js'
import { latestEvent } from './events.js'
import { newestLogOf, recentLogs, tellingLine } from './logs.js'
import { fullName, lastDeath, minutes } from './pods.js'
import { runtimeLoops } from './runtime-loops.js'

function manner({ container }: Loop): string {
	const death = lastDeath(container)
	if (death?.exitCode === 0) return 'ends with status 0, as if its work were done'
	if (death?.reason === 'StartError' || death?.reason === 'ContainerCannotRun') return 'cannot be started'
	return death?.exitCode === undefined ? 'keeps ending' : `ends with status ${death.exitCode}`
}

function says(loop: Loop): string {
	const { pod, container } = loop
	return `${fullName(pod)}: container ${container.name} ${manner(loop)}, restarted ${container.restarts} times`
}

function backOff(evidence: Evidence, pod: KubePod, container: KubeContainer) {
	return latestEvent(
		evidence,
		'Pod',
		pod,
		({ reason, message }) => reason === 'BackOff' && message.includes(` ${container.name} `),
	)
}

export default rule({
	cause: 'pod-crashloop',
	title: "A pod's own process keeps ending",
	severity: 'warning',
	explain:
		'The container starts, its process ends by itself, and the kubelet starts it again, each time after a longer wait (CrashLoopBackOff, up to five minutes). k3s does what it should; the reason lies in the application, its settings, or something that it needs and does not find. Its own log says more than Kubernetes can.',
	docs: [
		'https://kubernetes.io/docs/tasks/debug/debug-application/debug-pods/',
		'https://kubernetes.io/docs/concepts/workloads/pods/pod-lifecycle/#restart-policy',
	],
	signs: [
		fact(['cluster'], (_have, evidence) =>
			crashLoops(evidence).map(loop => {
				const { pod, container, sure } = loop
				const death = lastDeath(container)
				const event = backOff(evidence, pod, container)
				const words = [death?.reason, `exitCode ${death?.exitCode ?? '?'}`, death?.message]
				return (sure ? proof : strong)('cluster', says(loop), {
					...(event && citeEvent(event)),
					quote: apiQuote('pods', words.filter(Boolean).join(', ')),
					at: death?.finishedAt ?? event?.lastAt,
				})
			}),
		),
		fact(['cluster', 'podLogs'], (_have, evidence) =>
			crashLoops(evidence).map(({ pod, container }) => {
				const told = newestLogOf(evidence, pod, container.name)
				const line = told && tellingLine(told)
				return (
					line &&
					hint(
						'podLogs',
						`${container.name} of ${fullName(pod)} said before it ended: ${line.text.slice(0, 300)}`,
						citeLine(told, line),
					)
				)
			}),
		),
		fact(['runtime'], (_have, evidence) =>
			evidence.cluster?.pods
				? undefined
				: runtimeLoops(evidence).map(({ namespace, pod, name, attempt, createdAt }) =>
						strong(
							'runtime',
							`${namespace}/${pod}: container ${name} has ended after its start number ${attempt + 1}`,
							{
								at: createdAt,
							},
						),
					),
		),
		fact(['podLogs', 'runtime'], (_have, evidence) => {
			if (evidence.cluster?.pods) return undefined
			const looping = runtimeLoops(evidence)
			return recentLogs(evidence, 10 * minutes)
				.filter(told => looping.some(({ podUid, name }) => podUid === told.uid && name === told.container))
				.map(told => {
					const line = tellingLine(told)
					return (
						line &&
						hint(
							'podLogs',
							`${told.container} of ${told.namespace}/${told.pod} said before it ended: ${line.text.slice(0, 300)}`,
							citeLine(told, line),
						)
					)
				})
		}),
	],
	remedies: evidence => {
		const loop = crashLoops(evidence)[0]
		const where = inNamespace(loop?.pod.namespace)
		const namespace = kubeNameArgument(loop?.pod.namespace)
		const pod = kubeNameArgument(loop?.pod.name)
		const name = kubeNameArgument(loop?.container.name)
		return [
			{
				title: 'Read what the application says',
				why: 'The log of the life before is the one that holds the end.',
				risk: 'safe',
				interrupts: 'nothing',
				steps:
					namespace && pod && name && evidence.node.role !== 'agent'
						? [
								{
									run: [
										'k3s',
										'kubectl',
										'-n',
										namespace,
										'logs',
										pod,
										'-c',
										name,
										'--previous',
										'--tail=50',
									],
									exits: [0, 1],
								},
								{ run: ['k3s', 'kubectl', '-n', namespace, 'describe', 'pod', pod], exits: [0, 1] },
							]
						: [
								{
									tell: 'On a server:',
									commands: [
										`k3s kubectl ${where} logs ${pod ?? 'POD'} -c ${name ?? 'CONTAINER'} --previous --tail=50`,
										`k3s kubectl ${where} describe pod ${pod ?? 'POD'}`,
									],
								},
							],
				recheck: ['cluster', 'podLogs'],
			},
			{
				title: 'Go back to the version that worked',
				why: 'If it began with a roll-out, the former template is still there.',
				risk: 'restart',
				interrupts: 'the pods of that workload are rolled',
				steps: [
					{
						tell: 'See the revisions, and take the last one back:',
						commands: [
							`k3s kubectl ${where} rollout history deployment/NAME`,
							`k3s kubectl ${where} rollout undo deployment/NAME`,
						],
					},
				],
				recheck: ['cluster'],
			},
		]
	},
})
