/** An object as YAML, as `kubectl get -o yaml` shows it: for reading, and good YAML as well. */

/** Deeper than any object of Kubernetes. */
const deepest = 60

export function yamlLines(value: unknown): string[] {
	return block(value, 0)
}

type Fields = Readonly<Record<string, unknown>>

function isObject(value: unknown): value is Fields {
	return typeof value === 'object' && value !== null && !Array.isArray(value)
}

function block(value: unknown, depth: number): string[] {
	const pad = '  '.repeat(depth)
	if (depth > deepest) return [`${pad}…`]
	if (Array.isArray(value)) {
		if (value.length === 0) return [`${pad}[]`]
		return value.flatMap((item: unknown) => {
			const [first = '', ...others] = isCompound(item) ? block(item, depth + 1) : scalar(item, depth + 1)
			return [`${pad}- ${first.trimStart()}`, ...others]
		})
	}
	if (!isObject(value)) return scalar(value, depth).map((text, index) => (index === 0 ? pad + text : text))
	const entries = Object.entries(value).filter(([, entry]) => entry !== undefined)
	if (entries.length === 0) return [`${pad}{}`]
	return entries.flatMap(([key, entry]) => {
		const name = `${pad}${keyWord(key)}:`
		if (!isCompound(entry)) {
			const [first = '', ...others] = scalar(entry, depth + 1)
			return [`${name} ${first}`, ...others]
		}
		// A list stands as far left as its key, as kubectl has it.
		return [name, ...block(entry, Array.isArray(entry) ? depth : depth + 1)]
	})
}

/** Something with lines of its own. */
function isCompound(value: unknown): boolean {
	if (Array.isArray(value)) return value.length > 0
	return isObject(value) && Object.keys(value).length > 0
}

/** The value behind its key; the lines of a long text follow, indented. */
function scalar(value: unknown, depth: number): string[] {
	if (Array.isArray(value)) return ['[]']
	if (isObject(value)) return ['{}']
	if (typeof value !== 'string') return [value === null || value === undefined ? 'null' : String(value)]
	if (!value.includes('\n')) return [word(value)]
	const lines = value.replace(/\n$/, '').split('\n')
	// A text that begins with a blank, or has controls in it, cannot stand as a block.
	if (/^\s/.test(value) || /[\u0000-\u0008\u000b-\u001f\u007f]/.test(value)) return [JSON.stringify(value)]
	const pad = '  '.repeat(depth)
	return [blockMark(value), ...lines.map(text => (text === '' ? '' : pad + text))]
}

const plain = /^[A-Za-z0-9_./<][\w./ @%+=,()<>~^$;:-]*$/
/** What YAML would take for something else than a text. */
const special =
	/^(?:[-+]?[\d.][\d_.]*(?:e[-+]?\d+)?|0[xob][\da-f_]+|true|false|yes|no|on|off|null|~|y|n|[-+]?\.(?:inf|nan)|\d{4}-\d\d?-\d\d?.*|<<|=)$/i

function word(text: string): string {
	if (text === '') return '""'
	if (plain.test(text) && !special.test(text) && !/: |:$| #| $/.test(text)) return text
	return JSON.stringify(text)
}

function keyWord(key: string): string {
	return word(key)
}

/** How many line breaks the text ends with: none, one, or all that stand there. */
function blockMark(text: string): string {
	if (!text.endsWith('\n')) return '|-'
	return text.endsWith('\n\n') ? '|+' : '|'
}
