import {
	type Evidence,
	fact,
	hint,
	type KubeContainer,
	type KubePod,
	log,
	nowOf,
	proof,
	rule,
	strong,
} from '../../src/rule.js'
import { apiQuote } from './cite.js'
import { inNamespace, nameOr } from './commands.js'
import { fullName, minutes, ownPods } from './pods.js'

interface Kill {
	pod: KubePod
	container: KubeContainer
	at: number
	/** It is down, or was killed twice in a row. */
	now: boolean
}

/** Kills that the container has not outlived yet. */
function kills(evidence: Evidence): Kill[] {
	return ownPods(evidence).flatMap(pod =>
		pod.containers.flatMap(container => {
			const { current, last } = container
			const deaths = [current, last].filter(death => death?.reason === 'OOMKilled')
			const at = Math.max(0, ...deaths.map(death => death?.finishedAt ?? 0))
			if (deaths.length === 0) return []
			const now = current.state !== 'running' || deaths.length > 1
			// One that has run well since is history.
			return now || nowOf(evidence) - at < 60 * minutes ? [{ pod, container, at, now }] : []
		}),
	)
}

export default rule({
	cause: 'pod-oomkilled',
	title: 'A container is killed because it exceeds its memory limit',
	severity: 'warning',
	explain:
		'The container has a memory limit, and the kernel kills its process as soon as it needs more (OOMKilled, status 137). The host itself has memory to spare. Either the limit is too low for what the program does, or the program leaks.',
	docs: [
		'https://kubernetes.io/docs/tasks/configure-pod-container/assign-memory-resource/',
		'https://kubernetes.io/docs/concepts/configuration/manage-resources-containers/',
	],
	signs: [
		fact(['cluster'], (_have, evidence) =>
			kills(evidence).map(({ pod, container, at, now }) => {
				const limit = container.limits.memory
				const says = `${fullName(pod)}: container ${container.name} was killed${limit ? ` at its limit of ${limit}` : ' for lack of memory'}, restarted ${container.restarts} times`
				const cite = { quote: apiQuote('pods', 'reason: OOMKilled, exitCode: 137'), at }
				if (now) return proof('cluster', says, cite)
				return container.restarts > 1 ? strong('cluster', says, cite) : hint('cluster', says, cite)
			}),
		),
		log(
			/[Mm]emory cgroup out of memory: Kill(?:ed)? process \d{1,10} \((?<name>[^)]{1,64})\)/,
			({ name }) => `The kernel killed ${name} at the limit of its cgroup`,
			{
				in: 'kernelLog',
				weight: 'hint',
				if: (evidence, { lastAt }) => nowOf(evidence) - lastAt < 60 * minutes,
			},
		),
	],
	leadsTo: ['pod-crashloop'],
	remedies: evidence => {
		const kill = kills(evidence)[0]
		const where = inNamespace(kill?.pod.namespace)
		const container = nameOr(kill?.container.name, 'CONTAINER')
		return [
			{
				title: 'Raise the limit',
				why: 'See first what it really uses. The sum of all limits may exceed the memory of the node, the sum of all requests may not.',
				risk: 'restart',
				interrupts: 'the pods of that workload are rolled',
				steps: [
					{
						tell: 'On a server:',
						commands: [
							`k3s kubectl ${where} top pod ${nameOr(kill?.pod.name, 'POD')} --containers`,
							`k3s kubectl ${where} set resources deployment/NAME -c ${container} --limits=memory=512Mi --requests=memory=256Mi`,
						],
					},
				],
				recheck: ['cluster'],
			},
			{
				title: 'Make the program need less',
				why: 'Many runtimes size themselves by the host and not by the limit: give Java -XX:MaxRAMPercentage, Node.js --max-old-space-size, Go GOMEMLIMIT.',
				risk: 'safe',
				interrupts: 'nothing',
				steps: [{ tell: 'Change the settings of the application, or look for its leak.' }],
				recheck: ['cluster'],
			},
		]
	},
})
