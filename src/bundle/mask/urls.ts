/** Credentials in addresses. User, host, port and database stay. */
import { redacted } from './names.js'

/** `scheme://user:password@`; a slash ends the part in which a password may stand. */
const inUrl = /(:\/\/[^\s:@/"'<>\\]{0,200}:)([^\s@/"'<>\\]{1,500})(?=@)/g
/** Passwords of database addresses are often not encoded and hold `/` or `@`: up to the last `@` of the word. */
const inDatabaseUrl = /((?:mysql|postgres|postgresql|nats):\/\/[^\s:@/"']{0,200}:)([^\s"'<>]{1,500})(?=@)/gi
/** MySQL's own form has no scheme: `user:password@tcp(host:3306)/db`. */
const beforeTcp = /([\w.-]{1,100}:)([^\s"'<>]{1,300})(?=@(?:tcp|unix)6?\()/g
const inQuery = /([?&](?:ssl)?passw(?:or)?d=)([^\s&"'<>\\]{1,500})/gi

export function maskUrls(text: string): string {
	let masked = text
	if (masked.includes('@'))
		masked = masked.replace(inDatabaseUrl, `$1${redacted}`).replace(inUrl, `$1${redacted}`)
	if (/@(?:tcp|unix)6?\(/.test(masked)) masked = masked.replace(beforeTcp, `$1${redacted}`)
	return masked.includes('passw') ? masked.replace(inQuery, `$1${redacted}`) : masked
}

/** The value of `datastore-endpoint`, whatever its scheme and however odd its password. */
export function maskEndpoint(value: string): string {
	const parts = /^(["']?(?:[a-z][a-z0-9+.-]{0,30}:\/\/)?[^:@/\s]{0,200}:)(.{1,1000})(@[\s\S]*)$/i.exec(value)
	if (!parts || isHost(parts[1] ?? '', parts[2] ?? '')) return maskUrls(value)
	return maskUrls(`${parts[1]}${redacted}${parts[3]}`)
}

/** `https://host:2379/x@y` has no user: what stands between is a port. */
function isHost(before: string, between: string): boolean {
	return before.includes('://') && /^\d{1,5}(?:[/,?]|$)/.test(between)
}
