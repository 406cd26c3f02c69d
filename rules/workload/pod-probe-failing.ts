import { type Evidence, fact, hint, type KubeEvent, type KubePod, rule, strong } from '../../src/rule.js'
import { citeEvent } from './cite.js'
import { inNamespace, nameOr } from './commands.js'
import { eventsAbout, isRecent } from './events.js'
import { addOnOf, fullName, isOlderThan, isReady, minutes, ownPods, seconds } from './pods.js'

interface Failing {
	pod: KubePod
	event: KubeEvent
	killed: boolean
	/** It may still be coming up. */
	early: boolean
}

/** Long enough for a program to come up, and for a probe to mean it. */
const patience = 1 * minutes
/** Until here most programs are up; later it is worth a word. */
const briefPatience = 15 * seconds
/** Answers that do not come from being slow: a wrong path, a program that is not in the image. */
const wrongCheck = /statuscode: 4\d\d|executable file not found|no such file or directory|not found/

function runsLong(evidence: Evidence, pod: KubePod, milliseconds: number): boolean {
	return pod.containers.some(
		({ current, ready }) =>
			current.state === 'running' && !ready && isOlderThan(evidence, current.startedAt, milliseconds),
	)
}

function failing(evidence: Evidence): Failing[] {
	return ownPods(evidence)
		.filter(pod => addOnOf(pod) === undefined)
		.flatMap((pod): Failing[] => {
			const events = eventsAbout(evidence, 'Pod', pod).filter(event => isRecent(evidence, event, 5 * minutes))
			const killing = events.findLast(
				({ reason, message }) => reason === 'Killing' && /failed (?:liveness|startup) probe/.test(message),
			)
			const restarted = pod.containers.some(({ restarts }) => restarts > 0)
			if (killing && restarted) return [{ pod, event: killing, killed: true, early: false }]
			const failed = events.filter(({ reason }) => reason === 'Unhealthy')
			const unhealthy = failed.at(-1)
			// Each wording of the answer is an event of its own.
			const times = failed.reduce((sum, { count }) => sum + Math.max(1, count), 0)
			if (!unhealthy || times < 3 || isReady(pod)) return []
			const long = wrongCheck.test(unhealthy.message) ? briefPatience : patience
			if (!runsLong(evidence, pod, briefPatience)) return []
			return [{ pod, event: unhealthy, killed: false, early: !runsLong(evidence, pod, long) }]
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
			failing(evidence).map(({ pod, event, killed, early }) =>
				(early ? hint : strong)(
					'cluster',
					killed
						? `${fullName(pod)} is killed again and again, because its probe fails`
						: `${fullName(pod)} runs, and does not become ready`,
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
