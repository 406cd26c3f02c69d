/** Small questions that many rules ask of the evidence. */
import type {
	ConfigEvidence,
	DiskEvidence,
	Evidence,
	FilesEvidence,
	Filesystem,
	ListedFile,
	Mount,
	Socket,
	SocketsEvidence,
} from './evidence/index.js'

/** A name that nobody gives; asked for below a search domain, it shows one that answers for every name. */
export const nobodysName = 'k3s-doctor-asks'

/** The merged value of a flag: the last one given. */
export function configValue(config: ConfigEvidence | undefined, flag: string): string | undefined {
	return config?.values.get(flag)?.values.at(-1)
}

/** All values of a list flag. */
export function configValues(config: ConfigEvidence | undefined, flag: string): string[] {
	return config?.values.get(flag)?.values ?? []
}

/** The longest prefix of `path` that is `below` it, e.g. the filesystem that holds a directory. */
function deepest<T>(items: readonly T[], mountOf: (item: T) => string, path: string): T | undefined {
	let best: T | undefined
	for (const item of items) {
		const mount = mountOf(item)
		const holds = mount === '/' || path === mount || path.startsWith(`${mount}/`)
		// A later mount on the same directory hides the earlier one.
		if (holds && (!best || mount.length >= mountOf(best).length)) best = item
	}
	return best
}

/** The filesystem that holds `path`. */
export function filesystemOf(disks: DiskEvidence, path: string): Filesystem | undefined {
	return deepest(disks.filesystems, filesystem => filesystem.mount, path)
}

/** The mount that holds `path`. */
export function mountOf(disks: DiskEvidence, path: string): Mount | undefined {
	return deepest(disks.mounts, mount => mount.target, path)
}

/** Who listens on a port. */
export function listenersOn(
	sockets: SocketsEvidence,
	port: number,
	protocol: 'tcp' | 'udp' = 'tcp',
): Socket[] {
	return sockets.listening.filter(socket => socket.port === port && socket.protocol === protocol)
}

/** `present`, `absent`, or `unknown` where that directory was not listed or not readable. */
export function presence(files: FilesEvidence, path: string): 'present' | 'absent' | 'unknown' {
	if (files.listed.has(path) || files.texts.has(path)) return 'present'
	if (files.missingRoots.some(root => path === root || path.startsWith(`${root}/`))) return 'absent'
	if (files.denied.some(dir => path.startsWith(`${dir}/`))) return 'unknown'
	const root = files.roots.find(candidate => path === candidate || path.startsWith(`${candidate}/`))
	if (!root) return 'unknown'
	const depth = path.slice(root.length).split('/').filter(Boolean).length
	return depth <= files.depth ? 'absent' : 'unknown'
}

/** Listed files directly or deeper below a directory. */
export function filesBelow(files: FilesEvidence, dir: string): ListedFile[] {
	const found: ListedFile[] = []
	for (const file of files.listed.values()) if (file.path.startsWith(`${dir}/`)) found.push(file)
	return found
}

/** The host and port of the server that this node joins, from K3S_URL, `--server` or `server:`. */
export function serverUrl(
	config: ConfigEvidence | undefined,
): { url: string; host: string; port: number; scheme: string } | undefined {
	const url = configValue(config, 'server')
	const parts = url?.match(
		/^(?<scheme>[a-z][a-z0-9+.-]*):\/\/(?:\[(?<v6>[^\]]+)\]|(?<host>[^:/?#]*))(?::(?<port>\d+))?/i,
	)?.groups
	if (!url || !parts) return undefined
	const scheme = (parts.scheme ?? '').toLowerCase()
	return {
		url,
		scheme,
		host: parts.v6 ?? parts.host ?? '',
		port: Number(parts.port ?? (scheme === 'http' ? 80 : 443)),
	}
}

/** The node's clock: the bundle's own time, or the newest time that anything carries. */
export function nowOf(evidence: Evidence): number {
	return evidence.clock?.now ?? evidence.journal?.lastAt ?? 0
}

/**
 * Said again and again for minutes, and still: not a hiccup that is over. `span` and `recent` in milliseconds.
 */
export function persists(
	evidence: Evidence,
	{ count, firstAt, lastAt }: { count: number; firstAt: number; lastAt: number },
	{ times = 5, span = 120_000, recent = 600_000 } = {},
): boolean {
	return count >= times && lastAt - firstAt >= span && nowOf(evidence) - lastAt < recent
}

/** `k3s` or `k3s-agent`: the unit's name as an operator types it. */
export function unitName(evidence: Evidence): string {
	return evidence.node.unit.replace(/\.service$/, '')
}
