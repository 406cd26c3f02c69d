/** Asks for certificates, and never for keys. */
import type { NodeFacts } from '../../model/bundle.js'
import { fileOf } from '../../model/bundle.js'
import type { Argv } from '../../model/remedy.js'
import { dataDirFlag } from '../data-dir.js'
import type { Ask } from '../source.js'
import { withoutDynamicKey, withoutKey } from './wrapped.js'

export function directories({ dataDir }: NodeFacts): string[] {
	const tls = `${dataDir}/server/tls`
	return [tls, `${tls}/etcd`, `${tls}/kube-scheduler`, `${tls}/kube-controller-manager`, `${dataDir}/agent`]
}

export function dynamicPath({ dataDir }: NodeFacts): string {
	return `${dataDir}/server/tls/dynamic-cert.json`
}

export const kubeconfigPath = '/etc/rancher/k3s/k3s.yaml'

/** Certificates that every node of its kind has once it has joined. */
export function usual({ role, dataDir }: NodeFacts): string[] {
	const agent = `${dataDir}/agent/client-kubelet.crt`
	return role === 'agent' ? [agent] : [`${dataDir}/server/tls/client-admin.crt`, agent]
}

/** Files what remains of a file when its key is taken out. */
async function askWithout(
	ask: Ask,
	path: string,
	clean: (content: string) => string | undefined,
): Promise<void> {
	const read = await ask.host.read(path, { maxBytes: 256 * 1024 })
	const kept = read.ok && !read.value.truncated ? clean(read.value.text) : undefined
	if (kept !== undefined) ask.put(fileOf(path), kept, { ms: read.ms })
}

export async function collect(ask: Ask): Promise<void> {
	const { node } = ask
	const listed = await Promise.all(
		directories(node).map(async dir => {
			const names = await ask.names(dir)
			return names.filter(name => name.endsWith('.crt')).map(name => `${dir}/${name}`)
		}),
	)
	// The usual ones are asked for even where the directory cannot be listed: a refusal is to be told.
	const paths = new Set([...usual(node), ...listed.flat().slice(0, 200)])
	await Promise.all([
		...[...paths].map(path => ask.file(path, { maxBytes: 256 * 1024 })),
		askWithout(ask, dynamicPath(node), withoutDynamicKey),
		askWithout(ask, kubeconfigPath, withoutKey),
	])
	if (node.role === 'agent') return
	// It speaks on standard error, which the bundle records beside the (empty) output.
	const argv: Argv = ['k3s', 'certificate', 'check', '--output', 'text', ...dataDirFlag(node)]
	await ask.run('commands/k3s-certificate-check.txt', argv, { limitSeconds: 10 })
}
