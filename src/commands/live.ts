/** Asks this host: the patient is found, the sources ask, the answers become a bundle. */
import { collect, type Progress } from '../bundle/collect.js'
import { localHost } from '../host/local.js'
import { findNode } from '../host/node.js'
import type { Bundle } from '../model/bundle.js'
import { sources } from '../sources/index.js'
import type { Parsed } from './parse.js'

export async function askThisHost(
	{ values }: Parsed,
	onProgress?: (progress: Progress) => void,
): Promise<{ bundle: Bundle; ms: number }> {
	const began = performance.now()
	const kubeconfig = values.get('kubeconfig')
	const host = localHost({ ...(kubeconfig !== undefined && { kubeconfig }) })
	const unit = values.get('unit')
	const dataDir = values.get('data-dir')
	const node = await findNode(host, {
		...(unit !== undefined && { unit: unit.includes('.') ? unit : `${unit}.service` }),
		...(dataDir !== undefined && { dataDir: dataDir.replace(/(.)\/+$/, '$1') }),
	})
	const limit = values.get('timeout')
	const since = values.get('since')
	const bundle = await collect(host, node, sources, {
		...(onProgress && { onProgress }),
		...(limit !== undefined && { limitSeconds: Number(limit) }),
		...(since !== undefined && { since }),
	})
	return { bundle, ms: performance.now() - began }
}
