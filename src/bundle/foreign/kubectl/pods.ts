/** Rows of `kubectl get pods -o wide` as pods: the STATUS column tells the phase and what keeps a container back. */
import { kubectlAge } from '../ages.js'
import type { Row } from '../table.js'

/** What a row cannot tell and other tables do. */
export interface Around {
	/** When the table was printed, epoch milliseconds. */
	at: number
	/** Owners by their name, with the containers that their pods have. */
	owners: readonly Owner[]
	/** The node of pods in a table without a column for it, once they have one. */
	node: string
	/** The newest words of the events about a pod, by `namespace/name`: why no node takes it, why it does not start. */
	words: ReadonlyMap<string, Words>
}

export interface Words {
	scheduling?: string
	starting?: string
}

/** What the status of a pod says as well, out of the table of events. */
export function wordsOf(events: readonly Row[]): ReadonlyMap<string, Words> {
	const words = new Map<string, Words & { scheduledAgo: number; startedAgo: number }>()
	for (const { cells } of events) {
		const pod = /^pod\/(.+)$/i.exec(cells.get('OBJECT') ?? '')?.[1]
		if (!pod) continue
		const key = `${cells.get('NAMESPACE') ?? 'default'}/${pod}`
		const told = words.get(key) ?? { scheduledAgo: Infinity, startedAgo: Infinity }
		const ago = kubectlAge((cells.get('LAST SEEN') ?? '').split(' ')[0] ?? '') ?? Infinity
		const message = cells.get('MESSAGE') ?? ''
		if (cells.get('REASON') === 'FailedScheduling' && ago < told.scheduledAgo) {
			told.scheduling = message
			told.scheduledAgo = ago
		}
		const error = /^Error: (.+)$/.exec(message)?.[1]
		if (cells.get('REASON') === 'Failed' && error && ago < told.startedAgo) {
			told.starting = error
			told.startedAgo = ago
		}
		words.set(key, told)
	}
	return words
}

export interface Owner {
	kind: string
	namespace: string
	name: string
	containers: string[]
	images: string[]
}

export function isoAgo(at: number, age: number | undefined): string | undefined {
	return age === undefined ? undefined : `${new Date(at - age).toISOString().slice(0, 19)}Z`
}

/** Whose pod it is, by its name: `<replica set>-x7k2p`, `<stateful set>-0`, `<daemon set>-x7k2p`. The longest fits best. */
export function ownerOf(namespace: string, pod: string, owners: readonly Owner[]): Owner | undefined {
	let best: Owner | undefined
	for (const owner of owners) {
		if (owner.namespace !== namespace || !pod.startsWith(`${owner.name}-`)) continue
		const rest = pod.slice(owner.name.length + 1)
		const fits = owner.kind === 'StatefulSet' ? /^\d+$/.test(rest) : /^(?:\d+-)?[a-z0-9]{5}$/.test(rest)
		if (fits && owner.name.length > (best?.name.length ?? 0)) best = owner
	}
	return best
}

const ended = new Set(['Completed', 'Succeeded'])
const failed = new Set([
	'Evicted',
	'NodeAffinity',
	'Shutdown',
	'NodeShutdown',
	'Failed',
	'DeadlineExceeded',
	'UnexpectedAdmissionError',
	'OutOfcpu',
	'OutOfmemory',
	'OutOfpods',
])
const phases = new Set(['Pending', 'Running', 'Unknown'])
/** Reasons of a container that has ended, unlike those for which one waits. */
const dead = new Set(['Error', 'OOMKilled', 'ContainerCannotRun', 'StartError', 'ContainerStatusUnknown'])

interface State {
	phase: string
	reason?: string
	container?: unknown
	init?: boolean
	deleted?: boolean
}

function stateOf(status: string, ready: boolean, why: string | undefined): State {
	const init = /^Init:(.+)$/.exec(status)
	const told = init?.[1] ?? status
	const isInit = init !== null
	if (isInit && /^\d+\/\d+$/.test(told))
		return { phase: 'Pending', container: { waiting: { reason: 'PodInitializing' } }, init: true }
	if (status === 'Terminating') return { phase: 'Running', deleted: true, container: { running: {} } }
	if (ended.has(status))
		return { phase: 'Succeeded', container: { terminated: { reason: 'Completed', exitCode: 0 } } }
	if (failed.has(status)) return { phase: 'Failed', reason: status }
	if (status === 'Pending') return { phase: 'Pending' }
	if (status === 'Unknown' || status === 'NodeLost') return { phase: 'Running', reason: 'NodeLost' }
	if (phases.has(status) || status === 'NotReady') return { phase: 'Running', container: { running: {} } }
	const exit = /^(?:ExitCode|Signal):(\d{1,3})$/.exec(told)
	if (exit) {
		const code = told.startsWith('Signal') ? { signal: Number(exit[1]) } : { exitCode: Number(exit[1]) }
		return {
			phase: isInit ? 'Pending' : 'Running',
			container: { terminated: { reason: 'Error', ...code } },
			init: isInit,
		}
	}
	if (dead.has(told)) {
		const exitCode = told === 'OOMKilled' ? 137 : 1
		return {
			phase: isInit ? 'Pending' : 'Running',
			container: { terminated: { reason: told, exitCode } },
			init: isInit,
		}
	}
	const waits = { waiting: { reason: told, ...(why && { message: why }) } }
	const phase = told === 'CrashLoopBackOff' && !isInit ? 'Running' : ready && !isInit ? 'Running' : 'Pending'
	return { phase, container: waits, init: isInit }
}

function countsOf(text: string): { ready: number; all: number } {
	const parts = /^(\d{1,4})\/(\d{1,4})$/.exec(text)
	return { ready: Number(parts?.[1] ?? 0), all: Math.min(100, Number(parts?.[2] ?? 1)) }
}

const address = (text: string | undefined) => (text && text !== '<none>' ? text : undefined)

export function podOfRow({ cells }: Row, { at, owners, words, node: somewhere }: Around): unknown {
	const namespace = cells.get('NAMESPACE') ?? 'default'
	const name = cells.get('NAME') ?? ''
	const status = cells.get('STATUS') ?? ''
	const { ready, all } = countsOf(cells.get('READY') ?? '')
	const restarts = /^(\d{1,7})(?: \(([0-9smhdy]+) ago\))?/.exec(cells.get('RESTARTS') ?? '')
	const again = Number(restarts?.[1] ?? 0)
	const told = words.get(`${namespace}/${name}`)
	const state = stateOf(status, ready === all, told?.starting)
	const owner = ownerOf(namespace, name, owners)
	const node = cells.has('NODE') ? address(cells.get('NODE')) : status === 'Pending' ? undefined : somewhere
	const podIP = address(cells.get('IP'))
	const endedAt = isoAgo(at, kubectlAge(restarts?.[2] ?? ''))
	const names = Array.from(
		{ length: all },
		(_, index) => owner?.containers[index] ?? (index === 0 ? 'app' : `app-${index + 1}`),
	)
	const images = names.map((_, index) => owner?.images[index] ?? '')
	const specs = names.map((container, index) => ({ name: container, image: images[index] }))
	const statuses = names.map((container, index) => {
		const isReady = index >= all - ready
		return {
			name: container,
			ready: isReady,
			restartCount: index === 0 ? again : 0,
			image: images[index],
			...(state.init
				? { state: { waiting: { reason: 'PodInitializing' } } }
				: { state: isReady && !ended.has(status) ? { running: {} } : (state.container ?? {}) }),
			...(index === 0 &&
				endedAt &&
				!state.init && { lastState: { terminated: { finishedAt: endedAt, reason: '' } } }),
		}
	})
	const unbound = !node && { reason: 'Unschedulable', message: told?.scheduling ?? '' }
	const scheduled = { type: 'PodScheduled', status: node ? 'True' : 'False', ...unbound }
	return {
		kind: 'Pod',
		metadata: {
			namespace,
			name,
			creationTimestamp: isoAgo(at, kubectlAge(cells.get('AGE') ?? '')),
			...(owner && { ownerReferences: [{ kind: owner.kind, name: owner.name, controller: true }] }),
			// Since when it goes is not told; a moment ago is the least that is true.
			...(state.deleted && { deletionTimestamp: isoAgo(at, 0) }),
		},
		spec: {
			...(node && { nodeName: node }),
			containers: specs,
			...(state.init && { initContainers: [{ name: 'init', image: '' }] }),
		},
		status: {
			phase: state.phase,
			...(state.reason && { reason: state.reason }),
			...(podIP && { podIP }),
			conditions: [
				scheduled,
				{ type: 'Ready', status: ready === all && state.phase === 'Running' ? 'True' : 'False' },
			],
			...(state.phase !== 'Failed' && node && { containerStatuses: statuses }),
			...(state.init && {
				initContainerStatuses: [{ name: 'init', ready: false, restartCount: again, state: state.container }],
			}),
		},
	}
}
