/** What the container runtime holds: crictl's lists, read into small types. */
import type { RuntimeContainer, RuntimeEvidence } from '../../model/evidence/index.js'
import { fields, inside, isObject, number, own, text, texts } from '../field.js'

/** crictl prints times as nanoseconds since the epoch in a string. */
function nanoseconds(value: unknown): number {
	return Math.round((number(value) ?? 0) / 1e6)
}

/** The objects of a list under `key`; `undefined` when that is no list. */
function objects(told: unknown, key: string) {
	const found = own(fields(told), key)
	return Array.isArray(found) ? found.filter(isObject) : undefined
}

export function runtimePods(told: unknown): RuntimeEvidence['pods'] | undefined {
	return objects(told, 'items')?.map(pod => {
		const { name, namespace, uid } = fields(pod.metadata)
		return {
			id: text(pod.id),
			name: text(name),
			namespace: text(namespace),
			uid: text(uid),
			ready: pod.state === 'SANDBOX_READY',
			createdAt: nanoseconds(pod.createdAt),
		}
	})
}

const states: ReadonlyMap<unknown, RuntimeContainer['state']> = new Map([
	['CONTAINER_RUNNING', 'running'],
	['CONTAINER_EXITED', 'exited'],
	['CONTAINER_CREATED', 'created'],
])

export function runtimeContainers(told: unknown): RuntimeContainer[] | undefined {
	return objects(told, 'containers')?.map(container => {
		const { name, attempt } = fields(container.metadata)
		const labels = fields(container.labels)
		const image = fields(container.image)
		return {
			id: text(container.id),
			name: text(name),
			namespace: text(labels['io.kubernetes.pod.namespace']),
			pod: text(labels['io.kubernetes.pod.name']),
			podUid: text(labels['io.kubernetes.pod.uid']),
			// The name that the pod's author wrote, where the runtime kept it; else an id.
			image: text(image.userSpecifiedImage) || text(image.image),
			state: states.get(container.state) ?? 'unknown',
			attempt: number(attempt) ?? 0,
			createdAt: nanoseconds(container.createdAt),
		}
	})
}

export function runtimeImages(told: unknown): RuntimeEvidence['images'] | undefined {
	return objects(told, 'images')?.map(image => ({
		id: text(image.id),
		tags: texts(image.repoTags),
		digests: texts(image.repoDigests),
		size: number(image.size) ?? 0,
		pinned: image.pinned === true,
	}))
}

/** `status.conditions` of `crictl info`; undefined without a status. */
export function runtimeConditions(info: unknown): RuntimeEvidence['conditions'] | undefined {
	const status = inside(info, 'status')
	return objects(status, 'conditions')?.map(condition => ({
		type: text(condition.type),
		status: condition.status === true || condition.status === 'true',
		reason: text(condition.reason),
		message: text(condition.message),
	}))
}

/** What containerd last said about loading the CNI configuration, unless it said `OK`. */
export function cniProblem(info: unknown): string | undefined {
	const said = text(own(fields(info), 'lastCNILoadStatus'))
	return said && said !== 'OK' ? said : undefined
}

/** `RuntimeVersion:  v2.3.2-k3s2` of `crictl version`. */
export function runtimeVersion(told: string | undefined): string | undefined {
	return /^RuntimeVersion:[ \t]*(\S{1,100})/m.exec(told ?? '')?.[1]
}
