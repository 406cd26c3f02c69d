/** What is asked: a listing of k3s's directories, by GNU find in one go. */
import type { NodeFacts } from '../../model/bundle.js'
import type { Argv } from '../../model/remedy.js'

export const listing = 'commands/files.tsv'

export const depth = 5

export function rootsOf(node: NodeFacts): string[] {
	return [
		'/etc/rancher',
		'/etc/cni',
		'/opt/cni/bin',
		'/usr/local/bin',
		'/opt/bin',
		'/usr/bin/k3s',
		'/etc/systemd/system',
		'/run/flannel',
		'/run/k3s',
		'/var/lib/kubelet',
		'/var/lib/cni',
		'/var/log/pods',
		'/var/log/containers',
		// Its files lie one level too deep below the data directory.
		`${node.dataDir}/server/db/etcd/member`,
		node.dataDir,
	]
}

/** Places with thousands of entries that tell nothing: unpacked images, blobs, the files of running containers. */
const leftOut = [
	'*/io.containerd.snapshotter*/*/*',
	'*/blobs/sha256/*',
	'/run/k3s/containerd/io.containerd.runtime.v2.task/k8s.io/*/*',
]

const columns = '%y\\t%m\\t%U\\t%G\\t%s\\t%TY-%Tm-%TdT%TH:%TM:%TS\\t%p\\t%l\\n'

export function findCommand(node: NodeFacts): Argv {
	const without = leftOut.flatMap(pattern => ['-not', '-path', pattern])
	// -H: a data directory is often a link to a larger disk.
	return ['find', '-H', ...rootsOf(node), '-maxdepth', String(depth), ...without, '-printf', columns]
}

/** The same places for a walk by hand: where its children are not looked at. */
export function isLeftOut(path: string): boolean {
	return (
		/\/io\.containerd\.snapshotter[^/]*\/[^/]+$/.test(path) ||
		path.endsWith('/blobs/sha256') ||
		/^\/run\/k3s\/containerd\/io\.containerd\.runtime\.v2\.task\/k8s\.io\/[^/]+$/.test(path)
	)
}
