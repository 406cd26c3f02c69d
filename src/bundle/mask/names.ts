/** Which names promise a secret, and which values are none. */

export const redacted = '<redacted>'

const words =
	'token|secret|passw(?:or)?d|passphrase|pwd|access[-_]?key(?:[-_]id)?|secret[-_]?key|api[-_]?key|private[-_]?key|vpn[-_]auth|identity[-_]?token|join[-_]?key|auth[-_]?key|key[-_]data|tls\\.key|psk'

const whole = new RegExp(`(?:^|[-_.])(?:${words})$`, 'i')
const camel = /[a-z0-9](?:Token|Secret|Password|ApiKey|PrivateKey|SecretKey|AccessKey)$/

/** Names of keys, flags and variables whose value nobody else may read. `auth` is registries.yaml's. */
export function isSecretName(name: string): boolean {
	// etcd's initial-cluster-token keeps clusters apart and is written into every log.
	if (name.length > 200 || name === 'initial-cluster-token') return false
	return name === 'auth' || whole.test(name) || camel.test(name)
}

/** Its value is secret only in part: the credentials in it. */
export function isEndpointName(name: string): boolean {
	return /datastore[-_]endpoint$/i.test(name)
}

/** Nothing, a word of the language, a variable's name, `<key>` of a help text, or what was masked before. */
const harmless = /^(?:|~|null|none|true|false|yes|no|\$.*|\*+|<.*|\[?REDACTED\]?)$/i

export function isHarmless(value: string): boolean {
	return value.length <= 200 && harmless.test(value)
}
