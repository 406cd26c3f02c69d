/** The folder from which k3s imports images. */
import { type Evidence, type FilesEvidence, filesBelow, type ListedFile, presence } from '../../src/rule.js'

export function imageFolder({ node }: Evidence): string {
	return `${node.dataDir}/agent/images`
}

/** k3s goes by the end of the name and passes over anything else. */
export function isArchive(path: string): boolean {
	return /\.(?:tar|tar\.lz4|tar\.bz2|tbz|tar\.gz|tgz|tar\.zst|tzst)$/.test(path)
}

/** Image archives on this node; `undefined` where the folder could not be seen. */
export function archives(files: FilesEvidence, folder: string): ListedFile[] | undefined {
	// The folder may be listed, and what is in it not.
	if (presence(files, `${folder}/any.tar`) === 'unknown') return undefined
	return filesBelow(files, folder).filter(({ path, type }) => type !== 'dir' && isArchive(path))
}
