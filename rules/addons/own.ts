/** Workloads that k3s itself deploys into kube-system. */
import type { Evidence, KubePod, Workload } from '../../src/rule.js'
import { type AddOn, addOnOf, hasSettled, isOlderThan, minutes } from '../workload/pods.js'

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

/** It is wanted, nobody is ready, and there was time enough: k3s up and the workload there for some minutes. */
export function staysDown(evidence: Evidence, workload: Workload, patience = 3 * minutes): boolean {
	return (
		workload.wanted > 0 &&
		workload.ready === 0 &&
		isOlderThan(evidence, workload.createdAt, patience) &&
		hasSettled(evidence, patience)
	)
}
