/**
 * The lists that are asked of the Kubernetes API, by the name of their bundle file.
 * Never secrets, never configmaps.
 */
import type { Bundle, NodeFacts } from '../../model/bundle.js'
import { answer, entryOf } from '../../model/bundle.js'
import { fields, isObject, json } from '../field.js'

const core = '/api/v1'
const apps = '/apis/apps/v1'
const admission = '/apis/admissionregistration.k8s.io/v1'
const storage = '/apis/storage.k8s.io/v1'
const helm = '/apis/helm.cattle.io/v1'

/** Bundle file `api/<resource>.json` -> where the API serves the list. */
const paths = {
	nodes: `${core}/nodes`,
	pods: `${core}/pods`,
	// Each node keeps an hour of events; a flood of them must not fill the bundle.
	events: `${core}/events?limit=5000`,
	services: `${core}/services`,
	endpointslices: '/apis/discovery.k8s.io/v1/endpointslices',
	namespaces: `${core}/namespaces`,
	deployments: `${apps}/deployments`,
	daemonsets: `${apps}/daemonsets`,
	replicasets: `${apps}/replicasets`,
	statefulsets: `${apps}/statefulsets`,
	jobs: '/apis/batch/v1/jobs',
	ingresses: '/apis/networking.k8s.io/v1/ingresses',
	persistentvolumes: `${core}/persistentvolumes`,
	persistentvolumeclaims: `${core}/persistentvolumeclaims`,
	storageclasses: `${storage}/storageclasses`,
	apiservices: '/apis/apiregistration.k8s.io/v1/apiservices',
	certificatesigningrequests: '/apis/certificates.k8s.io/v1/certificatesigningrequests',
	leases: '/apis/coordination.k8s.io/v1/leases',
	networkpolicies: '/apis/networking.k8s.io/v1/networkpolicies',
	validatingwebhookconfigurations: `${admission}/validatingwebhookconfigurations`,
	mutatingwebhookconfigurations: `${admission}/mutatingwebhookconfigurations`,
	addons: '/apis/k3s.cattle.io/v1/addons',
	helmcharts: `${helm}/helmcharts`,
	helmchartconfigs: `${helm}/helmchartconfigs`,
	customresourcedefinitions: '/apis/apiextensions.k8s.io/v1/customresourcedefinitions',
} as const

export type Resource = keyof typeof paths

export const resources = Object.keys(paths).filter((name): name is Resource => name in paths)

/** What a kubelet's credentials may read: its own node, its own pods, all services. */
const ofAgent: readonly Resource[] = ['nodes', 'pods', 'services']

export interface ListRequest {
	resource: Resource
	file: string
	path: string
}

function selector(resource: Resource, nodeName: string): string {
	const field = { nodes: 'metadata.name', pods: 'spec.nodeName' }[String(resource)]
	return field ? `?fieldSelector=${encodeURIComponent(`${field}=${nodeName}`)}` : ''
}

/** What to ask with this node's credentials. `nodeName` is the name under which it registered. */
export function requests(node: NodeFacts, nodeName: string): ListRequest[] {
	const own = node.role === 'agent'
	return (own ? ofAgent : resources).map(resource => ({
		resource,
		file: listFile(resource),
		path: own ? paths[resource] + selector(resource, nodeName) : paths[resource],
	}))
}

/** Where one object of a list is served. Names are encoded: nothing in them leads elsewhere. */
export function objectPath(resource: Resource, namespace: string, name: string): string {
	const path = paths[resource].replace(/\?.*$/, '')
	const at = path.lastIndexOf('/')
	const within = namespace === '' ? '' : `/namespaces/${encodeURIComponent(namespace)}`
	return `${path.slice(0, at)}${within}${path.slice(at)}/${encodeURIComponent(name)}`
}

export function listFile(resource: Resource): string {
	return `api/${resource}.json`
}

/** kubectl's name of a resource; k3s's own kinds need their group, because other products use the same names. */
const kubectlNames: Partial<Record<Resource, string>> = {
	addons: 'addons.k3s.cattle.io',
	helmcharts: 'helmcharts.helm.cattle.io',
	helmchartconfigs: 'helmchartconfigs.helm.cattle.io',
}

/** `k3s kubectl …` as an operator types it on this node. */
export function kubectl(node: NodeFacts, ...words: string[]): string {
	const credentials =
		node.role === 'agent' ? ['--kubeconfig', `${node.dataDir}/agent/kubelet.kubeconfig`] : []
	return ['k3s', 'kubectl', ...credentials, ...words].join(' ')
}

export function listCommand(node: NodeFacts, resource: Resource): string {
	const filter = {
		nodes: ['--field-selector', `metadata.name=${node.hostname}`],
		pods: ['--field-selector', `spec.nodeName=${node.hostname}`],
	}[String(resource)]
	const words = node.role === 'agent' && filter ? filter : []
	return kubectl(node, 'get', kubectlNames[resource] ?? resource, '-A', ...words, '-o', 'json')
}

/** A bundle never changes, and big lists are read by more than one source. */
const read = new WeakMap<Bundle, Map<Resource, readonly unknown[] | undefined>>()

function readItems(bundle: Bundle, file: string): readonly unknown[] | undefined {
	const { items } = fields(json(answer(bundle, file)))
	if (!Array.isArray(items)) return undefined
	// kubectl prints an empty list when the request was refused or failed: that is no answer.
	const entry = entryOf(bundle, file)
	return items.length === 0 && (entry?.exit || entry?.why) ? undefined : items.filter(isObject)
}

/** The items of a list in the bundle; `undefined` when it was not answered or is no list. */
export function listItems(bundle: Bundle, resource: Resource): readonly unknown[] | undefined {
	const lists = read.get(bundle) ?? new Map<Resource, readonly unknown[] | undefined>()
	read.set(bundle, lists)
	if (!lists.has(resource)) lists.set(resource, readItems(bundle, listFile(resource)))
	return lists.get(resource)
}
