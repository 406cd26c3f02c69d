/** The pods behind a service that the API server itself calls. */
import type { Evidence, KubePod, KubeService } from '../../src/rule.js'

export function serviceOf(
	{ cluster }: Evidence,
	wanted: { namespace: string; name: string },
): KubeService | undefined {
	return cluster?.services?.find(
		({ namespace, name }) => namespace === wanted.namespace && name === wanted.name,
	)
}

/** Pods that a service selects; `undefined` where that cannot be told (no selector, no list of pods). */
export function podsBehind({ cluster }: Evidence, service: KubeService): KubePod[] | undefined {
	const wanted = Object.entries(service.selector)
	if (!cluster?.pods || wanted.length === 0) return undefined
	return cluster.pods.filter(
		pod =>
			pod.namespace === service.namespace &&
			pod.deletedAt === undefined &&
			wanted.every(([key, value]) => pod.labels[key] === value),
	)
}
