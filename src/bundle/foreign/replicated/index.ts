/** Support bundles of Replicated's troubleshoot: lists of the cluster, logs of pods, and what was asked of the host. */
import { type Draft, draft, type Source } from '../draft.js'
import type { Foreign, Layout, Translated } from '../layout.js'
import { takeAll } from '../loose/index.js'
import { add, fileObjects, type Gathering } from '../loose/json.js'

/** Its name of a kind -> ours. */
const lists: Readonly<Record<string, string>> = {
	nodes: 'nodes',
	namespaces: 'namespaces',
	pods: 'pods',
	events: 'events',
	services: 'services',
	endpointslices: 'endpointslices',
	deployments: 'deployments',
	daemonsets: 'daemonsets',
	replicasets: 'replicasets',
	statefulsets: 'statefulsets',
	jobs: 'jobs',
	ingress: 'ingresses',
	pvs: 'persistentvolumes',
	pvcs: 'persistentvolumeclaims',
	'storage-classes': 'storageclasses',
	'network-policy': 'networkpolicies',
	leases: 'leases',
	certificatesigningrequests: 'certificatesigningrequests',
	'custom-resource-definitions': 'customresourcedefinitions',
	'validating-webhook-configurations': 'validatingwebhookconfigurations',
	'mutating-webhook-configurations': 'mutatingwebhookconfigurations',
}

const wanted =
	/^(?:version\.yaml|analysis\.json|cluster-info\/cluster_version\.json|cluster-resources\/(?:[\w-]+\.json|[\w-]+\/[^/]+\.json|custom-resources\/[^/]+(?:\/[^/]+)?\.json|pods\/logs\/.+\.log)|host-collectors\/.+\.(?:json|txt))$/

function objectsOf({ text }: Source): unknown[] {
	try {
		const told: unknown = JSON.parse(text)
		if (Array.isArray(told)) return told
		const items = (told as { items?: unknown } | null)?.items
		return Array.isArray(items) ? items : []
	} catch {
		return []
	}
}

function addLists(into: Draft): void {
	const gathered: Gathering = new Map()
	for (const file of into.below('cluster-resources').sort()) {
		const parts = /^cluster-resources\/([\w-]+)(?:\/[^/]+)?\.json$/.exec(file)
		const custom =
			/^cluster-resources\/custom-resources\/(helmcharts|helmchartconfigs|addons)\.[^/]+(?:\/[^/]+)?\.json$/.exec(
				file,
			)
		const list =
			custom?.[1] ?? (parts && Object.hasOwn(lists, parts[1] ?? '') ? lists[parts[1] ?? ''] : undefined)
		const from = into.take(file)
		if (!list || !from || /-errors\.json$/.test(file)) continue
		if (!gathered.has(list)) gathered.set(list, { items: [], file })
		for (const object of objectsOf(from)) add(gathered, list, object, file)
	}
	fileObjects(into, gathered)
}

function addPodLogs(into: Draft): void {
	for (const file of into.below('cluster-resources/pods/logs')) {
		const [, namespace, pod, container, previous] =
			/^cluster-resources\/pods\/logs\/([^/_]+)\/([^/_]+)\/([^/]+?)(-previous)?\.log$/.exec(file) ?? []
		if (namespace && pod && container)
			into.raw(`files/var/log/pods/${namespace}_${pod}_of-${pod}/${container}/${previous ? 0 : 1}.log`, file)
	}
}

/** `support-bundle-2026-11-21T05_55_18` */
function stampOf(top: string): number | undefined {
	const parts = /^support-bundle-(\d{4}-\d\d-\d\d)T(\d\d)_(\d\d)_(\d\d)/.exec(top)
	const at = parts ? Date.parse(`${parts[1]}T${parts[2]}:${parts[3]}:${parts[4]}Z`) : Number.NaN
	return Number.isNaN(at) ? undefined : at
}

function translate(foreign: Foreign): Translated | undefined {
	const into = draft(foreign.files)
	const host = into
		.below('host-collectors')
		.filter(file => /\.txt$/.test(file) && !/-stderr\.txt$/.test(file))
		.flatMap(file => into.take(file) ?? [])
	const takenAt = stampOf(foreign.top) ?? (foreign.modifiedAt || Date.now())
	const made = takeAll(into, host, takenAt)
	addLists(into)
	addPodLogs(into)
	const version = into.take('cluster-info/cluster_version.json')
	const told = /"gitVersion": ?"([^"]{1,60})"/.exec(version?.text ?? '')?.[1]
	if (version && told)
		into.made('api/version.json', JSON.stringify({ serverVersion: { gitVersion: told } }), version.file)
	const own = `journal/${made.node.unit.replace(/\.service$/, '')}.log`
	into.lacks(
		own,
		'No journal of k3s is in this support bundle: its specification has no journald collector for the unit.',
	)
	into.lacks(
		'commands/systemctl-show.txt',
		'A support bundle asks systemd nothing unless its specification says so.',
	)
	for (const own of ['probes/ports.json', 'probes/http.json', 'probes/tls.json', 'api/readyz.txt'])
		into.lacks(own, 'A support bundle does not ask that.')
	for (const own of ['crictl/info.json', 'crictl/ps.json', 'crictl/pods.json', 'crictl/images.json'])
		into.lacks(own, 'A support bundle asks nothing of the container runtime.')
	const role = made.node.role === 'unknown' ? 'server' : made.node.role
	return { node: { ...made.node, role }, takenAt, draft: into }
}

export const replicated: Layout = {
	name: "Replicated's support bundle",
	marks: ['cluster-resources', 'host-collectors'],
	wants: name => wanted.test(name),
	fits(names) {
		const has = (start: string) => [...names].some(name => name.startsWith(start))
		return has('cluster-resources/') || has('host-collectors/')
	},
	translate,
}
