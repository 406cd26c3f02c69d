/** Secrets that are known by their own form, wherever they stand. */
import { redacted } from './names.js'

/** k3s's token: `K10<CA hash>::<user>:<secret>`, or `K10<hash>::<id>.<secret>`. A hash alone is no secret. */
const fullToken = /\bK10[0-9a-f]{16,128}::[^\s"'\\<>]{1,500}/gi
const jwt = /\beyJ[A-Za-z0-9_-]{8,8000}\.[A-Za-z0-9_-]{4,8000}(?:\.[A-Za-z0-9_-]{0,2000})?/g
/** `Authorization: Bearer …`, `Authorization = ["Basic …"]`, `"Authorization":["Bearer …"]`. */
const header =
	/(authorization\\?["']?[ \t]{0,4}[:=][ \t]{0,4}\[?\\?["']?(?:bearer|basic|digest|token)[ \t]{1,4})([^\s"'\\\],<]{4,4000})/gi
const scheme = /(\bBearer\s{1,4})([A-Za-z0-9._~+/-]{12,4000}=*)/g

export function maskTokens(text: string): string {
	let masked = text
	if (masked.includes('::')) masked = masked.replace(fullToken, redacted)
	if (masked.includes('eyJ')) masked = masked.replace(jwt, redacted)
	if (/authorization/i.test(masked)) masked = masked.replace(header, `$1${redacted}`)
	if (masked.includes('Bearer ')) masked = masked.replace(scheme, `$1${redacted}`)
	return masked
}
