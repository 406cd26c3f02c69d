/** Certificates inside other files, which hold a private key beside them: only the certificate is taken. */
import { fields, inside, json, text } from '../field.js'

/** PEM from base64; '' when it is none. */
function decoded(base64: string): string {
	const clean = base64.replace(/\s+/g, '')
	if (clean === '' || clean.length > 512 * 1024 || !/^[A-Za-z0-9+/=]+$/.test(clean)) return ''
	try {
		return atob(clean)
	} catch {
		return ''
	}
}

/** The client certificate of a kubeconfig; `undefined` when it names none. */
export function kubeconfigCertificate(content: string): string | undefined {
	const data = /^[ -]{0,40}client-certificate-data:[ \t]{0,10}["']?([A-Za-z0-9+/=]{1,200000})/m.exec(
		content,
	)?.[1]
	return data === undefined ? undefined : decoded(data)
}

/** The serving certificate that k3s keeps in `dynamic-cert.json`, a Secret without its name. */
export function dynamicCertificate(content: string): string | undefined {
	const data = text(inside(json(content), 'data')['tls.crt'])
	return data === '' ? undefined : decoded(data)
}

/** What a kubeconfig says openly; every other value may be a credential. */
const open = new Set([
	'apiVersion',
	'kind',
	'clusters',
	'cluster',
	'certificate-authority-data',
	'server',
	'tls-server-name',
	'contexts',
	'context',
	'namespace',
	'current-context',
	'preferences',
	'users',
	'user',
	'name',
	'client-certificate-data',
])

/** A kubeconfig without its key and other credentials; lines that are no `key: value` are left out. */
export function withoutKey(content: string): string {
	const kept: string[] = []
	for (const line of content.split('\n')) {
		const parts = /^([ -]{0,40}([A-Za-z-]{1,60}):)(?: (.*))?$/.exec(line.trimEnd())
		if (!parts) continue
		const told = parts[3] ?? ''
		kept.push(told !== '' && !open.has(parts[2] ?? '') ? `${parts[1]} <redacted>` : line.trimEnd())
	}
	return `${kept.join('\n')}\n`
}

/** `undefined` when the text does not parse: then nobody knows where the key stands in it. */
export function withoutDynamicKey(content: string): string | undefined {
	const told = fields(json(content))
	const data = fields(told.data)
	if (text(data['tls.crt']) === '') return undefined
	return `${JSON.stringify({ ...told, data: { 'tls.crt': data['tls.crt'], 'tls.key': '<redacted>' } })}\n`
}
