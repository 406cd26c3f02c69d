/**
 * Certificates with other names in them: a substitute has the length of what it stands for, so the encoding around it
 * stays as it is. Their signatures no longer fit, which nobody here looks at; keys, times and serial numbers stay.
 */
import type { Addresses } from './addresses.js'
import type { Rename } from './names.js'

const pem =
	/(-----BEGIN CERTIFICATE-----)((?:[A-Za-z0-9+/=]|\s|\\n|\\r){40,100000}?)(-----END CERTIFICATE-----)/g
/** A PEM text in base64, as kubeconfigs carry it. */
const wrapped = /(?<![A-Za-z0-9+/])LS0tLS1CRUdJTiBDRVJU[A-Za-z0-9+/]{40,400000}={0,2}/g

/** Tags of strings and names in DER: UTF8String, PrintableString, IA5String, rfc822Name, dNSName, URI. */
const stringTags = new Set([0x0c, 0x13, 0x16, 0x81, 0x82, 0x86])
/** iPAddress of a SubjectAltName. */
const addressTag = 0x87

export function certificateMasker(rename: Rename, addresses: Addresses): (text: string) => string {
	function der(bytes: Buffer): Buffer {
		const made = Buffer.from(bytes)
		for (let at = 0; at + 2 < made.length; at += 1) {
			const length = made[at + 1] ?? 0
			const from = at + 2
			if (length === 0 || length > 127 || from + length > made.length) continue
			if (made[at] === addressTag && (length === 4 || length === 16)) {
				made.set(addresses.bytes(made.subarray(from, from + length)), from)
				at = from + length - 1
			} else if (stringTags.has(made[at] ?? 0)) {
				const text = made.toString('latin1', from, from + length)
				if (!/^[ -~]+$/.test(text)) continue
				const masked = rename(text)
				if (masked.length === text.length) made.write(masked, from, 'latin1')
				at = from + length - 1
			}
		}
		return made
	}

	/** The same characters of base64 in the same lines. */
	function body(text: string): string {
		const plain = text.replace(/\\[nr]|\s/g, '')
		const coded = der(Buffer.from(plain, 'base64')).toString('base64')
		if (coded.length !== plain.length) return text
		let next = 0
		return text.replace(/\\[nr]|\s|[A-Za-z0-9+/=]/g, char =>
			char.length > 1 || /\s/.test(char) ? char : (coded[next++] ?? char),
		)
	}

	const unwrapped = (text: string) =>
		text.replace(pem, (_, begin: string, inside: string, end: string) => begin + body(inside) + end)

	return text => {
		let made = text.includes('-----BEGIN CERTIFICATE-----') ? unwrapped(text) : text
		if (made.includes('LS0tLS1CRUdJTiBDRVJU')) {
			made = made.replace(wrapped, word => {
				const coded = Buffer.from(
					unwrapped(Buffer.from(word, 'base64').toString('latin1')),
					'latin1',
				).toString('base64')
				return coded.length === word.length ? coded : word
			})
		}
		return made
	}
}
