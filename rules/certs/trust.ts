/** Whom this node trusts, and whom it was shown. */
import type { Certificate, Evidence, HttpProbe } from '../../src/rule.js'

/** The base64 of each certificate in a PEM text, without its line breaks: equal where the certificates are. */
export function pemBodies(text: string | undefined): Set<string> {
	const bodies = new Set<string>()
	for (const part of (text ?? '').slice(0, 400_000).split('-----BEGIN CERTIFICATE-----').slice(1)) {
		const end = part.indexOf('-----END CERTIFICATE-----')
		const body = part.slice(0, Math.max(0, end)).replace(/\s+/g, '')
		if (body.length > 100) bodies.add(body)
	}
	return bodies
}

/** The authorities' file that this node verifies its server with. */
export const trustFile = ({ node }: Evidence) => `${node.dataDir}/agent/server-ca.crt`

/** A server that handed out authorities of which this node trusts none. */
export function strangeServer(evidence: Evidence): HttpProbe | undefined {
	const trusted = pemBodies(evidence.files?.texts.get(trustFile(evidence)))
	if (trusted.size === 0) return undefined
	return evidence.probes?.http.find(({ url, status, body }) => {
		if (!url.endsWith('/cacerts') || status !== 200) return false
		const shown = pemBodies(body)
		return shown.size > 0 && [...shown].every(one => !trusted.has(one))
	})
}

/** Key identifiers of the authorities in a file; absent where it was not read, or holds none. */
export function keyIdsIn({ certificates }: Evidence, path: string): Set<string> | undefined {
	const ids = (certificates?.certificates ?? []).flatMap(certificate =>
		certificate.path === path && certificate.keyId !== undefined ? [certificate.keyId] : [],
	)
	return ids.length > 0 ? new Set(ids) : undefined
}

/** Whether a leaf was signed by one of these keys; `undefined` when it does not say by which. */
export function isSignedBy(leaf: Certificate, keys: ReadonlySet<string> | undefined): boolean | undefined {
	return keys && leaf.authorityKeyId !== undefined ? keys.has(leaf.authorityKeyId) : undefined
}

/** The path under which the certificate of a port stands in the evidence. */
export function tlsPath({ host, port }: { host: string; port: number }): string {
	return `tls://${host.includes(':') ? `[${host}]` : host}:${port}`
}
