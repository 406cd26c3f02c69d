/**
 * Secrets that stand beside their name in any text: `--token X`, `'--token' \⏎ 'X'`, `K3S_TOKEN=X`, `"password": "X"`,
 * `password = "X"`.
 */
import type { Hide } from './hide.js'
import { isEndpointName, isHarmless, isSecretName, isStatusWord, kindOfName } from './names.js'
import { maskEndpoint } from './urls.js'
import { type Span, valueAt } from './value.js'

/** Ends of names that promise a secret; what comes after them decides. */
const ending =
	/(?:token|secret|passwo?r?d|pass|passphrase|pwd|(?:access|secret|api|private|auth|join|account|encryption|signing|master|shared|service|storage|license|consumer|setup|session|app|application|webhook|bot|chap)[-_]?key(?:[-_]id)?|secret[-_]?key[-_]?base|vpn[-_]auth|key-data|tls\.key|datastore[-_]endpoint|(?:^|[-_. ])dsn|(?:database|db|redis|amqp|mongo(?:db)?|broker|sentry)[-_]ur[il]|credentials?|connection[-_]?string|psk|requirepass|masterauth|bind[-_]?pw|rootpw|\b_?auth)(?=[\s"'=:,\\\0])/gi

const nameCharacter = /[\w.-]/
const mostOfName = 80

function nameBegin(text: string, end: number): number {
	let at = end
	while (at > 0 && end - at < mostOfName && nameCharacter.test(text[at - 1] ?? '')) at -= 1
	return at
}

/** Words that follow a flag's name in a sentence: `--token is required`, `pass --token to complete`. */
const prose =
	/^(?:a|an|and|are|as|at|be|been|but|by|can|cannot|does|field|file|flag|flags|for|from|given|has|if|in|instead|is|it|may|must|not|of|on|option|or|parameter|provided|required|set|should|so|string|that|the|then|this|to|too|used|value|was|when|which|will|with|without|you|your)[.,:;)]?$/i

/** A list that goes on in the next line: `"--token",⏎ "X"` in JSON, `- --token⏎- X` in YAML. */
function nextItem(text: string, at: number): number | undefined {
	const mark = /^\r?\n[ \t]{0,100}(?:(-[ \t]{1,4})|(?=["']))/.exec(text.slice(at, at + 120))
	if (!mark) return undefined
	return mark[1] !== undefined || text.slice(Math.max(0, at - 2), at).includes(',')
		? at + mark[0].length
		: undefined
}

/** Skips blanks, commas and continued lines between a flag and its value; `undefined` when there are none. */
function afterSeparators(text: string, at: number): number | undefined {
	let position = at
	const limit = at + 200
	while (position < limit) {
		const character = text[position] ?? ''
		if (character === ' ' || character === '\t' || character === ',' || character === '\0') position += 1
		else if (character === '\n' || character === '\r') {
			const next = nextItem(text, position)
			if (next === undefined) break
			position = next
		} else if (character === '\\' && text[position + 1] === '\n') position += 2
		else if (character === '\\' && text.startsWith('\\\r\n', position)) position += 3
		else break
	}
	return position > at ? position : undefined
}

/** A word of a command line goes on up to a blank or a quote. */
const shellEnds = /["'\0]/
/** So does a variable; `password=` may stand among mount options and in queries. */
const optionEnds = /["',;&)\]}\0]/

/** The value of the flag whose name ends at `at`. */
function flagValue(text: string, at: number): Span | undefined {
	let position = at
	// The quote around the flag itself.
	if (text[position] === '\\') position += text[position + 1] === '\n' ? 0 : 1
	if (text[position] === '"' || text[position] === "'") position += 1
	if (text[position] === '=') return valueAt(text, position + 1, shellEnds)
	const begin = afterSeparators(text, position)
	if (begin === undefined || text[begin] === '-') return undefined
	const span = valueAt(text, begin, shellEnds)
	if (text[span.from] === '-') return undefined
	const value = text.slice(span.from, span.to)
	return prose.test(value) || isStatusWord(value) ? undefined : span
}

/** `'NAME=a value'`, as systemd and lists of variables write it: the quote before the name ends the value. */
function quotedWhole(text: string, begin: number, from: number): Span | undefined {
	const mark = text[begin - 1] ?? ''
	if ((mark !== '"' && mark !== "'") || /(?:msg|error|err)=\\?$/.test(text.slice(begin - 8, begin - 1)))
		return undefined
	const quote = text[begin - 2] === '\\' ? `\\${mark}` : mark
	const line = text.slice(from, from + 4000)
	const length = line.search(/\n/)
	const to = (length < 0 ? line : line.slice(0, length)).indexOf(quote)
	return to > 0 ? { from, to: from + to, quote } : undefined
}

/** `NAME=value`, `name = "value"`, `"name": "value"`; the name begins at `begin` and ends at `at`. */
function assignedValue(text: string, begin: number, at: number, name: string): Span | undefined {
	const parts = /^\\?["']?([ \t]{0,8})([=:])([ \t]{0,8})/.exec(text.slice(at, at + 24))
	if (!parts) return undefined
	const variable = /^[A-Z0-9_]+$/.test(name)
	if (variable && parts[0] === '=') {
		const whole = quotedWhole(text, begin, at + 1)
		if (whole) return whole
	}
	const span = valueAt(text, at + parts[0].length, variable ? shellEnds : optionEnds)
	const spaced = parts[1] !== '' || parts[3] !== ''
	// A colon, or blanks around the sign, may stand in any sentence: only a quoted value is one.
	if ((parts[2] === ':' || spaced) && span.quote === '') return undefined
	// klog names objects so: secret="namespace/name". The audit log numbers users: auth=4294967295.
	if (name === 'secret' && parts[2] === '=') return undefined
	const value = text.slice(span.from, span.to)
	// Tests count so: pass=3 fail=0.
	if (name === 'pass' && /^\d{1,4}$/.test(value)) return undefined
	return name === 'auth' && /^\d{1,12}$/.test(value) ? undefined : span
}

export function maskAssignments(text: string, hide: Hide): string {
	const parts: string[] = []
	let from = 0
	ending.lastIndex = 0
	for (let found = ending.exec(text); found; found = ending.exec(text)) {
		const end = ending.lastIndex
		const begin = nameBegin(text, end)
		const written = text.slice(begin, end)
		const name = written.replace(/^-+/, '')
		if (!isSecretName(name) && !isEndpointName(name)) continue
		const isFlag = written.startsWith('-')
		const span = isFlag ? flagValue(text, end) : assignedValue(text, begin, end, name)
		if (!span || span.from < from) continue
		const value = text.slice(span.from, span.to)
		if (isHarmless(value)) continue
		const masked = isEndpointName(name) ? maskEndpoint(value, hide) : hide(value, kindOfName(name))
		parts.push(text.slice(from, span.from), masked)
		from = span.to
		ending.lastIndex = Math.max(end, span.to)
	}
	return from === 0 ? text : parts.join('') + text.slice(from)
}

/** `{"name":"DB_PASSWORD","value":"X"}`, as objects and tools write environment variables. */
const variable =
	/("(?:name|key)\\?"[ \t]{0,4}:[ \t\n]{0,40}\\?"([\w.-]{1,100})\\?"[ \t]{0,4},[ \t\n]{0,100}\\?"value\\?"[ \t]{0,4}:[ \t\n]{0,40}\\?")((?:[^"\\]|\\[^"]){1,4000})/g

export function maskVariables(text: string, hide: Hide): string {
	if (!text.includes('"value')) return text
	return text.replace(variable, (whole, before: string, name: string, secret: string) =>
		isSecretName(name) && !isHarmless(secret) ? `${before}${hide(secret, 'environment')}` : whole,
	)
}

/** `k3s server -t X`: too short a name to look for elsewhere. */
const shortToken =
	/(\bk3s["']?[ \t]{1,8}["']?(?:server|agent)\b[^\n]{0,2000}?[ \t]["']?-t["']?(?:=|[ \t]{1,8})["']?)([^\s"'\\$<]{1,500})/g
/** The same in a unit file, one word on each line. */
const shortTokenLine =
	/^([ \t]{0,40}["']?-t["']?[ \t]{0,8}(?:=|\\\r?\n[ \t]{0,40})["']?)([^\s"'\\$<]{1,500})/gm

export function maskShortFlags(text: string, hide: Hide): string {
	if (!text.includes('-t')) return text
	const token = (_: string, before: string, secret: string) => before + hide(secret, 'token')
	return text.replace(shortToken, token).replace(shortTokenLine, token)
}
