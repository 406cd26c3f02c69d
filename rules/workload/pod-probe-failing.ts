import { type Evidence, fact, type KubeEvent, type KubePod, rule, strong } from '../../src/rule.js'
import { citeEvent } from './cite.js'
import { inNamespace, nameOr } from './commands.js'
import { eventsAbout, isRecent } from './events.js'
import { addOnOf, fullName, isOlderThan, isReady, minutes, ownPods } from './pods.js'

interface Failing {
	pod: KubePod
	event: KubeEvent
	killed: boolean
}

/** Long enough for a program to come up, and for a probe to mean it. */
const patience = 2 * minutes

function runsLong(evidence: Evidence, pod: KubePod): boolean {
	return pod.containers.some(
		({ current, ready }) =>
			current.state === 'running' && !ready && isOlderThan(evidence, current.startedAt, patience),
	)
}

function failing(evidence: Evidence): Failing[] {
	return ownPods(evidence)
		.filter(pod => addOnOf(pod) === undefined)
		.flatMap((pod): Failing[] => {
			const events = eventsAbout(evidence, 'Pod', pod).filter(event => isRecent(evidence, event, 5 * minutes))
			const killing = events.findLast(
				({ reason, message, count }) =>
					reason === 'Killing' && count > 1 && /failed (?:liveness|startup) probe/.test(message),
			)
			if (killing) return [{ pod, event: killing, killed: true }]
			const unhealthy = events.findLast(({ reason, count }) => reason === 'Unhealthy' && count > 2)
			return unhealthy && !isReady(pod) && runsLong(evidence, pod)
				? [{ pod, event: unhealthy, killed: false }]
				: []
		})
}

export default rule({
	cause: 'pod-probe-failing',
	title: 'A pod does not pass its own health check',
	severity: 'warning',
	explain:
		'The container runs, but the check that its author gave it (readiness, liveness or startup probe) fails. Without readiness a pod gets no traffic; a failed liveness probe has it killed and started again. Either the program is ill, or the check asks the wrong port or path, or is too impatient for this host.',
	docs: [
		'https://kubernetes.io/docs/tasks/configure-pod-container/configure-liveness-readiness-startup-probes/',
	],
	signs: [
		fact(['cluster'], (_have, evidence) =>
			failing(evidence).map(({ pod, event, killed }) =>
				strong(
					'cluster',
					killed
						? `${fullName(pod)} is killed again and again, because its probe fails`
						: `${fullName(pod)} runs, and is not ready for more than two minutes`,
					citeEvent(event),
				),
			),
		),
	],
	leadsTo: ['pod-crashloop'],
	remedies: evidence => {
		const pod = failing(evidence)[0]?.pod
		const where = inNamespace(pod?.namespace)
		const name = nameOr(pod?.name, 'POD')
		return [
			{
				title: 'See what the check asks, and what the program answers',
				why: 'The event quotes the answer: refused means that nothing listens there, a status that it does not feel well, a time-out that it is slow.',
				risk: 'safe',
				interrupts: 'nothing',
				steps: [
					{
						tell: 'On a server:',
						commands: [
							`k3s kubectl ${where} describe pod ${name}`,
							`k3s kubectl ${where} logs ${name} --tail=50`,
							`k3s kubectl ${where} top pod ${name}`,
						],
					},
				],
				recheck: ['cluster', 'podLogs'],
			},
			{
				title: 'Give the program more time',
				why: 'A startupProbe, or a larger timeoutSeconds and failureThreshold, helps programs that are slow to come up on a small board.',
				risk: 'restart',
				interrupts: 'the pods of that workload are rolled',
				steps: [
					{
						tell: 'Change the probe in its template:',
						commands: [`k3s kubectl ${where} edit deployment NAME`],
					},
				],
				recheck: ['cluster'],
			},
		]
	},
})
