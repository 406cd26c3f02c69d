/** What belongs to a pod: the workload it is of, its events, the diagnoses that speak of it, its images. */
import type { Diagnosis } from '../../model/diagnosis.js'
import type { KubeEvent, RuntimeEvidence } from '../../model/evidence/index.js'
import type { State } from '../state.js'
import type { PodRow } from './pods.js'
import type { Sight } from './sight.js'

export interface WorkloadName {
	kind: 'Deployment' | 'DaemonSet' | 'StatefulSet' | 'Job' | 'ReplicaSet'
	name: string
}

const workloadKinds: ReadonlySet<string> = new Set(['DaemonSet', 'StatefulSet', 'Job', 'ReplicaSet'])

/** What made the pod, and would make it again. */
export function workloadOf({ pod }: PodRow, { cluster }: Sight): WorkloadName | undefined {
	const owner = pod?.owner
	if (!pod || !owner || !workloadKinds.has(owner.kind)) return undefined
	if (owner.kind !== 'ReplicaSet') return { kind: owner.kind as WorkloadName['kind'], name: owner.name }
	const set = cluster.workloads?.find(
		({ kind, namespace, name }) =>
			kind === 'ReplicaSet' && namespace === pod.namespace && name === owner.name,
	)
	if (set?.owner?.kind === 'Deployment') return { kind: 'Deployment', name: set.owner.name }
	// A deployment's replica set is called after it, with the hash that its pods carry as a label.
	const hash = pod.labels['pod-template-hash']
	return hash && owner.name.endsWith(`-${hash}`)
		? { kind: 'Deployment', name: owner.name.slice(0, -hash.length - 1) }
		: { kind: 'ReplicaSet', name: owner.name }
}

/** Newest first. */
export function eventsOf(
	sight: Sight,
	about: { kind: string; namespace: string; name: string },
): KubeEvent[] {
	return (sight.cluster.events ?? [])
		.filter(
			({ kind, namespace, name }) =>
				kind === about.kind &&
				name === about.name &&
				(namespace === about.namespace || about.namespace === ''),
		)
		.sort((a, b) => b.lastAt - a.lastAt)
}

/** Diagnoses whose findings name the pod, or what made it. */
export function diagnosesOf(state: State, row: PodRow, workload: WorkloadName | undefined): Diagnosis[] {
	const names = [row.name, row.uid, workload && `${row.namespace}/${workload.name}`].filter(
		(name): name is string => name !== undefined && name.length > 3,
	)
	const speaks = (text: string | undefined) => text !== undefined && names.some(name => text.includes(name))
	return (state.subject?.report.diagnoses ?? []).filter(({ findings }) =>
		findings.some(({ says, quote }) => speaks(says) || speaks(quote?.text) || speaks(quote?.file)),
	)
}

/** Docker Hub's short names in full, as the runtime keeps them. */
function fullName(image: string): string {
	const tagged = /[:@][^/]*$/.test(image) ? image : `${image}:latest`
	const [host = ''] = tagged.split('/')
	if (tagged.includes('/') && /[.:]|^localhost$/.test(host)) return tagged
	return tagged.includes('/') ? `docker.io/${tagged}` : `docker.io/library/${tagged}`
}

export interface ImageFacts {
	/** `sha256:…`, as the runtime resolved it. */
	digest?: string
	/** On this node; absent: the runtime did not say, or the pod is elsewhere. */
	present?: boolean
}

/** `imageId`: what the API says the container runs, `docker.io/x@sha256:…` or an id. */
export function imageFacts(
	image: string,
	imageId: string,
	runtime: RuntimeEvidence | undefined,
	here: boolean,
): ImageFacts {
	const digest = /sha256:[0-9a-f]{64}/.exec(imageId)?.[0] ?? /sha256:[0-9a-f]{64}/.exec(image)?.[0]
	if (!here || !runtime?.answered || runtime.unanswered?.includes('images')) return digest ? { digest } : {}
	const wanted = fullName(image)
	const found = runtime.images.find(
		({ id, tags, digests }) =>
			tags.includes(wanted) ||
			digests.includes(wanted) ||
			(digest !== undefined && (id === digest || digests.some(known => known.endsWith(digest)))),
	)
	const known = found?.digests.map(text => /sha256:[0-9a-f]{64}/.exec(text)?.[0]).find(Boolean)
	const best = digest ?? known
	return { present: found !== undefined, ...(best !== undefined && { digest: best }) }
}
