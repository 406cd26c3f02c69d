/**
 * Every image that this node fails to get right now, as seen by the API (waiting containers and their events), by
 * the kubelet (journal) and by containerd (its log). What went wrong once and went well later is left out.
 */
import {
	type Evidence,
	type Finding,
	type KubeContainer,
	type KubeEvent,
	type KubePod,
	type Message,
	nowOf,
} from '../../src/rule.js'
import { apiQuote } from '../workload/cite.js'
import { eventsAbout, isRecent } from '../workload/events.js'
import { isReady, minutes, ownPods } from '../workload/pods.js'
import { fullImage } from './image-name.js'
import { imageIn, type PullError, readPullError } from './pull-error.js'

export interface FailedPull extends PullError {
	/** As containerd files it: `docker.io/library/nginx:latest`. */
	image: string
	/** The image is the one that every pod's network lives in. */
	sandbox: boolean
	/** Pods of this node that wait for it; none where only a log tells. */
	pods: KubePod[]
	/** What was said. */
	text: string
	/** It failed more than once, or the kubelet has given up for a while. */
	repeated: boolean
	source: 'cluster' | 'journal' | 'containerd'
	cite: Pick<Finding, 'quote' | 'at' | 'since' | 'count'>
}

const pullReasons = new Set([
	'ErrImagePull',
	'ImagePullBackOff',
	'ErrImageNeverPull',
	'InvalidImageName',
	'ImageInspectError',
	'RegistryUnavailable',
])

/** The kubelet waits five minutes at most between two tries. */
const backOff = 15 * minutes

function add(found: Map<string, FailedPull>, pull: FailedPull): void {
	const key = `${pull.source} ${pull.image} ${pull.problem}`
	const known = found.get(key)
	if (!known) {
		found.set(key, pull)
		return
	}
	known.pods.push(...pull.pods.filter(pod => !known.pods.includes(pod)))
	known.repeated ||= pull.repeated
	if ((pull.cite.at ?? 0) > (known.cite.at ?? 0)) known.cite = pull.cite
}

/** The newest event in which the kubelet tells why it did not get this image. */
function pullEvent(evidence: Evidence, pod: KubePod, image: string): KubeEvent | undefined {
	const told = eventsAbout(evidence, 'Pod', pod).filter(({ message }) => {
		const named = imageIn(message)
		return named !== undefined && fullImage(named) === fullImage(image)
	})
	return told.findLast(({ message }) => readPullError(message) !== undefined)
}

function ofContainer(evidence: Evidence, pod: KubePod, container: KubeContainer): FailedPull | undefined {
	const { current, image } = container
	if (current.state !== 'waiting' || !pullReasons.has(current.reason)) return undefined
	const event = pullEvent(evidence, pod, image)
	const own = readPullError(`${current.reason}: ${current.message}`)
	const error = own ?? (event && readPullError(event.message))
	if (!error) return undefined
	const text = own ? current.message || current.reason : (event?.message ?? '')
	return {
		...error,
		image: fullImage(image),
		sandbox: false,
		pods: [pod],
		text,
		repeated: current.reason === 'ImagePullBackOff' || (event?.count ?? 1) > 1,
		source: 'cluster',
		cite: {
			quote: own ? apiQuote('pods', text) : apiQuote('events', text),
			...(event && { at: event.lastAt, since: event.firstAt, count: event.count }),
		},
	}
}

/** A pod without a sandbox says nothing about it itself: only its events do. */
function ofSandbox(evidence: Evidence, pod: KubePod): FailedPull | undefined {
	if (isReady(pod) || pod.containers.some(({ current }) => current.state === 'running')) return undefined
	const event = eventsAbout(evidence, 'Pod', pod).findLast(
		({ reason }) => reason === 'FailedCreatePodSandBox',
	)
	if (!event || !isRecent(evidence, event, backOff)) return undefined
	const image = imageIn(event.message)
	const error = image === undefined ? undefined : readPullError(event.message)
	if (!image || !error) return undefined
	return {
		...error,
		image: fullImage(image),
		sandbox: true,
		pods: [pod],
		text: event.message,
		repeated: event.count > 1,
		source: 'cluster',
		cite: {
			quote: apiQuote('events', event.message),
			at: event.lastAt,
			since: event.firstAt,
			count: event.count,
		},
	}
}

const aboutPulls = /PullImage|[Ff]ailed to pull (?:and unpack )?image|failed to get sandbox image/

/** Whether a line's failure still stands: by the pods that want the image, else by the images that are here. */
function stillMissing(evidence: Evidence, image: string, sandbox: boolean): boolean {
	const { cluster, runtime } = evidence
	const here = runtime?.images.some(({ tags }) => tags.some(tag => fullImage(tag) === image)) ?? false
	if (here) return false
	if (!cluster?.pods) return true
	return ownPods(evidence).some(
		pod => !isReady(pod) && (sandbox || pod.containers.some(wanted => fullImage(wanted.image) === image)),
	)
}

function ofMessage(
	evidence: Evidence,
	message: Message,
	source: 'journal' | 'containerd',
): FailedPull | undefined {
	const text = message.lastText
	if (!aboutPulls.test(text) || nowOf(evidence) - message.lastAt > backOff) return undefined
	const image = imageIn(text)
	const error = readPullError(text)
	if (!image || !error) return undefined
	const full = fullImage(image)
	const sandbox = /RunPodSandbox|[Ss]andbox/.test(text)
	if (!stillMissing(evidence, full, sandbox)) return undefined
	return {
		...error,
		image: full,
		sandbox,
		pods: [],
		text,
		repeated: message.count > 1,
		source,
		cite: { quote: message.lastQuote, at: message.lastAt, since: message.firstAt, count: message.count },
	}
}

const known = new WeakMap<Evidence, readonly FailedPull[]>()

/** One entry for each source, image and kind of failure. */
export function failedPulls(evidence: Evidence): readonly FailedPull[] {
	const before = known.get(evidence)
	if (before) return before
	const found = new Map<string, FailedPull>()
	for (const pod of ownPods(evidence)) {
		const sandbox = ofSandbox(evidence, pod)
		if (sandbox) add(found, sandbox)
		for (const container of pod.containers) {
			const pull = ofContainer(evidence, pod, container)
			if (pull) add(found, pull)
		}
	}
	for (const source of ['journal', 'containerd'] as const) {
		for (const message of evidence[source]?.messages ?? []) {
			const pull = ofMessage(evidence, message, source)
			if (pull) add(found, pull)
		}
	}
	const pulls = [...found.values()]
	known.set(evidence, pulls)
	return pulls
}
