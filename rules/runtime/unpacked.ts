/** The programs that k3s unpacks for itself: `data/<hash>/bin`, with `data/current` pointing at the hash. */
import type { Evidence, FilesEvidence, ListedFile } from '../../src/rule.js'

/** The folder of the version that is in use; `undefined` where it could not be seen. */
export function unpackedFolder({ files, node }: Evidence): string | undefined {
	const target = files?.listed.get(`${node.dataDir}/data/current`)?.target
	if (target) return target.startsWith('/') ? target : `${node.dataDir}/data/${target}`
	const bins = [...(files?.listed.keys() ?? [])].filter(path => /\/data\/[0-9a-f]{64}\/bin$/.test(path))
	return bins.length === 1 ? bins[0]?.slice(0, -'/bin'.length) : undefined
}

const needed = ['runc', 'containerd-shim-runc-v2'] as const

/** Programs without which no container starts, that should lie in the folder and do not, or are empty. */
export function lostPrograms(files: FilesEvidence, folder: string): { path: string; empty?: ListedFile }[] {
	// One of the others must be there, else the folder was not listed so deep.
	const seen = ['k3s', 'containerd', ...needed].some(name => files.listed.has(`${folder}/bin/${name}`))
	if (!seen) return []
	const lost: { path: string; empty?: ListedFile }[] = []
	for (const name of needed) {
		const path = `${folder}/bin/${name}`
		const file = files.listed.get(path)
		if (!file) lost.push({ path })
		else if (file.type === 'file' && file.size === 0) lost.push({ path, empty: file })
	}
	return lost
}
