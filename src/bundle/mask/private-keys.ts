/** Private keys: PEM, and PEM as base64 (kubeconfigs, Secrets). Certificates are no secret. */
import type { Hide } from './hide.js'

const begin = /-----BEGIN [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/g
const end = /-----END [A-Z0-9 ]{0,40}PRIVATE KEY(?: BLOCK)?-----/y

/** What a key's text consists of; a quote or anything else is no longer the key's. */
const body = /[A-Za-z0-9+/=\s\\:,.-]/

/** The end of the block that begins before `at`; a block without an end reaches as far as a key's text may. */
function blockEnd(text: string, at: number): number {
	for (let position = at; position < text.length; position += 1) {
		if (text.startsWith('-----END ', position)) {
			end.lastIndex = position
			if (end.test(text)) return end.lastIndex
		}
		if (!body.test(text[position] ?? '')) return position
	}
	return text.length
}

function maskPem(text: string, hide: Hide): string {
	const parts: string[] = []
	let from = 0
	begin.lastIndex = 0
	for (let found = begin.exec(text); found; found = begin.exec(text)) {
		const to = blockEnd(text, begin.lastIndex)
		const lines = text.slice(found.index, to).split('\n').length - 1
		// Lines keep their numbers.
		parts.push(
			text.slice(from, found.index),
			hide(text.slice(found.index, to), 'private key'),
			'\n'.repeat(lines),
		)
		from = to
		begin.lastIndex = to
	}
	return from === 0 ? text : parts.join('') + text.slice(from)
}

/** `-----BEGIN ` in base64 begins so. */
const encoded = /LS0tLS1CRUdJTi[A-Za-z0-9+/_-]{8,400000}={0,2}/g

function isKey(base64: string): boolean {
	try {
		const whole = base64.replaceAll('-', '+').replaceAll('_', '/')
		return atob(whole.slice(0, whole.length - (whole.length % 4))).includes('PRIVATE KEY')
	} catch {
		// What cannot be told from a key is treated as one.
		return true
	}
}

export function maskPrivateKeys(text: string, hide: Hide): string {
	let masked = text
	if (/PRIVATE KEY(?: BLOCK)?-----/.test(masked)) masked = maskPem(masked, hide)
	if (masked.includes('LS0tLS1CRUdJTi'))
		masked = masked.replace(encoded, word => (isKey(word) ? hide(word, 'private key') : word))
	return masked
}
