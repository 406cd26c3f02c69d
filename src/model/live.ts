/**
 * What is known of the cluster right now, beside the examination: lists that a live node keeps up to date, and who
 * tells them. A bundle has none; there the bundle's own evidence speaks.
 */
import type { ClusterEvidence, RuntimeEvidence } from './evidence/index.js'
import type { PodFiles } from './pod-files.js'

/** The lists that can be shown, by their name in the API. */
export const kinds = [
	'pods',
	'nodes',
	'events',
	'services',
	'endpointslices',
	'deployments',
	'daemonsets',
	'statefulsets',
	'replicasets',
	'jobs',
	'persistentvolumeclaims',
	'ingresses',
	'helmcharts',
	'addons',
	'namespaces',
] as const
export type Listed = (typeof kinds)[number]

/** Who tells a list: the API as it changes, the API asked now and then, crictl, or the files that lie around. */
export type Speaker = 'watch' | 'poll' | 'crictl' | 'files'

export interface Voice {
	speaker: Speaker
	/** Since when it speaks without interruption, epoch milliseconds. */
	since: number
	/** When it last said something. */
	heardAt: number
	/** Why nobody better does. */
	trouble?: string
	/** What last went wrong and was got over. */
	incident?: { says: string; at: number }
}

export interface Live {
	/** Lists of the API; those that nobody asked for or answered are absent. */
	cluster: ClusterEvidence
	runtime?: RuntimeEvidence
	podFiles?: readonly PodFiles[]
	/** Uids of the pods that the kubelet knows. */
	kept?: ReadonlySet<string>
	/** Who tells of pods; absent until somebody did. */
	pods?: Voice
	/** Who tells the other lists. */
	voices: Readonly<Partial<Record<Listed, Voice>>>
	/** Why a list that was asked for is not there. */
	troubles: Readonly<Partial<Record<Listed, string>>>
	/** The node's clock, epoch milliseconds: moves while the ages are looked at. */
	now: number
}
