/** Words in base64 behind which credentials stand: a kubeconfig, docker's config.json, a token, `user:password`. */
import type { Hide } from './hide.js'

/** A whole word. Hashes and names of images are such words too: what decodes to no text is none of them. */
const word =
	/(?<![\w+/=.-])(?:[A-Za-z0-9+/]{4}){6,10000}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?(?![\w+/=-])/g

const isText = /^[\t\n\r -~]+$/

/** `masks`: what is done to a text. A word whose text would be changed is masked whole. */
export function maskEncoded(text: string, hide: Hide, masks: (text: string) => string): string {
	return text.replace(word, secret => {
		// A text of letters alone, a path say, decodes to bytes; so does a hash.
		let decoded: string
		try {
			decoded = atob(secret)
		} catch {
			return secret
		}
		return isText.test(decoded) && masks(decoded) !== decoded ? hide(secret, 'encoded') : secret
	})
}
