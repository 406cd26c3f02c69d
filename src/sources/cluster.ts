import type { Bundle } from '../model/bundle.js'
import type { ClusterEvidence } from '../model/evidence/index.js'
import { endpoints } from './cluster/endpoints.js'
import { kubeEvents } from './cluster/events.js'
import { addon, apiServices, helmChart, webhooks } from './cluster/extensions.js'
import { ingress } from './cluster/ingresses.js'
import { listCommand, listFile, listItems, type Resource, requests, resources } from './cluster/lists.js'
import { meta } from './cluster/meta.js'
import { kubeNamespace, networkPolicy } from './cluster/namespaces.js'
import { kubeNode } from './cluster/nodes.js'
import { kubePod } from './cluster/pods.js'
import { certifiedName, kubeletCertificate, selfAmong } from './cluster/self.js'
import { kubeServices } from './cluster/services.js'
import { claim, storageClass, volume } from './cluster/storage.js'
import { workload } from './cluster/workloads.js'
import { optional } from './field.js'
import { source } from './source.js'

/** Lists that a verdict on a server's cluster rests on; when the API is down, three gaps say it as well as thirty. */
const needed: readonly Resource[] = ['nodes', 'pods', 'events']

export const cluster = source({
	name: 'cluster',
	title: 'cluster objects',
	wants: node =>
		resources.map(resource => ({
			file: listFile(resource),
			askFor: listCommand(node, resource),
			optional: node.role === 'agent' || !needed.includes(resource),
			after: { files: endpoints.map(({ file }) => file), says: 'the Kubernetes API did not answer' },
		})),
	async collect(ask) {
		// An API that does not answer shall cost one time limit, not one for each list.
		const alive = await Promise.all(endpoints.map(({ file, path }) => ask.kube(file, path)))
		if (alive.every(text => text === undefined)) return
		const pem = ask.node.role === 'agent' ? await ask.file(kubeletCertificate(ask.node)) : undefined
		const nodeName = certifiedName(pem) ?? ask.node.hostname.toLowerCase()
		await Promise.all(requests(ask.node, nodeName).map(({ file, path }) => ask.kube(file, path)))
	},
	parse,
})

const workloadLists = [
	['Deployment', 'deployments'],
	['DaemonSet', 'daemonsets'],
	['StatefulSet', 'statefulsets'],
	['ReplicaSet', 'replicasets'],
	['Job', 'jobs'],
] as const

type Items = (resource: Resource) => readonly unknown[] | undefined

/** One list out of several: absent only when none of them was answered. */
function together<T>(parts: readonly (T[] | undefined)[]): T[] | undefined {
	const answered = parts.filter(part => part !== undefined)
	return answered.length ? answered.flat() : undefined
}

/** A list that was not answered stays absent: an empty one says that there is none. */
function evidence(items: Items, bundle: Bundle): ClusterEvidence {
	const nodes = items('nodes')?.map(kubeNode)
	const services = items('services')
	const events = items('events')
	const apis = items('apiservices')
	return {
		...optional('nodes', nodes),
		...optional('self', nodes && selfAmong(nodes, bundle)),
		...optional('pods', items('pods')?.map(kubePod)),
		...optional('events', events && kubeEvents(events)),
		...optional('services', services && kubeServices(services, items('endpointslices'))),
		...optional(
			'workloads',
			together(workloadLists.map(([kind, name]) => items(name)?.map(object => workload(kind, object)))),
		),
		...optional('namespaces', items('namespaces')?.map(kubeNamespace)),
		...optional('claims', items('persistentvolumeclaims')?.map(claim)),
		...optional('storageClasses', items('storageclasses')?.map(storageClass)),
		...optional('volumes', items('persistentvolumes')?.map(volume)),
		...optional(
			'webhooks',
			together([
				items('validatingwebhookconfigurations')?.flatMap(object => webhooks('validating', object)),
				items('mutatingwebhookconfigurations')?.flatMap(object => webhooks('mutating', object)),
			]),
		),
		...optional('apiServices', apis && apiServices(apis)),
		...optional('helmCharts', items('helmcharts')?.map(helmChart)),
		...optional('addons', items('addons')?.map(addon)),
		...optional('networkPolicies', items('networkpolicies')?.map(networkPolicy)),
		...optional('ingresses', items('ingresses')?.map(ingress)),
		...optional(
			'crds',
			items('customresourcedefinitions')?.map(object => meta(object).name),
		),
	}
}

function parse(bundle: Bundle): ClusterEvidence | undefined {
	const found = evidence(resource => listItems(bundle, resource), bundle)
	return Object.keys(found).length ? found : undefined
}
