/** Pods as a table shows them, whoever tells of them: the API, the container runtime, or the files of the kubelet. */
import type { KubePod, RuntimeContainer, RuntimeEvidence } from '../../model/evidence/index.js'
import type { PodFiles } from '../../model/pod-files.js'
import { remembering } from '../memo.js'
import type { Sight } from './sight.js'
import { isWell, podStatus } from './status.js'

export interface PodRow {
	/** Its uid, else namespace and name: what the cursor keeps to. */
	id: string
	uid: string
	namespace: string
	name: string
	ready: string
	/** What kubectl would say: `Running`, `CrashLoopBackOff`, `Init:0/1`. */
	status: string
	/** `unknown`: who speaks cannot tell whether something is wrong with it. */
	health: 'well' | 'fault' | 'unknown'
	restarts: number
	/** When a container last ended, epoch milliseconds; absent: unknown. */
	restartedAt?: number
	createdAt: number
	ip: string
	node: string
	pod?: KubePod
	/** The runtime's newest container of each name. */
	containers?: readonly RuntimeContainer[]
	files?: PodFiles
}

/** All that are known, in the order of their namespaces and names. */
export const podRows = remembering((sight: Sight, _: ''): readonly PodRow[] => {
	const rows = rowsOf(sight)
	return rows.sort((a, b) => compare(a.namespace, b.namespace) || compare(a.name, b.name))
})

export const compare = (a: string, b: string) => (a < b ? -1 : a > b ? 1 : 0)

function rowsOf({ by, cluster, runtime, podFiles, kept, node }: Sight): PodRow[] {
	// Sandboxes and logs outlast their pod for a while; what the kubelet has forgotten was deleted.
	const isThere = ({ uid, status }: PodRow) => kept === undefined || kept.has(uid) || status === 'Running'
	if (by === 'api') return (cluster.pods ?? []).map(fromApi)
	if (by === 'runtime' && runtime) {
		const rows = fromRuntime(runtime, node).filter(isThere)
		const seen = new Set(runtime.pods.map(({ uid }) => uid))
		// The kubelet makes a pod's folders before the runtime gets to hear of it.
		const missing = podFiles.filter(({ uid }) => kept?.has(uid) && !seen.has(uid))
		return [...rows, ...missing.map(files => ({ ...fromFiles(files, node), status: 'NoSandbox' }))]
	}
	return by === 'files' ? podFiles.map(files => fromFiles(files, node)).filter(isThere) : []
}

const made = new WeakMap<KubePod, PodRow>()

/** A pod that did not change is not read again. */
function fromApi(pod: KubePod): PodRow {
	const known = made.get(pod)
	if (known) return known
	const told = podStatus(pod)
	const row: PodRow = {
		id: pod.uid || `${pod.namespace}/${pod.name}`,
		uid: pod.uid,
		namespace: pod.namespace,
		name: pod.name,
		ready: `${told.ready}/${told.wanted}`,
		status: told.status,
		health: isWell(told) ? 'well' : 'fault',
		restarts: told.restarts,
		...(told.restartedAt !== undefined && { restartedAt: told.restartedAt }),
		createdAt: pod.createdAt,
		ip: pod.podIp,
		node: pod.node,
		pod,
	}
	made.set(pod, row)
	return row
}

function fromRuntime(runtime: RuntimeEvidence, node: string): PodRow[] {
	const byPod = Map.groupBy(runtime.containers, ({ podUid }) => podUid)
	// A pod that was started anew has an older sandbox too.
	const newest = new Map<string, RuntimeEvidence['pods'][number]>()
	for (const sandbox of runtime.pods) {
		const other = newest.get(sandbox.uid)
		if (!other || other.createdAt < sandbox.createdAt) newest.set(sandbox.uid, sandbox)
	}
	return [...newest.values()].map((sandbox): PodRow => {
		const containers = newestOfEach(byPod.get(sandbox.uid) ?? [])
		const running = containers.filter(({ state }) => state === 'running')
		// Init containers have ended before the others began; which ones they are, the runtime does not know.
		const firstRunning = Math.min(...running.map(({ createdAt }) => createdAt))
		const ended = containers.filter(
			({ state, createdAt }) => state !== 'running' && (running.length === 0 || createdAt > firstRunning),
		)
		const all = running.length + ended.length
		const up = sandbox.ready && all > 0 && ended.length === 0
		const firsts = runtime.pods.filter(({ uid }) => uid === sandbox.uid).map(({ createdAt }) => createdAt)
		return {
			id: sandbox.uid,
			uid: sandbox.uid,
			namespace: sandbox.namespace,
			name: sandbox.name,
			ready: `${sandbox.ready ? running.length : 0}/${all}`,
			status: up ? 'Running' : !sandbox.ready ? 'Stopped' : all === 0 ? 'NoContainers' : 'Exited',
			health: up ? 'well' : sandbox.ready ? 'fault' : 'unknown',
			restarts: containers.reduce((sum, { attempt }) => sum + attempt, 0),
			createdAt: Math.min(...firsts),
			ip: '',
			node,
			containers,
		}
	})
}

function newestOfEach(containers: readonly RuntimeContainer[]): RuntimeContainer[] {
	const newest = new Map<string, RuntimeContainer>()
	for (const container of containers) {
		const other = newest.get(container.name)
		if (!other || other.createdAt < container.createdAt) newest.set(container.name, container)
	}
	return [...newest.values()].sort((a, b) => a.createdAt - b.createdAt)
}

function fromFiles(files: PodFiles, node: string): PodRow {
	const { namespace, name, uid, containers } = files
	const known = containers.every(({ running }) => running !== undefined)
	const running = containers.filter(container => container.running)
	return {
		id: uid,
		uid,
		namespace,
		name,
		ready: known ? `${running.length}/${containers.length}` : `?/${containers.length}`,
		status: filesStatus(containers.length, known, running.length),
		health: 'unknown',
		restarts: containers.reduce((sum, { attempt }) => sum + attempt, 0),
		createdAt: 0,
		ip: '',
		node,
		files,
	}
}

function filesStatus(containers: number, known: boolean, running: number): string {
	if (containers === 0) return 'NoContainers'
	return !known ? 'Unknown' : running > 0 ? 'Running' : 'Stopped'
}
