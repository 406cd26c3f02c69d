/** `openssl x509 -text`: what collectors of other makers keep of a certificate. */
import type { Certificate } from '../../model/evidence/index.js'
import { readName, readSans } from './names.js'

/** `O = system:masters, CN = system:admin`, in older versions without the blanks. */
function name(line: string | undefined): string {
	return (line ?? '')
		.slice(0, 2000)
		.split(/, ?(?=[A-Za-z]{1,20} ?= ?)/)
		.map(part => part.trim().replace(/^([A-Za-z]{1,20}) ?= ?/, '$1='))
		.join('\n')
}

function keyId(text: string, heading: string): string | undefined {
	const at = text.indexOf(heading)
	const line = at < 0 ? undefined : text.slice(at + heading.length, at + heading.length + 300).split('\n')[1]
	const digits = /^\s{0,80}(?:keyid:)?((?:[0-9A-F]{2}:){3,63}[0-9A-F]{2})\s*$/i.exec(line ?? '')?.[1]
	return digits?.replaceAll(':', '').toLowerCase()
}

/** `undefined` when the text is no such print. The fingerprint is not in it: ''. */
export function readOpensslText(whole: string): Omit<Certificate, 'path' | 'position'> | undefined {
	const text = whole.slice(0, 64 * 1024)
	if (!/^\s{0,20}Certificate:\s/.test(text)) return undefined
	const field = (pattern: RegExp) => pattern.exec(text)?.[1]?.trim()
	const notBefore = Date.parse(field(/^ {1,40}Not Before ?: ?(.{1,40})$/m) ?? '')
	const notAfter = Date.parse(field(/^ {1,40}Not After ?: ?(.{1,40})$/m) ?? '')
	if (Number.isNaN(notBefore) || Number.isNaN(notAfter)) return undefined
	const subject = readName(name(field(/^ {1,40}Subject: ?(.*)$/m)))
	const issuer = readName(name(field(/^ {1,40}Issuer: ?(.*)$/m)))
	const subjectKey = keyId(text, 'X509v3 Subject Key Identifier:')
	const authorityKey = keyId(text, 'X509v3 Authority Key Identifier:')
	return {
		ca: /^ {1,60}CA:TRUE/m.test(text),
		subject: subject.text,
		commonName: subject.commonName,
		organizations: subject.organizations,
		issuer: issuer.text,
		issuerCommonName: issuer.commonName,
		sans: readSans(field(/^ {1,60}X509v3 Subject Alternative Name:[^\n]*\n(.*)$/m)),
		notBefore,
		notAfter,
		fingerprint: '',
		...(subjectKey !== undefined && { keyId: subjectKey }),
		...(authorityKey !== undefined && { authorityKeyId: authorityKey }),
	}
}
