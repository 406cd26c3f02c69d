/** `k3s/kubectl/` of a recorded node: tables and descriptions of the lists that it keeps as JSON. */
import { columns, shortAge } from './columns.js'
import { describePod } from './describe.js'

type Json = Record<string, unknown>

export const at = (value: unknown, ...path: (string | number)[]): unknown =>
	path.reduce<unknown>((here, key) => (here as Json | undefined)?.[key], value)
export const text = (value: unknown) => (value === undefined || value === null ? '' : String(value))
export const list = (value: unknown): Json[] => (Array.isArray(value) ? (value as Json[]) : [])

function age(object: Json, now: number): string {
	const created = Date.parse(text(at(object, 'metadata', 'creationTimestamp')))
	return Number.isNaN(created) ? '<unknown>' : shortAge(now - created)
}

const name = (object: Json) => text(at(object, 'metadata', 'name'))
const namespace = (object: Json) => text(at(object, 'metadata', 'namespace'))

/** What kubectl shows as a pod's status: printPod of kubernetes/pkg/printers. */
export function podStatus(pod: Json): {
	ready: string
	status: string
	restarts: string
	lastRestart: number
} {
	const statuses = list(at(pod, 'status', 'containerStatuses'))
	const specs = list(at(pod, 'spec', 'containers'))
	let status = text(at(pod, 'status', 'reason')) || text(at(pod, 'status', 'phase'))
	let restarts = 0
	let lastRestart = 0
	let initializing = false
	for (const [index, init] of list(at(pod, 'status', 'initContainerStatuses')).entries()) {
		restarts += Number(init.restartCount ?? 0)
		const ended = at(init, 'state', 'terminated') as Json | undefined
		const waiting = at(init, 'state', 'waiting') as Json | undefined
		if (ended && Number(ended.exitCode) === 0) continue
		if (ended) status = `Init:${ended.reason || `ExitCode:${ended.exitCode}`}`
		else if (waiting?.reason && waiting.reason !== 'PodInitializing') status = `Init:${waiting.reason}`
		else status = `Init:${index}/${list(at(pod, 'spec', 'initContainers')).length}`
		initializing = true
		break
	}
	let ready = 0
	if (!initializing) {
		let running = false
		for (const container of [...statuses].reverse()) {
			restarts += Number(container.restartCount ?? 0)
			const finished = Date.parse(text(at(container, 'lastState', 'terminated', 'finishedAt')))
			if (!Number.isNaN(finished)) lastRestart = Math.max(lastRestart, finished)
			const waiting = at(container, 'state', 'waiting', 'reason')
			const ended = at(container, 'state', 'terminated') as Json | undefined
			if (waiting) status = text(waiting)
			else if (ended)
				status =
					text(ended.reason) || (ended.signal ? `Signal:${ended.signal}` : `ExitCode:${ended.exitCode}`)
			else if (container.ready && at(container, 'state', 'running')) {
				running = true
				ready += 1
			}
		}
		const isReady = list(at(pod, 'status', 'conditions')).some(
			({ type, status: is }) => type === 'Ready' && is === 'True',
		)
		if (status === 'Completed' && running) status = isReady ? 'Running' : 'NotReady'
	}
	if (at(pod, 'metadata', 'deletionTimestamp'))
		status = at(pod, 'status', 'reason') === 'NodeLost' ? 'Unknown' : 'Terminating'
	return { ready: `${ready}/${specs.length}`, status, restarts: String(restarts), lastRestart }
}

type Printer = { heads: string[]; row: (object: Json, now: number) => string[] }

const none = (value: unknown) => text(value) || '<none>'
const pairs = (value: unknown) =>
	Object.entries((value as Json | undefined) ?? {})
		.map(([key, each]) => `${key}=${each}`)
		.join(',') || '<none>'
const containers = (object: Json) => list(at(object, 'spec', 'template', 'spec', 'containers'))
const names = (object: Json) =>
	containers(object)
		.map(each => text(each.name))
		.join(',')
const images = (object: Json) =>
	containers(object)
		.map(each => text(each.image))
		.join(',')
const selector = (object: Json) => pairs(at(object, 'spec', 'selector', 'matchLabels'))
const count =
	(...path: string[]) =>
	(object: Json) =>
		text(at(object, ...path) ?? 0)

const printers: Record<string, Printer> = {
	pods: {
		heads: [
			'NAMESPACE',
			'NAME',
			'READY',
			'STATUS',
			'RESTARTS',
			'AGE',
			'IP',
			'NODE',
			'NOMINATED NODE',
			'READINESS GATES',
		],
		row: (pod, now) => {
			const { ready, status, restarts, lastRestart } = podStatus(pod)
			const again =
				lastRestart > 0 && restarts !== '0' ? `${restarts} (${shortAge(now - lastRestart)} ago)` : restarts
			return [
				namespace(pod),
				name(pod),
				ready,
				status,
				again,
				age(pod, now),
				none(at(pod, 'status', 'podIP')),
				none(at(pod, 'spec', 'nodeName')),
				'<none>',
				'<none>',
			]
		},
	},
	services: {
		heads: ['NAMESPACE', 'NAME', 'TYPE', 'CLUSTER-IP', 'EXTERNAL-IP', 'PORT(S)', 'AGE', 'SELECTOR'],
		row: (object, now) => {
			const balanced = list(at(object, 'status', 'loadBalancer', 'ingress'))
				.map(({ ip }) => text(ip))
				.join(',')
			const external =
				text(at(object, 'spec', 'type')) === 'LoadBalancer' ? balanced || '<pending>' : '<none>'
			const ports = list(at(object, 'spec', 'ports')).map(
				({ port, nodePort, protocol }) => `${port}${nodePort ? `:${nodePort}` : ''}/${protocol}`,
			)
			return [
				namespace(object),
				name(object),
				text(at(object, 'spec', 'type')),
				none(at(object, 'spec', 'clusterIP')),
				external,
				ports.join(','),
				age(object, now),
				pairs(at(object, 'spec', 'selector')),
			]
		},
	},
	deployments: {
		heads: [
			'NAMESPACE',
			'NAME',
			'READY',
			'UP-TO-DATE',
			'AVAILABLE',
			'AGE',
			'CONTAINERS',
			'IMAGES',
			'SELECTOR',
		],
		row: (object, now) => [
			namespace(object),
			name(object),
			`${at(object, 'status', 'readyReplicas') ?? 0}/${at(object, 'spec', 'replicas') ?? 1}`,
			count('status', 'updatedReplicas')(object),
			count('status', 'availableReplicas')(object),
			age(object, now),
			names(object),
			images(object),
			selector(object),
		],
	},
	replicasets: {
		heads: ['NAMESPACE', 'NAME', 'DESIRED', 'CURRENT', 'READY', 'AGE', 'CONTAINERS', 'IMAGES', 'SELECTOR'],
		row: (object, now) => [
			namespace(object),
			name(object),
			count('spec', 'replicas')(object),
			count('status', 'replicas')(object),
			count('status', 'readyReplicas')(object),
			age(object, now),
			names(object),
			images(object),
			selector(object),
		],
	},
	daemonsets: {
		heads: [
			'NAMESPACE',
			'NAME',
			'DESIRED',
			'CURRENT',
			'READY',
			'UP-TO-DATE',
			'AVAILABLE',
			'NODE SELECTOR',
			'AGE',
			'CONTAINERS',
			'IMAGES',
			'SELECTOR',
		],
		row: (object, now) => [
			namespace(object),
			name(object),
			count('status', 'desiredNumberScheduled')(object),
			count('status', 'currentNumberScheduled')(object),
			count('status', 'numberReady')(object),
			count('status', 'updatedNumberScheduled')(object),
			count('status', 'numberAvailable')(object),
			pairs(at(object, 'spec', 'template', 'spec', 'nodeSelector')),
			age(object, now),
			names(object),
			images(object),
			selector(object),
		],
	},
	statefulsets: {
		heads: ['NAMESPACE', 'NAME', 'READY', 'AGE', 'CONTAINERS', 'IMAGES'],
		row: (object, now) => [
			namespace(object),
			name(object),
			`${at(object, 'status', 'readyReplicas') ?? 0}/${at(object, 'spec', 'replicas') ?? 1}`,
			age(object, now),
			names(object),
			images(object),
		],
	},
	jobs: {
		heads: [
			'NAMESPACE',
			'NAME',
			'STATUS',
			'COMPLETIONS',
			'DURATION',
			'AGE',
			'CONTAINERS',
			'IMAGES',
			'SELECTOR',
		],
		row: (object, now) => {
			const conditions = list(at(object, 'status', 'conditions'))
			const done = conditions.find(
				({ type, status }) => (type === 'Failed' || type === 'Complete') && status === 'True',
			)
			return [
				namespace(object),
				name(object),
				text(done?.type) || 'Running',
				`${at(object, 'status', 'succeeded') ?? 0}/${at(object, 'spec', 'completions') ?? 1}`,
				age(object, now),
				age(object, now),
				names(object),
				images(object),
				selector(object),
			]
		},
	},
	namespaces: {
		heads: ['NAME', 'STATUS', 'AGE'],
		row: (object, now) => [name(object), text(at(object, 'status', 'phase')), age(object, now)],
	},
	persistentvolumeclaims: {
		heads: [
			'NAMESPACE',
			'NAME',
			'STATUS',
			'VOLUME',
			'CAPACITY',
			'ACCESS MODES',
			'STORAGECLASS',
			'VOLUMEATTRIBUTESCLASS',
			'AGE',
			'VOLUMEMODE',
		],
		row: (object, now) => [
			namespace(object),
			name(object),
			text(at(object, 'status', 'phase')),
			text(at(object, 'spec', 'volumeName')),
			text(at(object, 'status', 'capacity', 'storage')),
			at(object, 'status', 'capacity') ? 'RWO' : '',
			text(at(object, 'spec', 'storageClassName')),
			'<unset>',
			age(object, now),
			'Filesystem',
		],
	},
	persistentvolumes: {
		heads: [
			'NAME',
			'CAPACITY',
			'ACCESS MODES',
			'RECLAIM POLICY',
			'STATUS',
			'CLAIM',
			'STORAGECLASS',
			'VOLUMEATTRIBUTESCLASS',
			'REASON',
			'AGE',
			'VOLUMEMODE',
		],
		row: (object, now) => [
			name(object),
			text(at(object, 'spec', 'capacity', 'storage')),
			'RWO',
			'Delete',
			text(at(object, 'status', 'phase')),
			`${text(at(object, 'spec', 'claimRef', 'namespace'))}/${text(at(object, 'spec', 'claimRef', 'name'))}`,
			text(at(object, 'spec', 'storageClassName')),
			'<unset>',
			'',
			age(object, now),
			'Filesystem',
		],
	},
	apiservices: {
		heads: ['NAME', 'SERVICE', 'AVAILABLE', 'AGE'],
		row: (object, now) => {
			const service = at(object, 'spec', 'service') as Json | undefined
			const told = list(at(object, 'status', 'conditions')).find(({ type }) => type === 'Available')
			const available =
				told?.status === 'True' ? 'True' : `${told?.status ?? 'Unknown'} (${told?.reason ?? ''})`
			return [
				name(object),
				service ? `${service.namespace}/${service.name}` : 'Local',
				available,
				age(object, now),
			]
		},
	},
	events: {
		heads: [
			'NAMESPACE',
			'LAST SEEN',
			'TYPE',
			'REASON',
			'OBJECT',
			'SUBOBJECT',
			'SOURCE',
			'MESSAGE',
			'FIRST SEEN',
			'COUNT',
			'NAME',
		],
		row: (event, now) => {
			const time = (...keys: string[]) =>
				keys.map(key => Date.parse(text(event[key]))).find(value => !Number.isNaN(value))
			const last = time('lastTimestamp', 'eventTime') ?? now
			const first = time('firstTimestamp', 'eventTime') ?? last
			const about = event.involvedObject as Json
			const message = text(event.message).trim()
			// The printer of tables ends a cell at its first line.
			const shown = message.includes('\n') ? `${message.split('\n', 1)[0]}...` : message
			const component = text(at(event, 'source', 'component')) || text(event.reportingComponent)
			const host = text(at(event, 'source', 'host'))
			return [
				namespace(event),
				shortAge(now - last),
				text(event.type),
				text(event.reason),
				`${text(about.kind).toLowerCase()}/${about.name}`,
				text(about.fieldPath),
				host ? `${component}, ${host}` : component,
				shown,
				shortAge(now - first),
				text(event.count ?? 1),
				name(event),
			]
		},
	},
	ingresses: {
		heads: ['NAMESPACE', 'NAME', 'CLASS', 'HOSTS', 'ADDRESS', 'PORTS', 'AGE'],
		row: (object, now) => [namespace(object), name(object), '<none>', '*', '', '80', age(object, now)],
	},
	networkpolicies: {
		heads: ['NAMESPACE', 'NAME', 'POD-SELECTOR', 'AGE'],
		row: (object, now) => [
			namespace(object),
			name(object),
			pairs(at(object, 'spec', 'podSelector', 'matchLabels')),
			age(object, now),
		],
	},
	helmcharts: {
		heads: ['NAMESPACE', 'NAME', 'REPO', 'CHART', 'VERSION', 'TARGETNAMESPACE', 'BOOTSTRAP', 'FAILED', 'JOB'],
		row: object => [
			namespace(object),
			name(object),
			'',
			text(at(object, 'spec', 'chart')),
			'',
			text(at(object, 'spec', 'targetNamespace')),
			'',
			'False',
			text(at(object, 'status', 'jobName')),
		],
	},
	validatingwebhookconfigurations: {
		heads: ['NAME', 'WEBHOOKS', 'AGE'],
		row: (object, now) => [name(object), String(list(object.webhooks).length), age(object, now)],
	},
	nodes: {
		heads: [
			'NAME',
			'STATUS',
			'ROLES',
			'AGE',
			'VERSION',
			'INTERNAL-IP',
			'EXTERNAL-IP',
			'OS-IMAGE',
			'KERNEL-VERSION',
			'CONTAINER-RUNTIME',
		],
		row: (node, now) => {
			const ready =
				list(at(node, 'status', 'conditions')).find(({ type }) => type === 'Ready')?.status === 'True'
			const address = list(at(node, 'status', 'addresses')).find(({ type }) => type === 'InternalIP')?.address
			return [
				name(node),
				`${ready ? 'Ready' : 'NotReady'}${at(node, 'spec', 'unschedulable') ? ',SchedulingDisabled' : ''}`,
				'control-plane',
				age(node, now),
				text(at(node, 'status', 'nodeInfo', 'kubeletVersion')),
				text(address),
				'<none>',
				text(at(node, 'status', 'nodeInfo', 'osImage')),
				text(at(node, 'status', 'nodeInfo', 'kernelVersion')),
				text(at(node, 'status', 'nodeInfo', 'containerRuntimeVersion')),
			]
		},
	},
}

/** The collector's name of a table -> the recording's list. */
const tables: Record<string, string> = {
	pods: 'pods',
	services: 'services',
	nodes: 'nodes',
	deployments: 'deployments',
	replicasets: 'replicasets',
	daemonsets: 'daemonsets',
	statefulsets: 'statefulsets',
	jobs: 'jobs',
	namespaces: 'namespaces',
	pvc: 'persistentvolumeclaims',
	pv: 'persistentvolumes',
	apiservices: 'apiservices',
	events: 'events',
	ingress: 'ingresses',
	networkpolicies: 'networkpolicies',
	helmcharts: 'helmcharts',
	validatingwebhookconfigurations: 'validatingwebhookconfigurations',
}

/** Namespaces whose pods the collector describes and whose logs it takes. */
export const described = new Set(['kube-system', 'kube-public'])

function table(printer: Printer, items: readonly Json[], now: number): string {
	if (items.length === 0) return 'No resources found\n'
	return columns([
		printer.heads,
		...items.map(item => printer.row(item, now).map(cell => cell.replaceAll('\n', ' '))),
	])
}

const ofAgent = new Set(['pods', 'services', 'nodes'])

export function addKubectl(
	into: Map<string, string>,
	files: ReadonlyMap<string, string>,
	agent: boolean,
	now: number,
): void {
	for (const [file, resource] of Object.entries(tables)) {
		const printer = printers[resource]
		const content = files.get(`api/${resource}.json`)
		if (!printer || (agent && !ofAgent.has(file))) continue
		if (content === undefined) {
			into.set(`k3s/kubectl/${file}`, `Error from server (Forbidden): ${file} is forbidden\n`)
			continue
		}
		const { items } = JSON.parse(content) as { items: Json[] }
		into.set(`k3s/kubectl/${file}`, table(printer, items, now))
		if (resource === 'pods') {
			const pods = items.filter(pod => described.has(namespace(pod)))
			for (const each of new Set(pods.map(namespace))) {
				const texts = pods.filter(pod => namespace(pod) === each).map(describePod)
				into.set(`k3s/kubectl/poddescribe/${each}`, texts.join('\n\n'))
			}
			into.set('k3s/kubectl/poddescribe/cattle-system', 'No resources found in cattle-system namespace.\n')
		}
	}
	const version = /"gitVersion": ?"([^"]+)"/g
	const told = [...(files.get('api/version.json') ?? '').matchAll(version)].map(([, each]) => each)
	if (told.length > 0)
		into.set('k3s/kubectl/version', `Client Version: ${told[0]}\nServer Version: ${told.at(-1)}\n`)
	const nodes = files.get('api/nodes.json')
	if (nodes !== undefined) into.set('k3s/kubectl/nodes.json', nodes)
	const slices = files.get('api/endpointslices.json')
	if (slices === undefined || agent) return
	const rows = (JSON.parse(slices) as { items: Json[] }).items.map(slice => {
		const addresses = list(slice.endpoints)
			.filter(each => at(each, 'conditions', 'ready') !== false)
			.flatMap(each => each.addresses as string[])
		const ports = list(slice.ports).map(({ port }) => port)
		const told = addresses.flatMap(address => ports.map(port => `${address}:${port}`)).join(',') || '<none>'
		return [
			namespace(slice),
			text(at(slice, 'metadata', 'labels', 'kubernetes.io/service-name')),
			told,
			age(slice, now),
		]
	})
	into.set(
		'k3s/kubectl/endpoints',
		`Warning: v1 Endpoints is deprecated in v1.33+; use discovery.k8s.io/v1 EndpointSlice\n${columns([['NAMESPACE', 'NAME', 'ENDPOINTS', 'AGE'], ...rows])}`,
	)
}
