/** Secrets that are known by their own form, wherever they stand. */
import type { Hide } from './hide.js'
import { presenceIn } from './presence.js'

/** k3s's token: `K10<CA hash>::<user>:<secret>`, or `K10<hash>::<id>.<secret>`. A hash alone is no secret. */
const fullToken = /\bK10[0-9a-f]{16,128}::[^\s"'\\<>]{1,500}/gi
/** kubeadm's form. Names of events look alike, so it counts only beside its name. */
const bootstrapToken = /(\btokens?(?: id)?\b[^\n\w]{1,12})([a-z0-9]{6}\.[a-z0-9]{16})(?![\w.-])/gi
const jwt = /\beyJ[A-Za-z0-9_-]{8,8000}\.[A-Za-z0-9_-]{4,8000}(?:\.[A-Za-z0-9_-]{0,2000})?/g

/** Keys of services that begin in a way of their own. */
const services: readonly [begin: string, whole: RegExp][] = [
	['gh', /\bgh[pousr]_[A-Za-z0-9]{20,255}/g],
	['github_pat_', /\bgithub_pat_[A-Za-z0-9_]{20,255}/g],
	['glpat-', /\bgl(?:pat|dt|rt|cbt|ptt|ft|imt|agent|soat)-[A-Za-z0-9_-]{20,255}/g],
	['gldt-', /\bgldt-[A-Za-z0-9_-]{20,255}/g],
	['xox', /\bxox[abeoprs]-[A-Za-z0-9-]{10,255}/g],
	['hooks.slack.com', /(?<=hooks\.slack\.com\/services\/)[A-Za-z0-9/_-]{20,100}/g],
	['AKIA', /\bAKIA[A-Z0-9]{16}\b/g],
	['ASIA', /\bASIA[A-Z0-9]{16}\b/g],
	['hvs.', /\bhv[sbr]\.[A-Za-z0-9_-]{20,500}/g],
	['dckr_', /\bdckr_(?:pat|oat)_[A-Za-z0-9_-]{20,255}/g],
	['npm_', /\bnpm_[A-Za-z0-9]{30,60}\b/g],
	['pypi-', /\bpypi-[A-Za-z0-9_-]{40,400}/g],
	['_live_', /\b[srp]k_live_[A-Za-z0-9]{16,255}/g],
	['AIza', /\bAIza[0-9A-Za-z_-]{35}/g],
	['ya29.', /\bya29\.[0-9A-Za-z_-]{20,500}/g],
	['tskey-', /\btskey-(?:auth|client|api|scim|webhook)-[A-Za-z0-9-]{8,200}/g],
	['AGE-SECRET-KEY-', /\bAGE-SECRET-KEY-1[A-Z0-9]{40,70}/g],
	['glsa_', /\bglsa_[A-Za-z0-9]{20,60}(?:_[0-9a-f]{8})?/g],
	['SG.', /\bSG\.[A-Za-z0-9_-]{16,40}\.[A-Za-z0-9_-]{30,60}/g],
	['dop_v1_', /\bdop_v1_[0-9a-f]{40,80}/g],
	['hf_', /\bhf_[A-Za-z0-9]{30,60}\b/g],
	['sk-', /\bsk-(?:proj-|ant-)?[A-Za-z0-9_-]{32,200}/g],
	['privkey:', /(?<=\bprivkey:)[0-9a-f]{32,128}/g],
	// Ceph's keyrings and mount options.
	['==', /(?<![\w+/=])AQ[A-Za-z0-9+/]{36}==/g],
	['discord', /(?<=discord(?:app)?\.com\/api\/webhooks\/\d{15,22}\/)[A-Za-z0-9_-]{30,100}/g],
	['bot', /(?<=api\.telegram\.org\/bot)\d{6,12}:[A-Za-z0-9_-]{30,50}/g],
]

/** Hashes of passwords: crypt's forms, LDAP's, MySQL's, PostgreSQL's, and those that k3s keeps of nodes. */
const hashes: readonly RegExp[] = [
	/\$2[abxy]?\$\d\d\$[./A-Za-z0-9]{53}/g,
	/\$(?:1|5|6|apr1|sm3)\$(?:rounds=\d{1,9}\$)?[./A-Za-z0-9]{1,16}\$[./A-Za-z0-9]{22,86}/g,
	/\$g?y\$[./A-Za-z0-9]{1,40}\$[./A-Za-z0-9]{1,86}\$[./A-Za-z0-9]{43}/g,
	/\$argon2(?:id|i|d)\$[A-Za-z0-9$=,+/]{20,300}/g,
	/\$scrypt\$[A-Za-z0-9$=,+/]{20,300}/g,
	/\$1:[0-9a-f]{8,64}:\d{1,4}:\d{1,4}:\d{1,4}:[A-Za-z0-9+/=_-]{20,200}/g,
	/SCRAM-SHA-256\$\d{1,9}:[A-Za-z0-9+/=]{8,60}\$[A-Za-z0-9+/=:]{40,200}/g,
]
const ldapHash = /\{S?SHA(?:256|512)?\}[A-Za-z0-9+/=]{20,200}/g

/** `mayHold`: whether a word can stand in `text`. */
export function maskTokens(text: string, hide: Hide, mayHold = presenceIn(text)): string {
	let masked = text
	if (masked.includes('::')) masked = masked.replace(fullToken, secret => hide(secret, 'token'))
	if (/token/i.test(masked))
		masked = masked.replace(
			bootstrapToken,
			(_, before: string, secret: string) => before + hide(secret, 'token'),
		)
	if (masked.includes('eyJ')) masked = masked.replace(jwt, secret => hide(secret, 'jwt'))
	for (const [begin, whole] of services) {
		if (mayHold(begin)) masked = masked.replace(whole, secret => hide(secret, kindOf(begin)))
	}
	if (masked.includes('$')) {
		for (const hash of hashes) masked = masked.replace(hash, secret => hide(secret, 'hash'))
	}
	if (masked.includes('SHA')) masked = masked.replace(ldapHash, secret => hide(secret, 'hash'))
	return masked
}

function kindOf(begin: string) {
	if (begin === 'AKIA' || begin === 'ASIA') return 'access key'
	if (begin === 'tskey-') return 'vpn key'
	return begin.startsWith('AGE') ? 'encryption key' : 'api key'
}
