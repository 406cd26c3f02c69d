/** The jobs in which k3s runs helm: one for each HelmChart. */
import type { Evidence, HelmChart, KubeContainer, KubePod, PodLog, Workload } from '../../src/rule.js'
import { newestLogOf, recentLogs } from '../workload/logs.js'
import { addOnOf, lastDeath } from '../workload/pods.js'

/** A job that has succeeded since: what is left of earlier tries says nothing any more. */
function hasSucceeded({ cluster }: Evidence, { namespace, owner }: KubePod): boolean {
	return (cluster?.workloads ?? []).some(
		job =>
			job.kind === 'Job' &&
			job.namespace === namespace &&
			job.name === owner?.name &&
			job.wanted > 0 &&
			job.ready >= job.wanted,
	)
}

/** Pods of helm jobs that have not succeeded. */
export function helmPods(evidence: Evidence): KubePod[] {
	return (evidence.cluster?.pods ?? []).filter(
		pod =>
			addOnOf(pod) === 'helm-job' &&
			pod.phase !== 'Succeeded' &&
			pod.deletedAt === undefined &&
			!hasSucceeded(evidence, pod),
	)
}

export function helmJobs({ cluster }: Evidence): Workload[] {
	return (cluster?.workloads ?? []).filter(
		({ kind, name, labels }) =>
			kind === 'Job' &&
			(labels['helmcharts.helm.cattle.io/chart'] !== undefined || /^helm-(install|delete)-/.test(name)),
	)
}

/** Charts whose last job went wrong, by what helm-controller says. */
export function failedCharts({ cluster }: Evidence): HelmChart[] {
	return (cluster?.helmCharts ?? []).filter(({ conditions }) =>
		conditions.some(({ type, status }) => type === 'Failed' && status === 'True'),
	)
}

/** The container of a helm pod that has ended with an error, or is kept back because it does again and again. */
export function failedContainer(pod: KubePod): KubeContainer | undefined {
	return pod.containers.find(container => {
		const death = lastDeath(container)
		if (death?.exitCode !== undefined) return death.exitCode !== 0 && death.reason !== 'Unknown'
		// A table of pods tells no exit status.
		return container.current.state === 'waiting' && container.current.reason === 'CrashLoopBackOff'
	})
}

const errors =
	/Error: |INSTALLATION FAILED|UPGRADE FAILED|another operation \(|cannot re-use a name|failed to download|unable to build kubernetes objects|waiting for operator intervention/

/** The line in which helm says what went wrong. */
export function helmError(log: PodLog): PodLog['lines'][number] | undefined {
	return log.lines.slice(-60).findLast(({ text }) => errors.test(text))
}

export function logOf(evidence: Evidence, pod: KubePod): PodLog | undefined {
	return pod.containers.map(({ name }) => newestLogOf(evidence, pod, name)).find(log => log !== undefined)
}

/** Without the API: logs of helm jobs that were written just now. */
export function recentHelmLogs(evidence: Evidence): PodLog[] {
	return recentLogs(evidence).filter(({ namespace, pod }) => addOnOf({ namespace, name: pod }) === 'helm-job')
}
