/** Secrets that were found in one place, to be found in all others: which are worth it, and in which forms they stand. */
import type { Kind } from '../mask/hide.js'

export interface Learned {
	kind: Kind
	/** What the mark is made of: the same for every form of the same secret. */
	canonical: string
}

/** Shorter ones stand in other words by chance. */
const shortest = 6

/** Kinds whose values are mostly no secrets, or are no words: they are masked where they stand, and nowhere else. */
const local: ReadonlySet<Kind> = new Set<Kind>([
	'environment',
	'chart',
	'annotation',
	'rule',
	'encoded',
	'said',
])

/** Words of this trade, and those that people take for passwords: masking each of them would leave nothing to read. */
const common = new Set(
	`password passwd secret secrets changeme default admin administrator root user username token rancher kubernetes
kubectl kubelet kubeadm server agent master worker control cluster docker containerd postgres postgresql mysql mariadb
sqlite datastore database redis mongodb elastic grafana prometheus traefik coredns flannel calico cilium longhorn
registry localhost localdomain internal external example production staging development testing service account
bearer basic digest webhook certificate private public enabled disabled required optional invalid expired
undefined unknown string object debian ubuntu fedora centos alpine raspberrypi systemd journal default-token
insecure nothing something anything supersecret-no container network storage volume system manager controller`.split(
		/\s+/,
	),
)

/** Shapes of what is open everywhere: paths, numbers, times, addresses, ids, names of objects of Kubernetes. */
const open =
	/^(?:\/[\w./@:+-]*|[\d.,:+TZ-]+|0x[0-9a-f]+|[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}|https?:\/\/[^@]*|[a-z][a-z0-9]*(?:-[a-z]+)+|system:[\w:.-]+|[\w.-]+\.(?:svc|local|internal|io|com|org|net)(?::\d+)?)$/

/** Whether a secret of this kind may be looked for everywhere. */
export function isWorthLearning(secret: string, kind: Kind): boolean {
	if (local.has(kind) || secret.length < shortest || secret.length > 4096 || secret.includes('\n'))
		return false
	// Most cookies are settings: `role=scheduler`.
	if (kind === 'cookie' && /^[A-Za-z]+(?:[-_. ][A-Za-z]+)*$/.test(secret)) return false
	if (common.has(secret.toLowerCase()) || /<redacted/.test(secret)) return false
	if (open.test(secret) && !isPhrase(secret, kind) && !(kind === 'access key' && secret.length >= 20))
		return false
	// A short word of small letters stands in many texts.
	return (
		secret.length >= 8 || /\d/.test(secret) || /[A-Z]/.test(secret.slice(1)) || /[^A-Za-z0-9]/.test(secret)
	)
}

/** `correct-horse-battery`: built like a name of Kubernetes, but of no word that stands in such names. */
function isPhrase(secret: string, kind: Kind): boolean {
	const words = secret.split('-')
	const strong = kind === 'token' || kind === 'password' || kind === 'vpn key'
	return (
		strong &&
		words.length >= 3 &&
		secret.length >= 14 &&
		!words.some(word => common.has(word) || word === 'kube')
	)
}

/** The secret inside what was masked: of a full token the part after the hash, of base64 what it stands for. */
export function canonicalOf(secret: string): string {
	const plain = secret.trim().replace(/^(["'])([\s\S]*)\1$/, '$2')
	const token = /^K10[0-9a-f]{16,128}::(?:[A-Za-z0-9._-]{1,64}:)?(.{1,500})$/i.exec(plain)?.[1]
	if (token) return token
	return decoded(plain) ?? plain
}

/** The printable text behind base64; `undefined` when there is none. */
function decoded(text: string): string | undefined {
	if (
		text.length < 8 ||
		text.length > 100_000 ||
		text.length % 4 !== 0 ||
		!/^[A-Za-z0-9+/]+={0,2}$/.test(text)
	)
		return undefined
	try {
		const plain = atob(text)
		return /^[\t\n\r -~]+$/.test(plain) && !/[^\w\n\r\t -]{3}/.test(plain) ? plain.trimEnd() : undefined
	} catch {
		return undefined
	}
}

/** As it stands in JSON, in an address, in base64 (of the word, and with the line's end that `echo` adds). */
export function formsOf(secret: string): string[] {
	const coded = [secret, `${secret}\n`].map(text => Buffer.from(text, 'utf8').toString('base64'))
	const forms = [secret, JSON.stringify(secret).slice(1, -1), encode(secret), ...coded]
	return [...new Set(forms)].filter(form => form.length >= shortest)
}

function encode(secret: string): string {
	try {
		return encodeURIComponent(secret)
	} catch {
		return secret
	}
}

/** Secrets that are part of another one: of `user:password` the password, of a VPN's settings the key. */
export function partsOf(secret: string, kind: Kind): string[] {
	const plain = canonicalOf(secret)
	const parts = plain === secret ? [] : [plain]
	if (kind === 'header' || kind === 'encoded' || (kind === 'password' && plain !== secret)) {
		const pair = /^[^:\s]{1,100}:(.{1,500})$/.exec(plain)?.[1]
		if (pair) parts.push(pair)
	}
	const join = /(?:^|,)joinKey=([^,]{1,500})/.exec(plain)?.[1]
	if (join) parts.push(join)
	return parts
}
