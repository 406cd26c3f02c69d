/** Credentials in addresses. User, host, port and database stay. */
import type { Hide } from './hide.js'
import { changeLinesWith } from './lines-with.js'

/** `scheme://user:password@`; a slash ends the part in which a password may stand. */
const inUrl = /(:\/\/[^\s:@/"'<>\\]{0,200}:)([^\s@/"'<>\\]{1,500})(?=@)/g
/** Passwords of database addresses are often not encoded and hold `/` or `@`: up to the last `@` of the word. */
const inDatabaseUrl = /((?:mysql|postgres|postgresql|nats):\/\/[^\s:@/"']{0,200}:)([^\s"'<>]{1,500})(?=@)/gi
/** MySQL's own form has no scheme: `user:password@tcp(host:3306)/db`. */
const beforeTcp = /([\w.-]{1,100}:)([^\s"'<>]{1,300})(?=@(?:tcp|unix)6?\()/g
/** `user:password@host` without a scheme, where the password can be nothing else. */
const beforeHost =
	/(?<![\w./:@+-])((?!mailto:|contact:|from:|to:|cc:|e?mail:|sip:|acct:)[A-Za-z][\w.-]{0,60}:)([^\s:@/"'<>\\,;]{5,200})(?=@(?!sha\d)[\w.-]+(?:[:/\s"'),]|$))/gi
/** In front of a parameter; also as JSON and addresses inside of addresses write it. */
const lead = '(?:[?&;](?:amp;)?|\\\\u0026|%3f|%26)'
const inQuery = new RegExp(
	`(${lead}(?:(?:ssl)?passw(?:or)?d|pwd|token|access_token|id_token|refresh_token|auth_token|private_token|client_secret|secret|api[-_]?key|apikey|x-amz-(?:security-token|credential)|x-goog-credential|awsaccesskeyid|sslkey)(?:=|%3d))([^\\s&"'<>\\\\;,)]{1,4000})`,
	'gi',
)
/** Words that are short in other addresses: there they are no signature. */
const code = new RegExp(`(${lead}(?:code|key)(?:=|%3d))([A-Za-z0-9%+/_=~-]{16,2000})`, 'gi')
/** A signature may have been cut off: a beginning of it is no less of it. */
const signature = new RegExp(
	`(${lead}(?:(?:x-(?:amz|goog|oss|cos|obs|tos|ms)-|q-)?signature|sig|hmac)(?:=|%3d))([A-Za-z0-9%+/_=~-]{4,2000})`,
	'gi',
)
/** Where the address before it was cut off: nothing else is called so. */
const cutOff = /(\bX-(?:Amz|Goog)-Signature(?:=|%3d))([0-9a-f]{4,2000})/gi
/** `kill?sig=SIGTERM`, `&signature=none`, `&sig=2024`. */
const noSignature =
	/^(?:\d{1,5}|v\d+|true|false|none|null|yes|no|valid|invalid|missing|required|enabled|disabled|default|auto|verify|verified|unverified|ignore|(?:sig)?(?:term|kill|int|hup|quit|stop|cont|usr[12]|abrt|segv|pipe|chld)|(?:hmac-?)?(?:sha|md)\d{1,3}|rsa|ecdsa|ed25519|gpg|pgp|cosign|notary)$/i
/** A token in the user's place: `https://ghp_…@github.com/x`. */
const alone = /(:\/\/)([A-Za-z0-9_-]{20,300})(?=@)/g

export function maskUrls(text: string, hide: Hide): string {
	const password = (_: string, before: string, secret: string) => before + hide(secret, 'address password')
	const token = (_: string, before: string, secret: string) => before + hide(secret, 'token')
	const signed = (whole: string, before: string, secret: string) =>
		noSignature.test(secret) ? whole : before + hide(secret, 'token')
	let masked = changeLinesWith(text, /@/g, line =>
		line
			.replace(inDatabaseUrl, password)
			.replace(inUrl, password)
			.replace(alone, token)
			.replace(beforeHost, (whole, before: string, secret: string) =>
				isMixed(secret) ? before + hide(secret, 'address password') : whole,
			)
			.replace(beforeTcp, password),
	)
	if (/(?:[?&;]|u0026|%3f|%26)[\w-]{3,24}(?:=|%3d)/i.test(masked))
		masked = masked.replace(inQuery, token).replace(code, token).replace(signature, signed)
	return /-signature/i.test(masked) ? masked.replace(cutOff, token) : masked
}

/** At least three of small letters, capitals, digits and signs. */
function isMixed(text: string): boolean {
	return [/[a-z]/, /[A-Z]/, /\d/, /[^A-Za-z0-9._-]/].filter(kind => kind.test(text)).length >= 3
}

/** The value of `datastore-endpoint`, whatever its scheme and however odd its password. */
export function maskEndpoint(value: string, hide: Hide): string {
	const parts = /^(["']?(?:[a-z][a-z0-9+.-]{0,30}:\/\/)?[^:@/\s]{0,200}:)(.{1,1000})(@[\s\S]*)$/i.exec(value)
	const secret = parts?.[2] ?? ''
	if (!parts || isHost(parts[1] ?? '', secret)) return maskUrls(value, hide)
	return maskUrls(`${parts[1]}${hide(secret, 'address password')}${parts[3]}`, hide)
}

/** `https://host:2379/x@y` has no user: what stands between is a port. */
function isHost(before: string, between: string): boolean {
	return before.includes('://') && /^\d{1,5}(?:[/,?]|$)/.test(between)
}
