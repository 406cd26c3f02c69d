/**
 * Secrets in sentences and in printed structures: `admin password: X`, `using token X`, `map[K3S_TOKEN:X …]`,
 * `<password>X</password>`. Most words behind such a name are no secrets, so here the value has to look like one.
 */
import type { Hide } from './hide.js'
import { changeLinesWith } from './lines-with.js'
import { isHarmless, isSecretName, isStatusWord, kindOfName } from './names.js'
import { maskShort } from './short.js'

const name =
	'[\\w.-]{0,60}(?:tokens?|password|passwd|passphrase|pwd|secret[-_ ]?key|access[-_ ]?key|api[-_ ]?key|client[-_ ]?secret|private[-_ ]?key|secret|_pass)'
const said = new RegExp(
	`(?<![\\w.-])(${name})(\\\\?["']?(?:[ \\t]{0,4}[:=][ \\t]{0,4}|[ \\t]{1,4}is[ \\t:]{1,4}|[ \\t]{1,4}))([^\\s"'\`\\\\,;<>()[\\]{}]{6,400})`,
	'gi',
)
/** The last word of a line or of a quoted text. */
const ended =
	/(\b(?:password|passwd|passphrase|pwd):[ \t]{1,4})([^\s"'\\<>]{4,200})(?=[ \t]{0,4}(?:["'\\\r\n]|$))/gi
/** `password for "ann" is "X"`, `password 'X'`: in quotes it need not look like one. */
const quoted =
	/(\b(?:password|passwd|passphrase)(?:[ \t]{1,4}(?:for|of)[ \t]{1,4}(?:(?:the|user|account)[ \t]{1,4}){0,2}(?!(?:the|user|account)[ \t])\S{1,80})?(?:[ \t]{1,4}(?:is|was))?[ \t:]{1,4}\\?["'])([^"'\\\n]{2,200})(?=\\?["'])/gi
/** `credentials ann:X`. */
const credentials = /(\bcredentials?[ \t:]{1,4}["']?[\w.@-]{1,64}:)([^\s"'<>,;/]{4,200})/gi
const unsealing = /(\b(?:unseal|recovery) key(?:[ \t]\d{1,2})?:[ \t]{1,4})([A-Za-z0-9+/=]{20,100})/gi
const tag = /(<([\w:.-]{0,40}(?:password|passwd|token|secret|apikey|api-key))>)([^<\n]{1,500})(?=<\/)/gi
/** AWS writes it into the header's own line, and a log may cut it off. */
const signature = /(\bSignature=)(?=[0-9a-f]{0,64}\d)([0-9a-f]{8,64})(?![\w-])/g

/** Something stands in a line that could be such a name. */
const named = /token|pass|pwd|secret|credential|key/gi

export function maskSpoken(text: string, hide: Hide): string {
	let masked = changeLinesWith(text, named, line => maskShort(maskNamed(line, hide), hide))
	if (masked.includes('</')) {
		masked = masked.replace(tag, (whole, before: string, of: string, value: string) =>
			isHarmless(value) ? whole : before + hide(value, kindOfName(of)),
		)
	}
	return masked.includes('Signature=')
		? masked.replace(signature, (_, before: string, value: string) => before + hide(value, 'access key'))
		: masked
}

function maskNamed(line: string, hide: Hide): string {
	return line
		.replace(said, (whole, before: string, between: string, told: string) => {
			const value = told.replace(/[.:!?]+$/, '')
			const spaced = /^\\?["']?[ \t]+$/.test(between)
			if (!isSecretName(before.replace(/ /g, '-')) || !looksLikeOne(value, spaced)) return whole
			return `${before}${between}${hide(value, kindOfName(before))}${told.slice(value.length)}`
		})
		.replace(ended, (whole, before: string, value: string) =>
			isHarmless(value) || isStatusWord(value) || /[.)\]:,]$/.test(value) || value.startsWith('/')
				? whole
				: before + hide(value, 'password'),
		)
		.replace(quoted, (whole, before: string, value: string) =>
			isHarmless(value) || isStatusWord(value) ? whole : before + hide(value, 'password'),
		)
		.replace(credentials, (_, before: string, value: string) => before + hide(value, 'password'))
		.replace(unsealing, (_, before: string, value: string) => before + hide(value, 'encryption key'))
}

/** What has a digit and is no secret: versions, times, numbers, addresses, paths, ids, names of objects. */
const open =
	/^(?:v?\d+(?:\.\d+)+\S*|\d+(?:\.\d+)?[a-z]{0,3}|(?:\d+(?:h|m|s|ms|us|d)){1,4}|\d{4}-\d\d-\d\dT?\S*|[\w.-]*\/\S*|0x[0-9a-f]+|[0-9a-f]{8}-[0-9a-f]{4}-\S*|sha\d{1,3}:\S*|SHA\d{1,3}[:=]\S*|[a-z0-9]+(?:[-.][a-z0-9]+)+(?::\d+)?|[\w.-]+@[\w.-]+|system:\S+|[a-z]{1,12}\d{1,3}|[A-Z][a-z]+\d{0,2}|\d+\/\d+|[\w-]+=\S*)$/

function looksLikeOne(value: string, spaced: boolean): boolean {
	if (isHarmless(value) || isStatusWord(value) || open.test(value)) return false
	const kinds = [/[a-z]/, /[A-Z]/, /\d/].filter(kind => kind.test(value)).length
	if (!/\d/.test(value) || kinds < 2) return false
	// Behind a mere blank stands anything.
	return spaced ? /^[A-Za-z0-9+/=_-]{10,}$/.test(value) && (kinds === 3 || value.length >= 20) : true
}
