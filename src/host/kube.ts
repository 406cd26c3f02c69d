/** The Kubernetes API, asked with the credentials of a kubeconfig. */
import type { NodeFacts } from '../model/bundle.js'
import { since } from './answer.js'
import type { Answer, Host, LiveHost } from './host.js'
import { type Access, openKubeconfig } from './kube/access.js'
import { requestApi } from './kube/request.js'
import { streamApi } from './kube/stream.js'

/** Where the credentials of this node may lie, best first; one that the operator names is the only one. */
export function kubeconfigsOf(node: Pick<NodeFacts, 'dataDir' | 'role'>, named?: string): string[] {
	if (named !== undefined) return [named]
	const server = [`${node.dataDir}/server/cred/admin.kubeconfig`, '/etc/rancher/k3s/k3s.yaml']
	const agent = [`${node.dataDir}/agent/kubelet.kubeconfig`]
	if (node.role === 'server') return server
	return node.role === 'agent' ? agent : [...server, ...agent]
}

/** Certificates are renewed and kubeconfigs rewritten while an app is open. */
const freshMs = 30_000

/** Asks with the first kubeconfig that can be read. Nothing is loaded before the first question. */
export function kubeHands(
	kubeconfigs: readonly string[],
	hands: Pick<Host, 'read' | 'dial'>,
): Pick<LiveHost, 'kube' | 'watchKube'> {
	let opened: { at: number; access: Promise<Answer<Access>> } | undefined

	async function open(limitMs: number): Promise<Answer<Access>> {
		const started = performance.now()
		if (!opened || started - opened.at > freshMs)
			opened = { at: started, access: openKubeconfig(kubeconfigs, hands, limitMs) }
		const mine = opened
		const access = await mine.access
		// The next question may find the API up.
		if (!access.ok && opened === mine) opened = undefined
		return access
	}

	return {
		kube: async (path, limitMs = 5000) => {
			const started = performance.now()
			const access = await open(limitMs)
			return access.ok
				? requestApi(access.value, path, Math.max(100, limitMs - since(started)))
				: { ok: false, unavailable: { ...access.unavailable, asked: path }, ms: since(started) }
		},
		watchKube: async (path, options) => {
			const access = await open(options.limitMs ?? 5000)
			return access.ok
				? streamApi(access.value, path, options)
				: { how: 'failed', detail: access.unavailable.detail }
		},
	}
}
