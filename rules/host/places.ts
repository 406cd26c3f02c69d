/** Where k3s writes: only file systems that hold one of these places matter to it. */
import {
	configValues,
	type Evidence,
	type FilesEvidence,
	type Filesystem,
	filesystemOf,
	type Mount,
	mountOf,
} from '../../src/rule.js'

export interface Place {
	path: string
	/** What lies there, as a person calls it. */
	what: string
	/** Without it k3s itself cannot go on, not only pods. */
	vital: boolean
}

/** The kubelet's directory; `root-dir` moves it. */
export function kubeletRoot({ config }: Evidence): string {
	const given = configValues(config, 'kubelet-arg').findLast(value => value.startsWith('root-dir=/'))
	return given ? given.slice('root-dir='.length).replace(/\/+$/, '') : '/var/lib/kubelet'
}

/** A directory of the data directory may be a link to a larger disk. */
function followed(files: FilesEvidence | undefined, path: string): string {
	const target = files?.listed.get(path)?.target
	return target?.startsWith('/') ? target : path
}

export function placesOf(evidence: Evidence): Place[] {
	const { node, files } = evidence
	const { dataDir } = node
	const server: Place[] =
		node.role === 'agent'
			? []
			: [{ path: followed(files, `${dataDir}/server/db`), what: 'the datastore', vital: true }]
	return [
		...server,
		{
			path: followed(files, `${dataDir}/agent/containerd`),
			what: 'images and containers',
			vital: true,
		},
		{ path: followed(files, dataDir), what: "k3s's data directory", vital: true },
		{ path: '/run/k3s', what: "containerd's sockets and state", vital: true },
		{ path: kubeletRoot(evidence), what: 'the volumes of pods', vital: false },
		{ path: '/var/log/pods', what: 'the logs of pods', vital: false },
	]
}

interface Holding<T> {
	held: T
	places: Place[]
}

function holding<T>(evidence: Evidence, find: (path: string) => T | undefined): Holding<T>[] {
	const found = new Map<T, Place[]>()
	for (const place of placesOf(evidence)) {
		const held = find(place.path)
		if (held === undefined) continue
		const places = found.get(held)
		if (places) places.push(place)
		else found.set(held, [place])
	}
	return [...found].map(([held, places]) => ({ held, places }))
}

/** The file systems that k3s writes to, each with what it keeps there. */
export function filesystemsInUse(evidence: Evidence): Holding<Filesystem>[] {
	const { disks } = evidence
	return disks ? holding(evidence, path => filesystemOf(disks, path)) : []
}

/** The same as mounts, with their options. */
export function mountsInUse(evidence: Evidence): Holding<Mount>[] {
	const { disks } = evidence
	if (!disks) return []
	// Where nobody listed the mounts, df tells the devices at least.
	const mounts =
		disks.mounts.length > 0
			? disks.mounts
			: disks.filesystems.map(({ source, mount, type }) => ({ source, target: mount, type, options: [] }))
	return holding(evidence, path => mountOf({ ...disks, mounts }, path))
}

/** `the datastore, images and containers` */
export function whatLies(places: readonly Place[]): string {
	return places.map(({ what }) => what).join(', ')
}
