/** One certificate of a PEM text. */
import { X509Certificate } from 'node:crypto'
import type { Certificate } from '../../model/evidence/index.js'
import { keyIdsOf } from './key-ids.js'
import { readName, readSans } from './names.js'

/** The same chain stands in many files; what a block says does not depend on where it stands. */
type Read = Omit<Certificate, 'path' | 'position'>

function read(pem: string): Read | undefined {
	try {
		const certificate = new X509Certificate(pem)
		const subject = readName(certificate.subject)
		const issuer = readName(certificate.issuer)
		const notBefore = Date.parse(certificate.validFrom)
		const notAfter = Date.parse(certificate.validTo)
		if (Number.isNaN(notBefore) || Number.isNaN(notAfter)) return undefined
		return {
			ca: certificate.ca,
			subject: subject.text,
			commonName: subject.commonName,
			organizations: subject.organizations,
			issuer: issuer.text,
			issuerCommonName: issuer.commonName,
			sans: readSans(certificate.subjectAltName),
			notBefore,
			notAfter,
			fingerprint: certificate.fingerprint256.replaceAll(':', '').toLowerCase(),
			...keyIdsOf(certificate.raw),
		}
	} catch {
		return undefined
	}
}

/** A reader that remembers: blocks that it has read before cost nothing. */
export function certificateReader(): (pem: string) => Read | undefined {
	const known = new Map<string, Read | undefined>()
	return pem => {
		if (!known.has(pem)) known.set(pem, read(pem))
		return known.get(pem)
	}
}
