/** This machine. */
import type { Answer, Host, LiveHost } from './host.js'
import { kubeconfigsOf, kubeHands } from './kube.js'
import { dial } from './local/dial.js'
import { get } from './local/http.js'
import { mountGuard } from './local/mounts.js'
import { listNames, readText, statPath } from './local/read.js'
import { run } from './local/run.js'
import { tls } from './local/tls.js'

export interface LocalOptions {
	/** Where the credentials for the Kubernetes API may lie, best first; see `kubeconfigsOf`. */
	kubeconfigs?: readonly string[]
}

const MiB = 1024 * 1024
const usual = kubeconfigsOf({ dataDir: '/var/lib/rancher/k3s', role: 'unknown' })

export function localHost(options: LocalOptions = {}): LiveHost {
	const guard = mountGuard()

	/** `work` on a path, unless its file system is known not to answer. */
	async function guarded<T>(path: string, work: () => Promise<Answer<T>>): Promise<Answer<T>> {
		const alive = await guard(path)
		return alive.ok ? work() : alive
	}

	const read: Host['read'] = (path, { maxBytes = 2 * MiB } = {}) =>
		guarded(path, () => readText(path, maxBytes))

	return {
		run,
		read,
		list: path => guarded(path, () => listNames(path)),
		stat: path => guarded(path, () => statPath(path)),
		dial,
		tls,
		get,
		...kubeHands(options.kubeconfigs ?? usual, { read, dial }),
	}
}
