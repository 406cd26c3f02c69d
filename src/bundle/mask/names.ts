/** Which names promise a secret, and which values are none. */
import type { Kind } from './hide.js'

const words = [
	'token',
	'secret',
	'passw(?:or)?d',
	'pass(?:phrase)?',
	'pwd',
	'access[-_]?key(?:[-_]id)?',
	'(?:secret|api|private|account|encryption|signing|master|shared|shared[-_]?access|service|storage|license|consumer|setup|session|enrollment|registration|integration|app|application|routing|webhook|bot|auth|join|pre[-_]?shared|chap|ssh[-_]?private)[-_]?key',
	'secret[-_]?key[-_]?base',
	'vpn[-_]auth',
	'identity[-_]?token',
	'key[-_]data',
	'tls\\.key',
	'psk',
	'sas',
	'credentials?',
	'connection[-_]?string',
	'requirepass',
	'masterauth',
	'bind[-_]?pw',
	'rootpw',
	'htpasswd',
	'_auth',
	'_authToken',
].join('|')

const whole = new RegExp(`(?:^|[-_.])(?:${words})$`, 'i')
const camel =
	/[a-z0-9](?:Token|Secret|Password|Passphrase|Passwd|ApiKey|APIKey|PrivateKey|SecretKey|AccessKey|AccessKeyId|AccountKey|SigningKey|EncryptionKey|MasterKey|PresharedKey|SharedKey|AuthKey|JoinKey|SetupKey|Credentials?|ConnectionString)$/
/** `PGPASSWORD`, `ACCESSTOKEN`: nothing parts the words of a variable. */
const capitals = /^[A-Z][A-Z0-9]{1,60}(?:PASSWORD|PASSWD|TOKEN|SECRET|APIKEY)$/

/** Names that end like one and hold none: what is public by intent, or says how, not what. */
const open =
	/(?:^|[-_.])(?:initial-cluster-token|proxy[-_.]pass|public[-_]?key|pubkey|(?:bootstrap|service-account|automount)[-_]?service[-_]?account[-_]?token|idempotency[-_]?token|continue[-_]?token|page[-_]?token|next[-_]?token)$/i

/** Names of keys, flags and variables whose value nobody else may read. `auth` is registries.yaml's. */
export function isSecretName(name: string): boolean {
	// etcd's initial-cluster-token keeps clusters apart and is written into every log.
	if (name.length > 200 || open.test(name)) return false
	return name === 'auth' || whole.test(name) || camel.test(name) || capitals.test(name)
}

/** Its value is secret only in part: the credentials in it. */
export function isEndpointName(name: string): boolean {
	return /(?:datastore[-_]endpoint|(?:^|[-_.])(?:dsn|(?:database|db|redis|amqp|mongo(?:db)?|broker|sentry)[-_]ur[il]))$/i.test(
		name,
	)
}

export function kindOfName(name: string): Kind {
	if (/token/i.test(name)) return 'token'
	if (/vpn|join[-_]?key|setup[-_]?key|psk|preshared/i.test(name)) return 'vpn key'
	if (/pass|pwd|pw$/i.test(name)) return 'password'
	if (/encryption|secret[-_]?key[-_]?base/i.test(name)) return 'encryption key'
	if (/access|secret[-_]?key|account|s3|aws/i.test(name)) return 'access key'
	if (/private|key[-_]?data|tls\.key/i.test(name)) return 'private key'
	if (/auth/i.test(name)) return 'header'
	if (/key/i.test(name)) return 'api key'
	return 'secret'
}

/**
 * Nothing, a word of the language, a variable's name, `<key>` of a help text, a size, or what was masked before.
 * `${X:-hunter2}` is none of these: a shell falls back on what stands in it.
 */
const harmless =
	/^(?:|~|null|nil|none|true|false|yes|no|on|off|\{\}|\[\]|""|''|\$[A-Za-z_]\w*|\$\{[A-Za-z_]\w*\}|\$\([A-Za-z_][\w.-]*\)|\{\{.*\}\}|%[a-zA-Z]|\*+|(?:<[^<>]*>[\s,;:.)\]]*)+|<[^<>]*|\[?REDACTED\]?|\(?hidden\)?|\[?MASKED\]?|x{3,}|(?:\.{3}|…)[)\].,;:]*)$/i

/** What a person is to put in: only so spelled, for in small letters they are favourite passwords. */
const toFillIn = /^(?:(?:YOUR|NEW|OLD|THE)[-_])?(?:PASSWORD|PASSWD|TOKEN|SECRET|KEY)$/

export function isHarmless(value: string): boolean {
	return value.length <= 200 && (harmless.test(value) || toFillIn.test(value))
}

/** Words that stand behind a secret's name in sentences and tables, and are no secrets. */
const status =
	/^(?:invalid|expired|missing|required|empty|unauthorized|unauthenticated|ok|okay|denied|failed|rejected|unknown|found|notfound|set|unset|unchanged|unexpected|expected|present|absent|valid|wrong|incorrect|mismatch|changed|rotated|created|updated|deleted|revoked|renewed|generated|disabled|enabled|default|optional|string|bool|boolean|integer|object|bearer|basic|digest|negotiate|webhook|static|file|env|opaque|yes|no)[.,:;!)\]]*$/i

export function isStatusWord(value: string): boolean {
	return value.length <= 40 && status.test(value)
}
