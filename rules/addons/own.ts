/** Workloads that k3s itself deploys into kube-system. */
import type { Evidence, KubePod, Workload } from '../../src/rule.js'
import {
	type AddOn,
	addOnOf,
	diedWithHost,
	hasSettled,
	isOlderThan,
	isReady,
	lastDeath,
	minutes,
	stuckState,
} from '../workload/pods.js'

const patience = 3 * minutes

export function ownDeployment({ cluster }: Evidence, name: string): Workload | undefined {
	return cluster?.workloads?.find(
		workload =>
			workload.namespace === 'kube-system' &&
			workload.name === name &&
			(workload.kind === 'Deployment' || workload.kind === 'DaemonSet'),
	)
}

export function podsOf({ cluster }: Evidence, part: AddOn): KubePod[] {
	return (cluster?.pods ?? []).filter(pod => addOnOf(pod) === part && pod.deletedAt === undefined)
}

/**
 * It is wanted, nobody is ready, and that will not pass: a pod says so itself, or there was time enough since k3s
 * and the workload came up.
 */
export function staysDown(evidence: Evidence, workload: Workload, part: AddOn): boolean {
	if (workload.wanted === 0 || workload.ready > 0) return false
	const stuck = podsOf(evidence, part).some(pod => {
		const state = stuckState(pod)
		return state !== undefined && (state.reason !== 'CrashLoopBackOff' || loops(pod))
	})
	return stuck || (isOlderThan(evidence, workload.createdAt, patience) && hasSettled(evidence, patience))
}

/** The same where no list of workloads was answered: by the pods alone. */
export function downPod(evidence: Evidence, part: AddOn): KubePod | undefined {
	if (evidence.cluster?.workloads) return undefined
	const pods = podsOf(evidence, part)
	if (pods.some(isReady)) return undefined
	return pods.find(pod => {
		const state = stuckState(pod)
		const stuck = state !== undefined && (state.reason !== 'CrashLoopBackOff' || loops(pod))
		return stuck || (isOlderThan(evidence, pod.createdAt, patience) && hasSettled(evidence, patience))
	})
}

/** Ended by itself, not with its host. */
function loops({ containers }: KubePod): boolean {
	return containers.some(container => {
		const death = lastDeath(container)
		return container.restarts > 1 && death !== undefined && !diedWithHost(death)
	})
}
