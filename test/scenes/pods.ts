/** Pods of a recorded node, above all that of its application: they wait, end, find no node, are told of. */
import type { HealthyFiles, Item } from '../healthy/node.js'

type Json = Record<string, unknown>

export interface Involved {
	kind?: string
	namespace: string
	name: string
}

export const notReady = [{ type: 'Ready', status: 'False' }]

export const inShop = ({ metadata }: Item) => metadata.namespace === 'shop'

/** Changes the pod that is picked, which is the application's unless it is said which; what events call it. */
export function changePod(
	node: HealthyFiles,
	change: (pod: Item) => Partial<Item>,
	picked: (pod: Item) => boolean = inShop,
): Involved {
	let found: Involved = { namespace: '', name: '' }
	const changed = (pod: Item) => {
		found = { namespace: String(pod.metadata.namespace), name: String(pod.metadata.name) }
		return { ...pod, ...change(pod) }
	}
	node.update('pods', changed, picked)
	return found
}

/** The status of a container that waits. */
export const waiting = (reason: string, message?: string): Json => ({
	state: { waiting: { reason, ...(message !== undefined && { message }) } },
})

interface Ending {
	exitCode?: number
	reason?: string
	restarts: number
	/** Seconds since it began and since it ended, the last time. */
	ran: [from: number, to: number]
}

/** The status of a container that ends again and again. */
export function crashing(
	node: HealthyFiles,
	message: string,
	{ exitCode = 1, reason = 'Error', restarts, ran: [from, to] }: Ending,
): Json {
	return {
		restartCount: restarts,
		...waiting('CrashLoopBackOff', message),
		lastState: {
			terminated: { exitCode, reason, startedAt: node.ago(from), finishedAt: node.ago(to) },
		},
	}
}

/** A container that is not ready, as the status of a pod lists it. */
export const container = (name: string, image: string, status: Json): Json => ({
	name,
	image,
	ready: false,
	restartCount: 0,
	...status,
})

interface Pod {
	phase?: string
	/** Seconds since it was made; otherwise as recorded. */
	age?: number
	/** Of its container; otherwise as recorded. */
	image?: string
}

/** The application does not run: this is the status of its container. */
export function application(
	node: HealthyFiles,
	status: Json,
	{ phase = 'Pending', age, image }: Pod = {},
): Involved {
	return changePod(node, pod => ({
		...(age !== undefined && { metadata: { ...pod.metadata, creationTimestamp: node.ago(age) } }),
		...(image !== undefined && { spec: { ...pod.spec, containers: [{ name: 'web', image }] } }),
		status: {
			phase,
			conditions: notReady,
			containerStatuses: [container('web', image ?? 'docker.io/library/shop:1.2.0', status)],
		},
	}))
}

/** The status of a pod for which the scheduler has found no node for so many seconds. */
export const unscheduled = (node: HealthyFiles, message: string, since: number): Json => ({
	phase: 'Pending',
	conditions: [
		{
			type: 'PodScheduled',
			status: 'False',
			reason: 'Unschedulable',
			message,
			lastTransitionTime: node.ago(since),
		},
	],
})

/** The scheduler finds no node for the application. */
export function findsNoNode(node: HealthyFiles, message: string, since: number): void {
	changePod(node, pod => ({
		spec: { ...pod.spec, nodeName: undefined },
		status: unscheduled(node, message, since),
	}))
}

/** Deployments have no pod that is ready: all of them, unless it is said which. */
export function unavailable(node: HealthyFiles, picked?: (deployment: Item) => boolean): void {
	node.update(
		'deployments',
		item => ({ ...item, status: { ...item.status, readyReplicas: 0, unavailableReplicas: 1 } }),
		picked,
	)
}

/** A warning about a pod, or about another object. */
export function warns(
	node: HealthyFiles,
	{ kind = 'Pod', namespace, name }: Involved,
	reason: string,
	message: string,
	{ count = 12, first = 880, last = 15 } = {},
): void {
	node.items('events', items => [
		...items,
		{
			metadata: { namespace, name: `${name}.${items.length}` },
			involvedObject: { kind, namespace, name },
			type: 'Warning',
			reason,
			message,
			count,
			firstTimestamp: node.ago(first),
			lastTimestamp: node.ago(last),
		},
	])
}

const everyTenSeconds = Array.from({ length: 25 }, (_, index) => 260 - index * 10)

/** The log of a pod, `namespace_name` or its beginning, gets this line so many seconds ago. */
export function podSays(
	node: HealthyFiles,
	pod: string,
	line: string,
	secondsAgo: readonly number[] = everyTenSeconds,
): void {
	const file = node
		.names()
		.filter(name => name.startsWith(`files/var/log/pods/${pod}`))
		.sort()
		.at(-1)
	if (!file) throw new Error(`no log of ${pod}`)
	node.append(file, secondsAgo.map(seconds => `${node.ago(seconds)} stderr F ${line}\n`).join(''))
}

/** A deployment of k3s's own was scaled to nothing. */
export function scaledToNothing(node: HealthyFiles, name: string): void {
	node.update(
		'deployments',
		item => ({ ...item, spec: { ...item.spec, replicas: 0 }, status: {} }),
		({ metadata }) => metadata.name === name,
	)
	node.items('pods', items => items.filter(({ metadata }) => !String(metadata.name).startsWith(name)))
}
