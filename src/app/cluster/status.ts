/** A pod's state in the words of kubectl's table, from what the API says of its containers. */
import type { ContainerState, KubeContainer, KubePod } from '../../model/evidence/index.js'

export interface PodStatus {
	/** `Running`, `CrashLoopBackOff`, `Init:0/1`, `Terminating`. */
	status: string
	ready: number
	/** Containers that have to be ready: those of the pod and init containers that go on running. */
	wanted: number
	restarts: number
	/** When a container last ended, epoch milliseconds. */
	restartedAt?: number
}

const isTrue = ({ conditions }: KubePod, type: string) =>
	conditions.some(condition => condition.type === type && condition.status === 'True')

export function podStatus(pod: KubePod): PodStatus {
	const own = pod.containers.filter(({ init, ephemeral }) => !init && !ephemeral)
	const inits = pod.containers.filter(({ init }) => init)
	const sidecars = inits.filter(({ sidecar }) => sidecar)
	const told = (list: KubeContainer[]) => list.filter(({ current }) => current.state !== 'unknown')
	const wanted = own.length + sidecars.length
	const starting = initStatus(inits)
	let status = firstWord(pod)
	if (starting && !isTrue(pod, 'Initialized')) {
		return {
			status: ended(pod, starting),
			ready: sidecars.filter(isReady).length,
			wanted,
			...restartsOf(inits),
		}
	}
	const readies = [...sidecars, ...own].filter(isReady).length
	// The first container speaks last, and so has the last word.
	for (const { current } of told(own).reverse()) status = containerWord(current) ?? status
	if (status === 'Completed' && own.some(container => isReady(container))) {
		status = isTrue(pod, 'Ready') ? 'Running' : 'NotReady'
	}
	return { status: ended(pod, status), ready: readies, wanted, ...restartsOf([...sidecars, ...own]) }
}

const isReady = ({ ready, current }: KubeContainer) => ready && current.state === 'running'

function firstWord({ phase, reason, conditions }: KubePod): string {
	const gated = conditions.some(
		condition => condition.type === 'PodScheduled' && condition.reason === 'SchedulingGated',
	)
	return gated ? 'SchedulingGated' : reason || phase || 'Unknown'
}

/** What the first init container that is not done says; `undefined` when all are. */
function initStatus(inits: readonly KubeContainer[]): string | undefined {
	for (const [index, { current, sidecar, started }] of inits.entries()) {
		const { state, reason, exitCode, signal } = current
		if (state === 'terminated' && exitCode === 0) continue
		if (sidecar && started) continue
		if (state === 'terminated')
			return `Init:${reason || (signal ? `Signal:${signal}` : `ExitCode:${exitCode}`)}`
		const waits = state === 'waiting' && reason !== '' && reason !== 'PodInitializing'
		return waits ? `Init:${reason}` : `Init:${index}/${inits.length}`
	}
	return undefined
}

function containerWord({ state, reason, exitCode, signal }: ContainerState): string | undefined {
	if (state === 'waiting') return reason || undefined
	if (state !== 'terminated') return undefined
	return reason || (signal ? `Signal:${signal}` : `ExitCode:${exitCode ?? '?'}`)
}

function ended({ deletedAt, reason, phase }: KubePod, status: string): string {
	if (deletedAt === undefined) return status
	if (reason === 'NodeLost') return 'Unknown'
	return phase === 'Succeeded' || phase === 'Failed' ? status : 'Terminating'
}

function restartsOf(containers: readonly KubeContainer[]): Pick<PodStatus, 'restarts' | 'restartedAt'> {
	const restarts = containers.reduce((sum, container) => sum + container.restarts, 0)
	const ends = containers.flatMap(({ last }) => (last?.state === 'terminated' ? (last.finishedAt ?? []) : []))
	return { restarts, ...(restarts > 0 && ends.length > 0 && { restartedAt: Math.max(...ends) }) }
}

const done: ReadonlySet<string> = new Set(['Completed', 'Succeeded'])

/** Nothing to see to: it runs with all of its containers ready, or has done what it was for. */
export function isWell({ status, ready, wanted }: PodStatus): boolean {
	return done.has(status) || (status === 'Running' && ready === wanted)
}
