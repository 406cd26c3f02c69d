/** Keys and certificates that k3s keeps in pairs, and what becomes of one that is damaged. */
import { type Evidence, filesBelow, type ListedFile, pathArgument } from '../../src/rule.js'

/** Authorities and shared secrets: the same on all servers, and a copy of them lies in the datastore. */
const shared = /\/(?:[\w-]+-ca(?:\.nochain)?|service(?:\.current)?)\.(?:crt|key)$/

export function isShared(path: string): boolean {
	return shared.test(path)
}

/** Whether k3s on this node lives by this file. */
export function isOwnPair(path: string, dataDir: string): boolean {
	if (!/\.(crt|key)$/.test(path) || path.includes('/temporary-certs/')) return false
	const inAgent =
		path.startsWith(`${dataDir}/agent/`) && !path.slice(`${dataDir}/agent/`.length).includes('/')
	return inAgent || path.startsWith(`${dataDir}/server/tls/`)
}

/** Key and certificate files without content. */
export function emptyPairs({ files, node }: Evidence): ListedFile[] {
	if (!files) return []
	return filesBelow(files, node.dataDir).filter(
		({ path, type, size }) => type === 'file' && size === 0 && isOwnPair(path, node.dataDir),
	)
}

/** Certificates of k3s that hold none. */
export function brokenCertificates({ certificates, node }: Evidence) {
	return (certificates?.broken ?? []).filter(({ path }) => isOwnPair(path, node.dataDir))
}

/** What is to be taken away so that k3s makes or fetches it again: for a leaf its key and its certificate. */
export function toRemove(path: string, evidence: Evidence): string[] {
	if (isShared(path)) return [path].flatMap(one => pathArgument(one) ?? [])
	const stem = path.replace(/\.(crt|key)$/, '')
	const exists = (file: string) =>
		!evidence.files ||
		evidence.files.listed.size === 0 ||
		evidence.files.listed.has(file) ||
		evidence.files.texts.has(file)
	return [`${stem}.crt`, `${stem}.key`]
		.filter(file => file === path || exists(file))
		.flatMap(one => pathArgument(one) ?? [])
}
