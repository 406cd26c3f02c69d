/**
 * To which cause an unreachable registry belongs. A host without a way out is no fault where the images were meant to
 * come as files: then the missing image is the fault, and the pod that wants it names the cause.
 */
import type { Evidence, HelmChart, KubePod } from '../../src/rule.js'
import { addOnOf } from '../workload/pods.js'
import { isDockerHub, isPause, isSystemImage } from './image-name.js'
import type { FailedPull } from './pulls.js'

export type Owner = 'airgap-images-missing' | 'helm-job-failed' | 'local-path-failed' | 'registry-unreachable'

/** Charts that k3s brings along come from its own API server. */
export function isPackaged({ chart }: Pick<HelmChart, 'chart'>): boolean {
	return chart.includes('%{KUBERNETES_API}%/static/charts/')
}

/** The chart whose job runs in this pod. */
export function chartOf({ cluster }: Evidence, pod: KubePod): HelmChart | undefined {
	const name = pod.labels['helmcharts.helm.cattle.io/chart']
	return cluster?.helmCharts?.find(chart => chart.name === name)
}

function ownerByPod(evidence: Evidence, pod: KubePod): Owner {
	const part = addOnOf(pod)
	if (part === 'local-path-helper') return 'local-path-failed'
	if (part !== 'helm-job') return part ? 'airgap-images-missing' : 'registry-unreachable'
	const chart = chartOf(evidence, pod)
	return chart && isPackaged(chart) ? 'airgap-images-missing' : 'helm-job-failed'
}

/** Only a log tells: the image says what wants it. */
function ownerByImage(image: string): Owner {
	if (!isSystemImage(image)) return 'registry-unreachable'
	if (image.includes('klipper-helm')) return 'helm-job-failed'
	return image.includes('library-busybox') ? 'local-path-failed' : 'airgap-images-missing'
}

/** With a mirror for Docker Hub the images were to come from there; containerd tells only of the last one it asked. */
function hasMirror({ registries }: Evidence): boolean {
	return (registries?.mirrors ?? []).some(
		({ host, endpoints }) => (host === 'docker.io' || host === '*') && endpoints.length > 0,
	)
}

/** For a pull that failed because the registry could not be reached. */
export function ownersOf(evidence: Evidence, pull: FailedPull): Owner[] {
	// A registry of one's own that does not answer is the fault itself, whoever wanted the image.
	if (pull.host !== '' && !isDockerHub(pull.host)) return ['registry-unreachable']
	if (hasMirror(evidence)) return ['registry-unreachable']
	if (pull.sandbox && isPause(pull.image)) return ['airgap-images-missing']
	if (pull.pods.length === 0) return [ownerByImage(pull.image)]
	return [...new Set(pull.pods.map(pod => ownerByPod(evidence, pod)))]
}

export function isOwnedBy(evidence: Evidence, pull: FailedPull, owner: Owner): boolean {
	return ownersOf(evidence, pull).includes(owner)
}

export function cannotReach({ problem }: Pick<FailedPull, 'problem'>): boolean {
	return problem === 'name-unknown' || problem === 'unreachable'
}
