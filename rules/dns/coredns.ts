/** CoreDNS: its pods, and what they said. */
import { type Evidence, type KubePod, nowOf, type PodLog, type Quote } from '../../src/rule.js'
import { isReady, minutes, ownNodeName } from '../workload/pods.js'

const isCoreDns = ({ namespace, name, labels }: Pick<KubePod, 'namespace' | 'name' | 'labels'>) =>
	namespace === 'kube-system' && (labels['k8s-app'] === 'kube-dns' || /^coredns-/.test(name))

/** Pods of CoreDNS that are not on their way out. `undefined`: pods were not answered. */
export function corednsPods({ cluster }: Evidence): KubePod[] | undefined {
	return cluster?.pods?.filter(
		pod =>
			isCoreDns(pod) && pod.deletedAt === undefined && pod.phase !== 'Succeeded' && pod.phase !== 'Failed',
	)
}

/** Those of this node, and those that no node has taken. */
export function ownCorednsPods(evidence: Evidence): KubePod[] {
	const own = ownNodeName(evidence)
	return (corednsPods(evidence) ?? []).filter(({ node }) => node === own || node === '')
}

export interface Said {
	pod: string
	text: string
	at: number
	quote: Quote
}

/** Lives of a pod that still count: the present one, and the one before while the present one is not well. */
function livesOf(evidence: Evidence): PodLog[] {
	const pods = corednsPods(evidence)
	const byUid = new Map<string, PodLog[]>()
	for (const log of evidence.podLogs ?? []) {
		if (log.namespace !== 'kube-system' || !/^coredns/.test(log.pod)) continue
		byUid.set(log.uid, [...(byUid.get(log.uid) ?? []), log])
	}
	return [...byUid.values()].flatMap(logs => {
		const sorted = logs.sort((one, other) => other.instance - one.instance)
		const pod = pods?.find(({ name }) => name === sorted[0]?.pod)
		// The log of a pod that is gone lies around for a while.
		if (pods && !pod) return []
		return sorted.slice(0, pod && isReady(pod) ? 1 : 2)
	})
}

/** What CoreDNS said within the last minutes, oldest first within each life. */
export function corednsSaid(evidence: Evidence, within = 10 * minutes): Said[] {
	const since = nowOf(evidence) - within
	return livesOf(evidence).flatMap(({ pod, file, lines }) =>
		lines
			.slice(-500)
			.filter(({ at }) => at >= since)
			.map(({ text, at, line }) => ({ pod, text, at, quote: { file, line, text: text.slice(0, 400) } })),
	)
}

/** The address at which pods ask CoreDNS. */
export function dnsAddress({ cluster }: Evidence): string | undefined {
	return cluster?.services?.find(({ namespace, name }) => namespace === 'kube-system' && name === 'kube-dns')
		?.clusterIp
}
