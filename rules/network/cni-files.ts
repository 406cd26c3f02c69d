/** CNI as it lies on disk: the configuration that containerd reads, the programs that it calls. */
import { type Evidence, filesBelow, type ListedFile, presence } from '../../src/rule.js'

/** Where k3s's containerd looks for configuration: its own folder with flannel, the usual one without. */
export function configDirs({ node }: Evidence): [own: string, usual: string] {
	return [`${node.dataDir}/agent/etc/cni/net.d`, '/etc/cni/net.d']
}

/** Files that containerd takes for a CNI configuration, in the order in which it does. */
export function cniConfigs({ files }: Evidence, dir: string): ListedFile[] {
	if (!files) return []
	return filesBelow(files, dir)
		.filter(({ path, type }) => type !== 'dir' && /\.(?:conf|conflist|json)$/.test(path))
		.sort((a, b) => (a.path < b.path ? -1 : 1))
}

/** Whether there is no configuration at all; `undefined` where the folders were not listed. */
export function hasNoConfig(evidence: Evidence): boolean | undefined {
	const { files } = evidence
	if (!files) return undefined
	const dirs = configDirs(evidence)
	if (dirs.some(dir => cniConfigs(evidence, dir).length > 0)) return false
	return dirs.some(dir => presence(files, `${dir}/x.conflist`) === 'unknown') ? undefined : true
}
