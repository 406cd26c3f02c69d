/** JSON and YAML that kubectl, crictl and ip print: which answer it is, told by its shape. */
import { parse } from 'yaml'
import type { Draft, Source } from '../draft.js'
import { addList, type Made } from '../kubectl/list.js'

type Fields = Record<string, unknown>

const isObject = (value: unknown): value is Fields =>
	typeof value === 'object' && value !== null && !Array.isArray(value)

/** Kind of an object -> its list in the bundle. Secrets and configmaps are not among them. */
const lists: Readonly<Record<string, string>> = {
	Node: 'nodes',
	Pod: 'pods',
	Event: 'events',
	Service: 'services',
	EndpointSlice: 'endpointslices',
	Namespace: 'namespaces',
	Deployment: 'deployments',
	DaemonSet: 'daemonsets',
	ReplicaSet: 'replicasets',
	StatefulSet: 'statefulsets',
	Job: 'jobs',
	Ingress: 'ingresses',
	PersistentVolume: 'persistentvolumes',
	PersistentVolumeClaim: 'persistentvolumeclaims',
	StorageClass: 'storageclasses',
	APIService: 'apiservices',
	CertificateSigningRequest: 'certificatesigningrequests',
	Lease: 'leases',
	NetworkPolicy: 'networkpolicies',
	ValidatingWebhookConfiguration: 'validatingwebhookconfigurations',
	MutatingWebhookConfiguration: 'mutatingwebhookconfigurations',
	Addon: 'addons',
	HelmChart: 'helmcharts',
	HelmChartConfig: 'helmchartconfigs',
	CustomResourceDefinition: 'customresourcedefinitions',
}

/** Objects by list, gathered from any number of files. */
export type Gathering = Map<string, { items: Made[]; file: string }>

function listOf(object: unknown, listKind: string): string | undefined {
	const kind =
		isObject(object) && typeof object.kind === 'string' ? object.kind : listKind.replace(/List$/, '')
	return Object.hasOwn(lists, kind) ? lists[kind] : undefined
}

/** Takes the objects of a list, or a single object; `false` when it is neither. */
export function gatherObjects(into: Gathering, told: unknown, file: string): boolean {
	if (!isObject(told)) return false
	const kind = typeof told.kind === 'string' ? told.kind : ''
	const items = Array.isArray(told.items) && /List$/.test(kind) ? told.items : undefined
	// A single object that has no status is somebody's manifest, not what a cluster holds.
	const held = isObject(told.metadata) && isObject(told.status) && Object.hasOwn(lists, kind)
	if (!items && !held) return false
	for (const object of items ?? [told]) {
		const list = listOf(object, kind)
		if (list !== undefined) add(into, list, object, file)
	}
	// An empty list is an answer as well.
	const empty = items?.length === 0 ? listOf(undefined, kind) : undefined
	if (empty && !into.has(empty)) into.set(empty, { items: [], file })
	return true
}

export function add(into: Gathering, list: string, object: unknown, file: string): void {
	const known = into.get(list) ?? { items: [], file }
	into.set(list, known)
	known.items.push({ object, from: { text: '', file, line: 0 } })
}

export function fileObjects(into: Draft, gathered: Gathering): void {
	for (const [list, { items, file }] of gathered) addList(into, `api/${list}.json`, items, file)
}

/** Answers whose shape says what they are. */
function shapeOf(told: unknown): string | undefined {
	if (Array.isArray(told)) {
		const first = told.find(isObject)
		if (!first) return undefined
		if ('ifname' in first) return 'commands/ip-addr.json'
		if ('priority' in first && 'src' in first) return 'commands/ip-rule.json'
		if ('dst' in first && 'state' in first) return 'commands/ip-neigh.json'
		return 'dst' in first ? 'commands/ip-route.json' : undefined
	}
	if (!isObject(told)) return undefined
	if (Array.isArray(told.containers)) return 'crictl/ps.json'
	if (Array.isArray(told.images)) return 'crictl/images.json'
	if (
		Array.isArray(told.items) &&
		told.items.some(item => isObject(item) && /^SANDBOX_/.test(String(item.state)))
	)
		return 'crictl/pods.json'
	if (isObject(told.status) && Array.isArray(told.status.imageFilesystems)) return 'crictl/imagefsinfo.json'
	if (isObject(told.status) && Array.isArray(told.status.conditions) && 'config' in told)
		return 'crictl/info.json'
	if (Array.isArray(told.filesystems)) return 'commands/findmnt.json'
	if (isObject(told.serverVersion) || (typeof told.gitVersion === 'string' && 'major' in told))
		return 'api/version.json'
	return undefined
}

/** Characters of YAML that are parsed of all files together: its parser is slow. */
export const yamlBudget = 6 * 1024 * 1024

export interface Budget {
	yaml: number
}

function parsed(text: string, left: Budget): unknown {
	try {
		if (/^\s*[[{]/.test(text)) return JSON.parse(text)
		const isList = /^(?:---\s*\n)?(?:#[^\n]*\n)*(?:apiVersion|kind|items): ?/.test(text)
		if (!isList || text.length > left.yaml) return undefined
		left.yaml -= text.length
		return parse(text, { maxAliasCount: 0 })
	} catch {
		return undefined
	}
}

/** Files what is recognised; `false` when nothing is. */
export function takeData(into: Draft, gathered: Gathering, { file, text }: Source, left: Budget): boolean {
	if (!/^\s*[[{]|^(?:---\s*\n)?(?:#[^\n]*\n)*(?:apiVersion|kind|items):/.test(text.slice(0, 4096)))
		return false
	const told = parsed(text, left)
	if (told === undefined) return false
	if (gatherObjects(gathered, told, file)) return true
	const own = shapeOf(told)
	if (own === undefined || into.files.has(own)) return own !== undefined
	into.raw(own, file)
	return true
}
