/**
 * Takes out of a list of the Kubernetes API what is nobody's business: values of environment variables,
 * secrets on command lines and in chart values, and the copies of whole objects that tools leave in annotations.
 */

const redacted = '<redacted>'

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
/** Passwords in URLs, and the scheme of an Authorization header. */
const urlPassword = /(:\/\/[^\s/:@]{0,100}:)[^\s/@]{1,500}@/g
const bearer = /\b(bearer|basic)([ \t]{1,4})[\w.~+/=-]{4,}/gi

function maskText(text: string): string {
	const mask = (whole: string, name: string, between: string, told: string) =>
		isSecretName(name) && !/^(?:true|false)$/i.test(told) ? `${name}${between}${redacted}` : whole
	return text
		.replace(bearer, `$1$2${redacted}`)
		.replace(assignment, mask)
		.replace(spacedFlag, mask)
		.replace(urlPassword, `$1${redacted}@`)
}

/** argv: a flag may carry its value, or the next word is it. */
function maskArguments(words: unknown[]): unknown[] {
	let secretNext = false
	return words.map(word => {
		if (typeof word !== 'string') return word
		const masked = secretNext && !word.startsWith('-') ? redacted : maskText(word)
		secretNext = /^--?[\w.-]{1,200}$/.test(word) && isSecretName(word)
		return masked
	})
}

/** `{name, value}` pairs: environment variables, HTTP headers of probes. References (`valueFrom`) stay. */
function maskValues(pairs: unknown[]): unknown[] {
	return pairs.map(pair => (isObject(pair) && pair.value ? { ...pair, value: redacted } : pair))
}

type Fields = Record<string, unknown>

function isObject(value: unknown): value is Fields {
	return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** Copies of the whole object, kubectl's and k3s's own. */
const copies = ['kubectl.kubernetes.io/last-applied-configuration', 'objectset.rio.cattle.io/applied']

function maskAnnotations(annotations: Fields): Fields {
	const kept = Object.entries(annotations).filter(([key]) => !copies.includes(key))
	return Object.fromEntries(kept.map(([key, value]) => [key, isSecretName(key) ? redacted : value]))
}

/** What goes into a Helm chart: anybody's YAML with anybody's passwords, or the chart itself. Keys stay. */
function maskChart(told: unknown): unknown {
	return isObject(told) ? Object.fromEntries(Object.keys(told).map(key => [key, redacted])) : redacted
}

const chartKeys = new Set(['valuesContent', 'chartContent', 'set', 'values'])
const valueLists = new Set(['env', 'httpHeaders'])
const argumentLists = new Set(['args', 'command'])

/** One field of an object, by its name. */
function maskField(key: string, value: unknown, chart: boolean): unknown {
	if (Array.isArray(value)) {
		if (valueLists.has(key)) return maskValues(value)
		if (argumentLists.has(key)) return maskArguments(value)
	}
	if (key === 'annotations' && isObject(value)) return maskAnnotations(value)
	if (chart && chartKeys.has(key)) return maskChart(value)
	return maskTree(value, chart)
}

function maskTree(value: unknown, chart: boolean): unknown {
	if (Array.isArray(value)) return value.map(entry => maskTree(entry, chart))
	if (!isObject(value)) return value
	const entries: [string, unknown][] = []
	for (const [key, entry] of Object.entries(value)) {
		// Who set which field: large, and of no use here.
		if (key !== 'managedFields') entries.push([key, maskField(key, entry, chart)])
	}
	return Object.fromEntries(entries)
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
export function maskKubeList(resource: string, json: string): string {
	try {
		const told: unknown = JSON.parse(json)
		const chart = resource.startsWith('helmchart')
		const short =
			resource === 'customresourcedefinitions' && isObject(told) && Array.isArray(told.items)
				? { ...told, items: told.items.map(shortDefinition) }
				: told
		return `${JSON.stringify(maskTree(short, chart), null, 1)}\n`
	} catch {
		return ''
	}
}
