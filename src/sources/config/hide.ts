/** Evidence holds no secrets, whatever the bundle holds: one from elsewhere may not have been masked. */

const redacted = '<redacted>'

const secretFlags = new Set([
	'token',
	'agent-token',
	'cluster-secret',
	'etcd-s3-access-key',
	'etcd-s3-secret-key',
	'etcd-s3-session-token',
	'vpn-auth',
])

/** `user:password@` of an endpoint. A password may hold any character, `@`, `/` and `?` too. */
export function hideCredentials(endpoint: string): string {
	const scheme = /^[a-z][a-z0-9+.-]{0,30}:\/\//i.exec(endpoint)?.[0] ?? ''
	const rest = endpoint.slice(scheme.length)
	const slash = rest.lastIndexOf('/')
	const before = rest.lastIndexOf('@', slash < 0 ? undefined : slash)
	const at = before < 0 ? rest.lastIndexOf('@') : before
	const user = /^[^:@/]{0,200}/.exec(rest)?.[0] ?? ''
	const shown = at > user.length ? `${scheme}${user}:${redacted}${rest.slice(at)}` : endpoint
	return shown.replace(/([?&](?:ssl)?passw(?:or)?d=)[^&]+/gi, `$1${redacted}`)
}

/** An empty secret stays empty: that is a fault of its own. */
export function hide(flag: string, value: string): string {
	if (flag === 'datastore-endpoint') return hideCredentials(value)
	return value !== '' && secretFlags.has(flag) ? redacted : value
}

const secretVariable = /TOKEN$|SECRET|PASSW|ACCESS_KEY|_AUTH$|CREDENTIAL/

export function hideVariable(name: string, value: string, flag: string | undefined): string {
	if (flag !== undefined) return hide(flag, value)
	if (value !== '' && secretVariable.test(name)) return redacted
	return /^https?:\/\//i.test(value) ? hideCredentials(value) : value
}
