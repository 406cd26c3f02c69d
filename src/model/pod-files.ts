/**
 * What files tell of pods when nothing answers: the kubelet's log folders (`/var/log/pods/NAMESPACE_NAME_UID/
 * CONTAINER/N.log`), its links in /var/log/containers, and the runtime's folder of running tasks.
 */

export const podLogRoot = '/var/log/pods'
export const containerLinkRoot = '/var/log/containers'
export const taskRoot = '/run/k3s/containerd/io.containerd.runtime.v2.task/k8s.io'

export interface ContainerFiles {
	name: string
	/** Number of its newest log: so often it was started anew. */
	attempt: number
	/** When the newest log was last written, epoch milliseconds. */
	writtenAt?: number
	/** Whether the runtime has a running task for it; absent: that cannot be told. */
	running?: boolean
}

export interface PodFiles {
	namespace: string
	name: string
	uid: string
	containers: ContainerFiles[]
}

/** The kubelet keeps a folder for each pod that it knows of; it goes when the pod has been deleted. */
export const kubeletPodRoot = '/var/lib/kubelet/pods'

/** A path, and what a listing says of it. */
export interface SeenFile {
	path: string
	modifiedAt?: number
}

/** `kube-system_coredns-5f56_9fd71d7f-…`: neither names nor uids hold an underscore. */
export function podOfFolder(folder: string): { namespace: string; name: string; uid: string } | undefined {
	const [namespace, name, uid, more] = folder.split('_')
	return namespace && name && uid && more === undefined ? { namespace, name, uid } : undefined
}

/** `3.log` -> 3; rotated logs (`3.log.20261121-…`) have no number of their own. */
export function attemptOf(file: string): number | undefined {
	const number = /^(\d{1,6})\.log$/.exec(file)?.[1]
	return number === undefined ? undefined : Number(number)
}

/** `coredns-5f56_kube-system_coredns-<64 hex>.log`: a container of a pod, and its id. */
function containerOfLink(file: string): { container: string; id: string } | undefined {
	const [, pod, namespace, name, id] = /^([^_]+)_([^_]+)_(.+)-([0-9a-f]{64})\.log$/.exec(file) ?? []
	return pod && namespace && name && id ? { container: `${namespace}/${pod}/${name}`, id } : undefined
}

/**
 * The pods that the paths tell of, in the order in which they come. `tasks`: ids of the runtime's running tasks;
 * `undefined` when nobody could look.
 */
export function podFilesOf(files: Iterable<SeenFile>, tasks: ReadonlySet<string> | undefined): PodFiles[] {
	const pods = new Map<string, PodFiles>()
	/** Container -> its ids; one that was started anew has several links. */
	const ids = new Map<string, string[]>()
	for (const { path, modifiedAt } of files) {
		if (path.startsWith(`${containerLinkRoot}/`)) {
			const link = containerOfLink(path.slice(containerLinkRoot.length + 1))
			if (link) ids.set(link.container, [...(ids.get(link.container) ?? []), link.id])
			continue
		}
		if (!path.startsWith(`${podLogRoot}/`)) continue
		const [folder = '', container, log] = path.slice(podLogRoot.length + 1).split('/')
		const about = podOfFolder(folder)
		if (!about) continue
		const pod = pods.get(folder) ?? { ...about, containers: [] }
		pods.set(folder, pod)
		if (!container) continue
		const own = pod.containers.find(({ name }) => name === container) ?? { name: container, attempt: 0 }
		if (!pod.containers.includes(own)) pod.containers.push(own)
		const attempt = attemptOf(log ?? '')
		if (attempt === undefined || attempt < own.attempt) continue
		own.attempt = attempt
		if (modifiedAt !== undefined) own.writtenAt = modifiedAt
	}
	for (const { namespace, name, containers } of tasks ? pods.values() : []) {
		for (const container of containers) {
			const own = ids.get(`${namespace}/${name}/${container.name}`)
			// Where no task runs at all, this one does not either.
			if (own || tasks?.size === 0) container.running = own?.some(id => tasks?.has(id)) === true
		}
	}
	return [...pods.values()]
}
