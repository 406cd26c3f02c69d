/** Which pods say something about this node, and what they are. */
import { type Evidence, type KubeContainer, type KubePod, nowOf, unnamed } from '../../src/rule.js'

/** The name under which this host is a node of the cluster. */
export function ownNodeName({ cluster, node }: Evidence): string {
	const only = cluster?.nodes?.length === 1 ? cluster.nodes[0]?.name : undefined
	return cluster?.self?.name ?? only ?? node.hostname.toLowerCase()
}

const own = new WeakMap<Evidence, KubePod[]>()

/** Pods that are bound to this node and have work left: finished and leaving ones say nothing about today. */
export function ownPods(evidence: Evidence): KubePod[] {
	const known = own.get(evidence)
	if (known) return known
	const name = ownNodeName(evidence)
	// Where nobody said which node this is, as in a few tables of kubectl, it may be any.
	const isOwn = name === unnamed ? (node: string) => node !== '' : (node: string) => node === name
	const found = (evidence.cluster?.pods ?? []).filter(
		pod =>
			isOwn(pod.node) && pod.phase !== 'Succeeded' && pod.phase !== 'Failed' && pod.deletedAt === undefined,
	)
	own.set(evidence, found)
	return found
}

/** Pods that no node has taken yet. */
export function unboundPods({ cluster }: Evidence): KubePod[] {
	return (cluster?.pods ?? []).filter(
		pod => pod.node === '' && pod.phase === 'Pending' && pod.deletedAt === undefined,
	)
}

export function isReady(pod: KubePod): boolean {
	return pod.conditions.some(({ type, status }) => type === 'Ready' && status === 'True')
}

/** Part of k3s itself, each with a cause of its own. */
export type AddOn =
	| 'coredns'
	| 'metrics-server'
	| 'local-path'
	| 'local-path-helper'
	| 'traefik'
	| 'servicelb'
	| 'helm-job'

const byName: readonly [RegExp, AddOn][] = [
	[/^helm-(install|delete)-/, 'helm-job'],
	[/^helper-pod-(create|delete)-/, 'local-path-helper'],
	[/^coredns-/, 'coredns'],
	[/^metrics-server-/, 'metrics-server'],
	[/^local-path-provisioner-/, 'local-path'],
	[/^traefik-/, 'traefik'],
	[/^svclb-/, 'servicelb'],
]

/** The part of k3s that a pod belongs to. Charts and storage classes may put helper pods into other namespaces. */
export function addOnOf({ namespace, name }: Pick<KubePod, 'namespace' | 'name'>): AddOn | undefined {
	const found = byName.find(([pattern]) => pattern.test(name))?.[1]
	const anywhere = found === 'helm-job' || found === 'local-path-helper'
	// Who installs the provisioner himself finds it in the namespace of its own manifest.
	const own = found === 'local-path' && namespace === 'local-path-storage'
	return anywhere || own || namespace === 'kube-system' ? found : undefined
}

/** `shop/web-1` */
export function fullName({ namespace, name }: { namespace: string; name: string }): string {
	return namespace ? `${namespace}/${name}` : name
}

/** `a, b, c and 4 more`: a hundred pods that fail alike are one sentence. */
export function listed(names: readonly string[], most = 3): string {
	const distinct = [...new Set(names)]
	const more = distinct.length - most
	return more > 0 ? `${distinct.slice(0, most).join(', ')} and ${more} more` : distinct.join(', ')
}

/** Milliseconds since `at` by the node's clock; 0 where it lies ahead, `undefined` where it is not known. */
export function ageOf(evidence: Evidence, at: number | undefined): number | undefined {
	const now = nowOf(evidence)
	return at === undefined || at <= 0 || now <= 0 ? undefined : Math.max(0, now - at)
}

export function isOlderThan(evidence: Evidence, at: number | undefined, milliseconds: number): boolean {
	const age = ageOf(evidence, at)
	return age !== undefined && age >= milliseconds
}

export const seconds = 1_000
export const minutes = 60_000

/** What the container died of last: its present state, or the one before. */
export function lastDeath({ current, last }: KubeContainer): KubeContainer['last'] {
	if (current.state === 'terminated') return current
	return last?.state === 'terminated' ? last : undefined
}

const stuckReasons =
	/^(?:CrashLoopBackOff|ErrImage\w*|ImagePullBackOff|ImageInspectError|InvalidImageName|CreateContainer\w*Error|RunContainerError)$/

/** Why a pod does not come up, where that will not pass by waiting. */
export function stuckState(pod: KubePod): KubeContainer['current'] | undefined {
	return pod.containers.find(
		({ current }) => current.state === 'waiting' && stuckReasons.test(current.reason),
	)?.current
}

/** A container that went down with its host: the runtime found it gone and could not say how it ended. */
export function diedWithHost(death: KubeContainer['last']): boolean {
	return death?.reason === 'Unknown' || death?.reason === 'ContainerStatusUnknown'
}

/** Some lines out of the middle of a log: since when this k3s has been up stands before them. */
export function isUntold({ service, journal, units }: Evidence): boolean {
	const newest = journal?.newest
	return (
		service?.state === 'running' &&
		units === undefined &&
		newest?.truncated === true &&
		newest.readyAt === undefined
	)
}

/** How long k3s has been up: what is not ready right after a start is still on its way. */
export function hasSettled(evidence: Evidence, milliseconds: number): boolean {
	const { service, journal, cluster } = evidence
	const newest = journal?.newest
	if (isUntold(evidence) || (service?.state === 'unknown' && newest === undefined)) {
		// Nobody told since when: it has been up for as long as its oldest pod, as far as is known.
		const made = (cluster?.pods ?? []).map(({ createdAt }) => createdAt).filter(at => at > 0)
		return isOlderThan(evidence, made.length > 0 ? Math.min(...made) : undefined, milliseconds)
	}
	if (service && service.state !== 'running') return false
	return isOlderThan(evidence, journal?.newest?.readyAt ?? service?.since, milliseconds)
}
