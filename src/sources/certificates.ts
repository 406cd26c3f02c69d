import type { Bundle, NodeFacts } from '../model/bundle.js'
import { answer, fileOf } from '../model/bundle.js'
import type { Certificate, CertificatesEvidence } from '../model/evidence/index.js'
import { collect, dynamicPath, kubeconfigPath, usual } from './certificates/collect.js'
import { readOpensslText } from './certificates/openssl-text.js'
import { pemBlocks } from './certificates/pem.js'
import { dynamicCertificate, kubeconfigCertificate } from './certificates/wrapped.js'
import { certificateReader } from './certificates/x509.js'
import { fields, json, list, number, text } from './field.js'
import { readFiles } from './files.js'
import { perBundle } from './per-bundle.js'
import { source, type Want } from './source.js'

class Reading {
	readonly certificates: Certificate[] = []
	readonly broken: CertificatesEvidence['broken'] = []
	readonly #read = certificateReader()

	/** `content` of a file that is to hold certificates. */
	add(path: string, content: string): void {
		const fault = this.#chain(path, content)
		if (fault) this.broken.push({ path, problem: fault, size: utf8Length(content) })
	}

	#chain(path: string, content: string): string | undefined {
		const { blocks, unfinished } = pemBlocks(content)
		let fault = unfinished ? 'the file ends inside a certificate' : undefined
		for (const [position, block] of blocks.entries()) {
			const certificate = this.#read(block)
			if (certificate) this.certificates.push({ path, position, ...certificate })
			else fault ??= `certificate ${position + 1} of the file does not parse`
		}
		if (blocks.length || fault) return fault
		const printed = readOpensslText(content)
		if (printed) this.certificates.push({ path, position: 0, ...printed })
		else return content.trim() === '' ? 'the file is empty' : 'there is no certificate in the file'
		return undefined
	}
}

function utf8Length(content: string): number {
	return new TextEncoder().encode(content.slice(0, 4 * 1024 * 1024)).length
}

/** Each file whose name promises certificates, and the certificate parts of two that hold more. */
function addFiles(reading: Reading, bundle: Bundle): void {
	for (const [file, content] of bundle.files) {
		if (file.startsWith('files/') && file.endsWith('.crt')) reading.add(file.slice('files'.length), content)
	}
	const wrapped = [
		[dynamicPath(bundle.node), dynamicCertificate],
		[kubeconfigPath, kubeconfigCertificate],
	] as const
	for (const [path, unwrap] of wrapped) {
		const certificate = unwrap(answer(bundle, fileOf(path)) ?? '')
		if (certificate !== undefined) reading.add(path, certificate)
	}
}

/** Files of size 0 may be listed only: then the listing is what knows of them. */
function addEmpty(reading: Reading, bundle: Bundle): void {
	for (const { path, size, type } of readFiles(bundle)?.listed.values() ?? []) {
		if (type !== 'file' || size !== 0 || !path.endsWith('.crt') || bundle.files.has(fileOf(path))) continue
		reading.broken.push({ path, problem: 'the file is empty', size })
	}
}

/** The node was looked at, and there are none: k3s never got so far as to make them. */
function knownToBeNone(bundle: Bundle): boolean {
	const files = readFiles(bundle)
	if (!files) return false
	const { dataDir } = bundle.node
	const looked = files.roots.includes(dataDir) || files.missingRoots.includes(dataDir)
	const hidden = files.denied.some(dir => dir === dataDir || /^\/(?:server|agent)/.test(below(dir, dataDir)))
	return looked && !hidden && !someCertificate(files.listed.keys())
}

function below(path: string, dir: string): string {
	return path.startsWith(`${dir}/`) ? path.slice(dir.length) : ''
}

function someCertificate(paths: Iterable<string>): boolean {
	for (const path of paths) if (path.endsWith('.crt')) return true
	return false
}

/** Chains that ports showed. */
function addPorts(reading: Reading, bundle: Bundle): void {
	for (const told of list(json(answer(bundle, 'probes/tls.json'))).slice(0, 100)) {
		const { host, port, certificates } = fields(told)
		const name = text(host).includes(':') ? `[${text(host)}]` : text(host)
		const chain = list(certificates).map(text).join('\n')
		if (chain.trim() !== '') reading.add(`tls://${name}:${number(port) ?? 0}`, chain)
	}
}

const parse = perBundle((bundle: Bundle): CertificatesEvidence | undefined => {
	const reading = new Reading()
	addFiles(reading, bundle)
	addEmpty(reading, bundle)
	addPorts(reading, bundle)
	const { certificates, broken } = reading
	const any = certificates.length > 0 || broken.length > 0
	return any || knownToBeNone(bundle) ? { certificates, broken } : undefined
})

function wants(node: NodeFacts): Want[] {
	// A node that has never joined has none yet.
	return usual(node).map(path => ({ file: fileOf(path), askFor: `cat ${path}`, optional: true }))
}

export const certificates = source({ name: 'certificates', title: 'certificates', wants, collect, parse })
