/**
 * Loops in which k3s waits, some for ever and most at level info: the reason stands behind the colon. A trap of k3s:
 * "server is not ready" also introduces faults of this very host (a broken registries.yaml, a damaged key).
 */
const loops: readonly RegExp[] = [
	/^Waiting to retrieve agent configuration; server is not ready: (?<reason>[\s\S]+)/,
	/^[Ff]ailed to validate connection to cluster at \S+: (?<reason>[\s\S]+)/,
	/^Failed to ping database connection: (?<reason>[\s\S]+)/,
	/^Failed to test (?:etcd|data store) connection: (?<reason>[\s\S]+)/,
	/^Waiting to retrieve etcd cluster member list: (?<reason>[\s\S]+)/,
	/^Retrying etcd cluster join: (?<reason>[\s\S]+)/,
	/^Failed to retrieve list of apiservers from server: (?<reason>[\s\S]+)/,
	/^Waiting for containerd startup: (?<reason>[\s\S]+)/,
	/^Failed to (?:retrieve|get) (?:agent config|CA certs)[^:]*: (?<reason>[\s\S]+)/,
	/^Node password rejected(?<reason>[\s\S]*)/,
	/^Polling for API server readiness: (?<reason>[\s\S]+)/,
	/^Bootstrap key (?:is|already) locked - (?<reason>[\s\S]+)/,
	/^failed to get MemberList from server: (?<reason>[\s\S]+)/,
	/^Waiting for (?<reason>file \S+ to be created|supervisor to provide apiserver addresses)/,
]

/** The reason of a wait loop's line, `undefined` when the line is none. */
export function waitReason(text: string): string | undefined {
	for (const loop of loops) {
		const reason = loop.exec(text)?.groups?.reason
		if (reason !== undefined) return reason.trim()
	}
	return undefined
}
