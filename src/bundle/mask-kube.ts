/**
 * Takes out of a list of the Kubernetes API what is nobody's business: values of environment variables,
 * secrets on command lines and in chart values, and the copies of whole objects that tools leave in annotations.
 */
import { type Hide, hidePlainly } from './mask/hide.js'
import { isHarmless, isSecretName as isSecretWordOf, kindOfName } from './mask/names.js'
import { maskPrograms } from './mask/programs.js'
import { maskText } from './mask.js'

/** Words in the name of a flag, variable or annotation that mean: its value is a secret. */
const secretWord = /pass(?:word|wd|phrase)?|token|secret|credential|key|authorization/i
/** …unless it names a place where the secret is: `--tls-private-key-file`, `secretName`. */
const place = /(?:file|dir|path|name|ref)$/i
const longestName = 200

function isSecretName(name: string): boolean {
	return name.length <= longestName && secretWord.test(name) && !place.test(name)
}

const value = `("[^"\\n]{0,4000}"|'[^'\\n]{0,4000}'|[^\\s"']+)`
/** `--name=value`, `NAME=value`, `name: value` anywhere in a text. */
const assignment = new RegExp(`([\\w.-]{1,${longestName}})(=|[ \\t]{0,4}:[ \\t]{1,4})${value}`, 'g')
/** `--name value` inside one text, as in `sh -c "…"`. */
const spacedFlag = new RegExp(`(--?[\\w.-]{1,${longestName}})([ \\t]{1,4})(?!-)${value}`, 'g')

function maskArgument(text: string, hide: Hide): string {
	const mask = (whole: string, name: string, between: string, told: string) => {
		const secret = told.replace(/^(["'])(.*)\1$/s, '$2')
		return isSecretName(name) && !isHarmless(secret) ? `${name}${between}${hide(secret, 'password')}` : whole
	}
	return maskText(text, hide).replace(assignment, mask).replace(spacedFlag, mask)
}

/** argv: a flag may carry its value, or the next word is it. */
function maskArguments(words: unknown[], hide: Hide): unknown[] {
	let secretNext = false
	return asOneCommand(words, hide).map(word => {
		if (typeof word !== 'string') return word
		const masked =
			secretNext && !word.startsWith('-') && !isHarmless(word)
				? hide(word, 'password')
				: maskArgument(word, hide)
		secretNext = /^--?[\w.-]{1,200}$/.test(word) && isSecretName(word)
		return masked
	})
}

/** What only the program's name tells: `mysqladmin`, `-pX`. */
function asOneCommand(words: unknown[], hide: Hide): unknown[] {
	if (!words.every(word => typeof word === 'string' && !word.includes('\n'))) return words
	const between = '","'
	const line = words.join(between)
	const masked = maskPrograms(line, hide)
	const parts = masked.split(between)
	return masked !== line && parts.length === words.length ? parts : words
}

/** `{name, value}` pairs: environment variables, HTTP headers of probes. References (`valueFrom`) stay. */
function maskValues(pairs: unknown[], hide: Hide): unknown[] {
	return pairs.map(pair => {
		if (!isObject(pair) || !pair.value) return pair
		const secret = typeof pair.name === 'string' && isSecretName(pair.name)
		return { ...pair, value: hide(String(pair.value), secret ? 'password' : 'environment') }
	})
}

type Fields = Record<string, unknown>

function isObject(value: unknown): value is Fields {
	return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Copies of the whole object, kubectl's and k3s's own. */
const copies = ['kubectl.kubernetes.io/last-applied-configuration', 'objectset.rio.cattle.io/applied']

function maskAnnotations(annotations: Fields, hide: Hide): Fields {
	const kept = Object.entries(annotations).filter(([key]) => !copies.includes(key))
	return Object.fromEntries(
		kept.map(([key, value]) => [
			key,
			isSecretName(key) ? hide(String(value), 'annotation') : maskTree(value, false, hide),
		]),
	)
}

/** What goes into a Helm chart: anybody's YAML with anybody's passwords, or the chart itself. Keys stay. */
function maskChart(told: unknown, hide: Hide): unknown {
	const masked = (value: unknown) =>
		value === '' ? '' : hide(typeof value === 'string' ? value : JSON.stringify(value), 'chart')
	return isObject(told)
		? Object.fromEntries(Object.entries(told).map(([key, value]) => [key, masked(value)]))
		: masked(told)
}

/** Every value of a Secret is one; which keys there are stays. */
function maskSecretData(data: Fields, hide: Hide): Fields {
	return Object.fromEntries(
		Object.entries(data).map(([key, value]) => [key, hide(String(value), 'secret object')]),
	)
}

const chartKeys = new Set(['valuesContent', 'chartContent', 'set', 'values'])
const valueLists = new Set(['env', 'httpHeaders'])
const argumentLists = new Set(['args', 'command'])
const secretData = new Set(['data', 'stringData'])

/** One field of an object, by its name. */
function maskField(key: string, value: unknown, of: Fields, chart: boolean, hide: Hide): unknown {
	if (Array.isArray(value)) {
		if (valueLists.has(key)) return maskValues(value, hide)
		if (argumentLists.has(key)) return maskArguments(value, hide)
	}
	if (key === 'annotations' && isObject(value)) return maskAnnotations(value, hide)
	if (secretData.has(key) && of.kind === 'Secret' && isObject(value)) return maskSecretData(value, hide)
	if (chart && chartKeys.has(key) && value !== null && value !== '') return maskChart(value, hide)
	return isNamedSecret(key, value) ? hide(value, kindOfName(key)) : maskTree(value, chart, hide)
}

function maskTree(value: unknown, chart: boolean, hide: Hide): unknown {
	if (typeof value === 'string') return value.length < 8 ? value : maskText(maskInside(value, hide), hide)
	if (Array.isArray(value)) return value.map(entry => maskTree(entry, chart, hide))
	if (!isObject(value)) return value
	const entries: [string, unknown][] = []
	for (const [key, entry] of Object.entries(value)) {
		// Who set which field: large, and of no use here.
		if (key !== 'managedFields') entries.push([key, maskField(key, entry, value, chart, hide)])
	}
	return Object.fromEntries(entries)
}

/** An object of Kubernetes as text, which tools keep in annotations and fields. */
function maskInside(text: string, hide: Hide): string {
	if (!/^\s*[{[]/.test(text) || !text.includes('"')) return text
	try {
		const told: unknown = JSON.parse(text)
		const masked = JSON.stringify(maskTree(told, false, hide))
		return masked === JSON.stringify(told) ? text : masked
	} catch {
		return text
	}
}

/** Fields of anybody's definitions: `password: …`. `secret: …` and `…Secret: …` name an object. */
function isNamedSecret(key: string, value: unknown): value is string {
	return (
		typeof value === 'string' &&
		isSecretWordOf(key) &&
		!/secret$|^auth$|^credentials?$/i.test(key) &&
		!isHarmless(value)
	)
}

/** A definition's schema is megabytes that no sign reads: its name, its versions and its conditions remain. */
function shortDefinition(definition: unknown): unknown {
	if (!isObject(definition)) return definition
	const { metadata, spec, status } = definition
	const { name, creationTimestamp, deletionTimestamp } = isObject(metadata) ? metadata : {}
	const { group, scope } = isObject(spec) ? spec : {}
	const { conditions, storedVersions } = isObject(status) ? status : {}
	return {
		metadata: { name, creationTimestamp, deletionTimestamp },
		spec: { group, scope },
		status: { conditions, storedVersions },
	}
}

/**
 * A list as it may be filed: `json` with secrets replaced by `<redacted>`, indented for a reader.
 * `resource` is the list's name, e.g. `pods`, `helmcharts`. What is no JSON cannot be cleaned: it becomes ''.
 */
export function maskKubeList(resource: string, json: string, hide: Hide = hidePlainly): string {
	try {
		const told: unknown = JSON.parse(json)
		const chart = resource.startsWith('helmchart')
		const short =
			resource === 'customresourcedefinitions' && isObject(told) && Array.isArray(told.items)
				? { ...told, items: told.items.map(shortDefinition) }
				: told
		if (resource === 'secrets' && isObject(short) && Array.isArray(short.items))
			short.items = short.items.map((item: unknown) => (isObject(item) ? { ...item, kind: 'Secret' } : item))
		return `${JSON.stringify(maskTree(short, chart, hide), null, 1)}\n`
	} catch {
		return ''
	}
}
