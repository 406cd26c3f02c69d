/** Pods as a table shows them: from the API where it answered, else from the container runtime. */
import type { ContainerState, KubeContainer, KubePod } from '../model/evidence/index.js'
import { remembering } from './memo.js'
import type { Subject } from './subject.js'

export interface PodRow {
	uid: string
	namespace: string
	name: string
	ready: string
	/** What kubectl would say: `Running`, `CrashLoopBackOff`, `Init:0/1`. */
	status: string
	well: boolean
	restarts: number
	createdAt: number
	node: string
	/** The bundle's newest log of it. */
	log?: string
	pod?: KubePod
}

export interface Pods {
	rows: readonly PodRow[]
	from: 'api' | 'runtime' | 'nowhere'
}

export const podsOf = remembering((subject: Subject, _: ''): Pods => {
	const { cluster, runtime } = subject.evidence
	if (cluster?.pods) return { from: 'api', rows: cluster.pods.map(pod => fromApi(pod, subject)) }
	if (runtime?.answered) {
		return {
			from: 'runtime',
			rows: runtime.pods.map(({ uid, name, namespace, ready, createdAt }): PodRow => {
				const own = runtime.containers.filter(({ podUid }) => podUid === uid)
				const running = own.filter(({ state }) => state === 'running').length
				const log = logOf(subject, uid)
				return {
					uid,
					namespace,
					name,
					ready: `${running}/${own.length}`,
					status: ready ? 'sandbox ready' : 'sandbox not ready',
					well: ready && running > 0,
					restarts: Math.max(0, ...own.map(({ attempt }) => attempt)),
					createdAt,
					node: subject.report.node.hostname,
					...(log && { log }),
				}
			}),
		}
	}
	return { from: 'nowhere', rows: [] }
})

function logOf({ evidence }: Subject, uid: string): string | undefined {
	const logs = evidence.podLogs?.filter(log => log.uid === uid) ?? []
	return logs.sort((a, b) => b.instance - a.instance)[0]?.file
}

function fromApi(pod: KubePod, subject: Subject): PodRow {
	const own = pod.containers.filter(({ init }) => !init)
	const ready = own.filter(container => container.ready).length
	const status = statusOf(pod)
	const done = status === 'Completed' || status === 'Succeeded'
	const log = logOf(subject, pod.uid)
	return {
		uid: pod.uid,
		namespace: pod.namespace,
		name: pod.name,
		ready: `${ready}/${own.length}`,
		status,
		well: done || (status === 'Running' && ready === own.length),
		restarts: pod.containers.reduce((sum, { restarts }) => sum + restarts, 0),
		createdAt: pod.createdAt,
		node: pod.node,
		pod,
		...(log && { log }),
	}
}

/** The same words as kubectl's STATUS column. */
export function statusOf(pod: KubePod): string {
	if (pod.deletedAt !== undefined) return 'Terminating'
	const inits = pod.containers.filter(({ init }) => init)
	const stuck = inits.find(({ current }) => !(current.state === 'terminated' && current.exitCode === 0))
	if (stuck && pod.phase === 'Pending') {
		const done = inits.indexOf(stuck)
		const why = stuck.current.reason
		return why && why !== 'PodInitializing' ? `Init:${why}` : `Init:${done}/${inits.length}`
	}
	const own = pod.containers.filter(({ init }) => !init)
	for (const { current } of own) {
		if (current.state === 'waiting' && current.reason) return current.reason
		if (current.state === 'terminated' && current.reason) return current.reason
	}
	return pod.reason || pod.phase || 'Unknown'
}

export function containerWords({ current, last, ready, restarts }: KubeContainer): string[] {
	return [
		`${stateWords(current)}${current.state === 'running' && !ready ? ', not ready' : ''}`,
		restarts > 0 ? `${restarts} restarts` : '',
		last ? `before: ${stateWords(last)}` : '',
	].filter(Boolean)
}

function stateWords({ state, reason, message, exitCode }: ContainerState): string {
	const exit = exitCode === undefined ? '' : ` (exit ${exitCode})`
	return [`${state}${exit}`, reason, message].filter(Boolean).join(': ')
}
