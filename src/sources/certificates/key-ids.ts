/** Subject and authority key identifier (RFC 5280 4.2.1.1, 4.2.1.2), which node:crypto does not tell. */
import { childrenOf, type Element, elementAt, hex } from './der.js'

export interface KeyIds {
	keyId?: string
	authorityKeyId?: string
}

const sequence = 0x30
const octetString = 0x04
const objectId = 0x06
/** `[3]` of TBSCertificate: the extensions. */
const extensionsTag = 0xa3
/** `[0]` of AuthorityKeyIdentifier: the key identifier. */
const keyIdentifierTag = 0x80

/** 2.5.29.14 and 2.5.29.35 as their bytes. */
const subjectKey = '551d0e'
const authorityKey = '551d23'

/** Longer ones are nothing that anybody makes. */
const mostBytes = 64

function contentOf(bytes: Uint8Array, extension: Element): Element | undefined {
	const value = childrenOf(bytes, extension).find(({ tag }) => tag === octetString)
	return value && elementAt(bytes, value.start, value.end)
}

function identifier(bytes: Uint8Array, element: Element | undefined): string | undefined {
	if (!element || element.end - element.start > mostBytes || element.end === element.start) return undefined
	return hex(bytes, element)
}

/** Hex digits, lower case. `certificate` is the whole certificate in DER. */
export function keyIdsOf(certificate: Uint8Array): KeyIds {
	const whole = elementAt(certificate, 0, certificate.length)
	const body = whole && elementAt(certificate, whole.start, whole.end)
	const tagged = body && childrenOf(certificate, body).find(({ tag }) => tag === extensionsTag)
	const list = tagged && elementAt(certificate, tagged.start, tagged.end)
	const ids: KeyIds = {}
	if (!list || list.tag !== sequence) return ids
	for (const extension of childrenOf(certificate, list)) {
		const name = childrenOf(certificate, extension).find(({ tag }) => tag === objectId)
		const oid = name && name.end - name.start <= 16 ? hex(certificate, name) : ''
		if (oid !== subjectKey && oid !== authorityKey) continue
		const value = contentOf(certificate, extension)
		if (oid === subjectKey) {
			const id = value?.tag === octetString ? identifier(certificate, value) : undefined
			if (id !== undefined) ids.keyId = id
		} else if (value) {
			const id = identifier(
				certificate,
				childrenOf(certificate, value).find(({ tag }) => tag === keyIdentifierTag),
			)
			if (id !== undefined) ids.authorityKeyId = id
		}
	}
	return ids
}
