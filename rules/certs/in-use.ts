/** Which of the certificates on disk, and on open ports, this node lives by. */
import type { Certificate, Evidence } from '../../src/rule.js'

const fileName = (path: string) => path.slice(path.lastIndexOf('/') + 1)

/** Left over on servers: since mid 2025 only their keys are used, and nobody renews them. */
const leftOver = /^(client-kube-proxy|client-k3s-controller|client-kubelet|serving-kubelet)\.crt$/

function isOnDisk(path: string, dataDir: string): boolean {
	// `tls-1735689600/` beside it is a copy that a rotation has left.
	if (path.startsWith(`${dataDir}/server/tls/`))
		return !leftOver.test(path.slice(`${dataDir}/server/tls/`.length))
	return path.startsWith(`${dataDir}/agent/`)
}

const isOwnPort = (path: string) => /^tls:\/\/(127\.[\d.]+|localhost|\[?::1\]?):\d+$/.test(path)

/** Leaf certificates that k3s on this node presents or serves with: its files, and what its own ports show. */
export function leaves({ certificates, node }: Evidence): Certificate[] {
	return (certificates?.certificates ?? []).filter(
		({ path, position, ca }) => position === 0 && !ca && (isOnDisk(path, node.dataDir) || isOwnPort(path)),
	)
}

/** The authorities that this node trusts or signs with. The first of a file is the one in use, the others its issuers. */
export function authorities({ certificates, node }: Evidence): Certificate[] {
	return (certificates?.certificates ?? []).filter(
		({ path, position, ca }) =>
			position === 0 && ca && isOnDisk(path, node.dataDir) && /-ca(\.nochain)?\.crt$/.test(path),
	)
}

/** `client-kubelet.crt`, `etcd/server-ca.crt`, `the one shown on 127.0.0.1:6443`. */
export function shortName(path: string, dataDir: string): string {
	if (path.startsWith('tls://')) return `the one shown on ${path.slice('tls://'.length)}`
	return path.startsWith(`${dataDir}/server/tls/`)
		? path.slice(`${dataDir}/server/tls/`.length)
		: fileName(path)
}
