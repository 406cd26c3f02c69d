/**
 * Short passwords in sentences: `password is ab12`, `DB_PASS = abc1 and …`, `using password ab12`. Behind such a name
 * stand words, versions and numbers far more often, so a short value counts only when letters and digits are mixed as
 * no word mixes them, or when it is a number of a PIN's length; words alone never do. It may still be the name of a
 * host, and so it is looked for nowhere else.
 */
import type { Hide } from './hide.js'
import { isHarmless, isSecretName, isStatusWord } from './names.js'

const name =
	'[\\w.-]{0,60}(?:password|passwd|passphrase|pwd|token|api[-_ ]?key|access[-_ ]?key|secret[-_ ]?key|client[-_ ]?secret|[-_.]pass|_[A-Z]{0,20}(?:KEY|SECRET|TOKEN))'
/** Whose it is: `password for root is X`, `password of user root was X`. */
const whose =
	'(?:[ \\t]{1,4}(?:for|of)[ \\t]{1,4}(?:the[ \\t]|user[ \\t]|account[ \\t]){0,2}["\']?[\\w.@-]{1,60}["\']?)?'
const verb =
	'[ \\t]{1,4}(?:is(?:[ \\t]now)?|was|(?:(?:is|was)[ \\t])?(?:re)?set[ \\t]to|(?:(?:is|was)[ \\t])?changed[ \\t]to)[ \\t:]{1,4}'
const sign = '[ \\t]{0,4}(?:=>|->|[:=])[ \\t]{0,20}'
/** Where a sentence may go on behind the value. */
const ends = '(?=[\\s"\'`\\\\,;<>()[\\]{}]|[.:!?]+(?:[\\s"\'\\\\]|$)|$)'
const value = '([^\\s"\'`\\\\,;<>()[\\]{}]{3,12}?)'

const said = new RegExp(`(?<![\\w.-])(${name})(${whose}${verb}|["']?${sign})${value}${ends}`, 'gi')
/** A mere blank is enough behind a word that says that it was used. */
const used = new RegExp(
	`(?<=\\b(?:with|using|use|used|uses|try|tried|trying)[ \\t](?:the[ \\t]|a[ \\t])?)((?:\\w{1,20}[ \\t])?(?:password|passwd|passphrase))([ \\t]{1,4})${value}${ends}`,
	'gi',
)

const variable = /^[A-Z][A-Z0-9]*(?:_[A-Z0-9]+)+$/

/** What a parser calls a token is a piece of its text. */
const parsers = /\b(?:unexpected|invalid|illegal|bad|unknown|next|last|current|expected|unrecognized)[ \t]$/i
/** Behind a number: it counts something, or is the code of an error. */
const counts =
	/^[ \t]*(?:\(|of\b|x\b|%|(?:more[ \t])?(?:characters?|chars?|letters?|bytes?|bits?|digits?|days?|hours?|minutes?|seconds?|secs?|weeks?|months?|years?|times?|attempts?|tries|retries|rounds?|entries|users?|errors?|failures?|old|long|left|ago)\b)/i

/** Mixed, and yet open: versions, sizes and times, ordinals, codes of errors, and words of the trade. */
const open =
	/^(?:v\d[\w.]*|\d+(?:\.\d+)?(?:ns|us|ms|s|m|h|d|w|y|b|k|x|g|t|[kmgt]i?b?|st|nd|rd|th|px|am|pm)|(?:\d+[hms]){1,3}|0x[0-9a-f]+|[A-Z]\d{2,6}|[\d.,:/%+-]+|(?:k3s|k8s|k3d|rke2|s3|ec2|gp[23]|md[45]|sha\d{1,3}|sha3|x509|ipv?[46]|utf-?(?:8|16)|p12|pkcs\d{1,2}|h2c?|http[123]|tls\d{0,2}|ssl\d?|eth\d|en[sop]\w*\d|wlan\d|lo\d?|vda?\d|sd[a-z]\d|base\d\d|b64|x86|amd64|arm64|armv7|aes\d*|des3|rsa\d*|ed25519|rc[24]|bcrypt\d*|argon2i?d?|oauth2?|sql[0-9]|pg\d\d?|mysql\d|i18n|l10n|m365|o365))$/i

export function maskShort(text: string, hide: Hide): string {
	return text
		.replace(said, (whole, called: string, between: string, told: string, at: number) => {
			if (!isSecretName(called.replace(/ /g, '-')) || /^secret$/i.test(called)) return whole
			if (/token$/i.test(called) && parsers.test(text.slice(Math.max(0, at - 20), at))) return whole
			const rest = text.slice(at + whole.length, at + whole.length + 40)
			const password = /pass|pwd/i.test(called)
			const secret =
				(between === ':' && variable.test(called) && isAssigned(told)) ||
				isShortSecret(told, password ? 12 : 6) ||
				(password && isPin(told, rest))
			return secret ? `${called}${between}${hide(told, 'said')}` : whole
		})
		.replace(used, (whole, called: string, between: string, told: string) =>
			isShortSecret(told, 12) ? `${called}${between}${hide(told, 'said')}` : whole,
		)
}

/** `map[DB_PASS:abc X:y]`: a variable and its value, whatever it is. */
function isAssigned(value: string): boolean {
	return !isHarmless(value) && !isStatusWord(value) && !open.test(value) && !value.startsWith('/')
}

function isShortSecret(value: string, longest: number): boolean {
	if (isHarmless(value) || isStatusWord(value) || open.test(value)) return false
	if (value.length > longest || /[=/]/.test(value)) return false
	// `ab12`, `1a2b`; of names of objects, addresses and files each part would be a word: `web-1`, `a.b1`.
	const mixed = /[A-Za-z]/.test(value) && /\d/.test(value) && /^[^._-]+$/.test(value)
	// `p@ss`, `hi!5`.
	return mixed || /^[A-Za-z0-9]+[!@#$^&*+~]+[A-Za-z0-9$!]+$/.test(value)
}

function isPin(value: string, rest: string): boolean {
	return /^\d{4,8}$/.test(value) && !counts.test(rest)
}
