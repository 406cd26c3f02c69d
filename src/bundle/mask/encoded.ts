/** Words in base64 behind which credentials stand: a kubeconfig, docker's config.json, a token, `user:password`. */
import type { Hide } from './hide.js'

const shortest = 24
const longest = 40_003

/** Of base64 without its padding: 1; what may stand beside it in a name, a number or a path, so that it is no word: 2. */
const kinds = Uint8Array.from({ length: 128 }, (_, code) => {
	const char = String.fromCharCode(code)
	if (/[A-Za-z0-9+/]/.test(char)) return 1
	return /[_=-]/.test(char) ? 2 : 0
})
const kindAt = (text: string, at: number) => kinds[text.charCodeAt(at)] ?? 0

const isText = /^[\t\n\r -~]+$/

/** `masks`: what is done to a text. A word whose text would be changed is masked whole. */
export function maskEncoded(text: string, hide: Hide, masks: (text: string) => string): string {
	const parts: string[] = []
	let from = 0
	for (let at = shortest - 1; at < text.length; ) {
		// Every character of a word of this length would be one of base64: most of a text is passed over.
		if (kindAt(text, at) !== 1) {
			at += shortest
			continue
		}
		let begin = at
		while (begin > from && kindAt(text, begin - 1) === 1) begin -= 1
		let end = at + 1
		while (end < text.length && kindAt(text, end) === 1) end += 1
		at = end + shortest
		const secret = wordAt(text, begin, end)
		if (secret === undefined || !holdsSecret(secret, masks)) continue
		parts.push(text.slice(from, begin), hide(secret, 'encoded'))
		from = begin + secret.length
	}
	return from === 0 ? text : parts.join('') + text.slice(from)
}

/**
 * The whole word whose letters, digits, `+` and `/` stand from `begin` up to before `end`. Hashes and names of images are
 * such words too: what decodes to no text is none of them.
 */
function wordAt(text: string, begin: number, end: number): string | undefined {
	const length = end - begin
	if (length < shortest || length > longest) return undefined
	const before = begin > 0 ? text.charCodeAt(begin - 1) : 0
	// A full stop as well: it is part of a name.
	if (before === 0x2e || kinds[before] === 2) return undefined
	const padding = length % 4 === 2 ? '==' : length % 4 === 3 ? '=' : ''
	if (length % 4 === 1 || !text.startsWith(padding, end)) return undefined
	const after = end + padding.length
	return after < text.length && kindAt(text, after) !== 0 ? undefined : text.slice(begin, after)
}

/** A text of letters alone, a path say, decodes to bytes; so does a hash. */
function holdsSecret(secret: string, masks: (text: string) => string): boolean {
	let decoded: string
	try {
		decoded = atob(secret)
	} catch {
		return false
	}
	return isText.test(decoded) && masks(decoded) !== decoded
}
