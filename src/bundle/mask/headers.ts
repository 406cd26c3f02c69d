/** HTTP headers in logs, configurations and command lines. */
import { maskCookies } from './cookies.js'
import type { Hide } from './hide.js'

/** `Authorization: Bearer …`, `Authorization = ["Basic …"]`, `"Authorization":["Bearer …"]`. */
const scheme =
	/(authorization\\?["']?[ \t]{0,4}[:=][ \t]{0,4}\[?[ \t]{0,4}\\?["']?(?:bearer|basic|digest|token|negotiate|ntlm|apikey|aws4-hmac-sha256|glue|bot)[ \t]{1,4})([^\s"'\\\],<]{4,4000})/gi
/** Without a scheme: one word, with a digit in it, so that `authorization: webhook` stays. */
const bare =
	/(authorization\\?["']?[ \t]{0,4}[:=][ \t]{0,4}\[?[ \t]{0,4}\\?["']?)(?=[^\s"'\\\],<]{0,200}\d)([^\s"'\\\],<]{8,4000})/gi
const bearer = /(\bBearer\s{1,4})([A-Za-z0-9._~+/-]{12,4000}=*)/g
const basic =
	/(\bBasic[ \t]{1,4})((?:[A-Za-z0-9+/]{4}){2,1000}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?)(?![\w+/=])/g
const own =
	/\b((?:X-[A-Za-z0-9-]{0,40}(?:Token|Key|Secret|Auth|Authorization|Password|Session-Id)|Private-Token|Job-Token|Api-?Key|Ocp-Apim-Subscription-Key|Cf-Access-Client-Secret)\\?["']?[ \t]{0,4}[:=][ \t]{0,4}\[?[ \t]{0,4}\\?["']?)([^\s"'\\\],<]{4,4000})/gi

export function maskHeaders(text: string, hide: Hide): string {
	const header = (whole: string, before: string, secret: string) =>
		/^(?:bearer|basic|digest|token|negotiate|ntlm)$/i.test(secret) ? whole : before + hide(secret, 'header')
	let masked = text
	if (/authorization/i.test(masked)) masked = masked.replace(scheme, header).replace(bare, header)
	if (masked.includes('Bearer ')) masked = masked.replace(bearer, header)
	if (masked.includes('Basic '))
		masked = masked.replace(basic, (whole, before: string, secret: string) =>
			isPair(secret) ? header(whole, before, secret) : whole,
		)
	if (/(?:x-|-token|api-?key|subscription-key|client-secret)/i.test(masked))
		masked = masked.replace(own, header)
	return /cookie|curl/i.test(masked) ? maskCookies(masked, hide) : masked
}

/** `user:password` in base64: any other word may stand behind "Basic". */
function isPair(base64: string): boolean {
	try {
		return /^[ -~]{0,300}:[ -~]{0,300}$/.test(atob(base64))
	} catch {
		return false
	}
}
