/** What is kept of each object of the lists that are followed, and what evidence they make together. */
import type { ClusterEvidence, KubePod } from '../../model/evidence/index.js'
import type { Listed } from '../../model/live.js'
import { kubeEvent } from '../cluster/events.js'
import { addon, helmChart } from '../cluster/extensions.js'
import { ingress } from '../cluster/ingresses.js'
import { kubeNamespace } from '../cluster/namespaces.js'
import { kubeNode } from '../cluster/nodes.js'
import { kubePod } from '../cluster/pods.js'
import { kubeServices } from '../cluster/services.js'
import { claim } from '../cluster/storage.js'
import { workload } from '../cluster/workloads.js'
import { inside, isObject, text } from '../field.js'

export interface Kept {
	key: string
	value: unknown
}

/** The table needs no annotations, and ten thousand pods have many. */
const none: Record<string, string> = Object.freeze(Object.create(null))

function leanPod(object: unknown): KubePod {
	return { ...kubePod(object), annotations: none }
}

/** Raw, because services and their slices are only read together; without what is large and of no use. */
function leanRaw(object: unknown): unknown {
	if (!isObject(object)) return object
	const { managedFields: _fields, annotations: _notes, ...metadata } = inside(object, 'metadata')
	return { ...object, metadata }
}

const readers: Readonly<Record<Listed, (object: unknown) => unknown>> = {
	pods: leanPod,
	nodes: kubeNode,
	events: kubeEvent,
	services: leanRaw,
	endpointslices: leanRaw,
	deployments: object => workload('Deployment', object),
	daemonsets: object => workload('DaemonSet', object),
	statefulsets: object => workload('StatefulSet', object),
	replicasets: object => workload('ReplicaSet', object),
	jobs: object => workload('Job', object),
	persistentvolumeclaims: claim,
	ingresses: ingress,
	helmcharts: helmChart,
	addons: addon,
	namespaces: kubeNamespace,
}

export function readerOf(listed: Listed): (object: unknown) => Kept {
	const read = readers[listed]
	return object => {
		const { uid, namespace, name } = inside(object, 'metadata')
		return { key: text(uid) || `${text(namespace)}/${text(name)}`, value: read(object) }
	}
}

const workloadLists = ['deployments', 'daemonsets', 'statefulsets', 'replicasets', 'jobs'] as const

type Values = (listed: Listed) => readonly unknown[] | undefined

/** The evidence of the lists that there are. `values` returns what the readers above made. */
export function evidenceOf(values: Values): ClusterEvidence {
	const found: Record<string, unknown> = {}
	const put = (name: keyof ClusterEvidence, list: readonly unknown[] | undefined) => {
		if (list) found[name] = list
	}
	put('pods', values('pods'))
	put('nodes', values('nodes'))
	put('events', values('events'))
	const services = values('services')
	put('services', services && kubeServices(services, values('endpointslices')))
	const workloads = workloadLists.flatMap(name => values(name) ?? [])
	put('workloads', workloadLists.some(name => values(name)) ? workloads : undefined)
	put('claims', values('persistentvolumeclaims'))
	put('ingresses', values('ingresses'))
	put('helmCharts', values('helmcharts'))
	put('addons', values('addons'))
	put('namespaces', values('namespaces'))
	// Each list was made by its reader, whose type is that of the evidence.
	return found as ClusterEvidence
}
