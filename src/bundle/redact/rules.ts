/**
 * The operator's own rules in a YAML file: what else to mask, and what not to take at all.
 *
 *     mask:
 *       - name: projects
 *         files: ["journal/*", "files/etc/**"]   # without it: all files
 *         values: [apollo, gemini]
 *         patterns: ['PRJ-\d+', 'id=(?<mask>\w+)']
 *     omit: ["files/etc/wireguard/**"]
 *
 * Redactors of Troubleshoot (`kind: Redactor`) are read as well.
 */
import { parse } from 'yaml'
import { BundleError } from '../error.js'

export interface RedactionRules {
	apply(file: string, text: string, hide: (secret: string) => string): string
	omits(file: string): boolean
}

interface MaskRule {
	name: string
	inFile: (file: string) => boolean
	patterns: RegExp[]
}

const mostRules = 500

type Fields = Readonly<Record<string, unknown>>

/** `shown` names the file to the operator. Throws `BundleError` for what cannot be understood. */
export function parseRules(text: string, shown: string): RedactionRules {
	const tried = `use the rules in ${shown}`
	const wrong = (what: string) => new BundleError(tried, what, 'See `k3s-doctor collect --help`.')
	let root: unknown
	try {
		root = parse(text)
	} catch (error) {
		throw wrong(
			`it is no YAML (${error instanceof Error ? (error.message.split('\n')[0] ?? '') : 'unreadable'})`,
		)
	}
	const fields = fieldsOf(root)
	if (fields === undefined) throw wrong('it is no mapping')
	const foreign = fields.kind === 'Redactor'
	for (const key of foreign ? [] : Object.keys(fields))
		if (key !== 'mask' && key !== 'omit') throw wrong(`it knows "mask" and "omit", not "${key.slice(0, 40)}"`)
	const given = foreign ? listOf(fieldsOf(fields.spec)?.redactors) : listOf(fields.mask)
	if (given.length > mostRules) throw wrong(`it has more than ${mostRules} rules`)
	const rules = given.map((rule, index) => ruleOf(fieldsOf(rule) ?? {}, index, foreign, wrong))
	const omitted = matcher(stringsOf(fields.omit))
	return {
		omits: file => omitted?.(file) ?? false,
		apply: (file, text, hide) =>
			rules
				.filter(({ inFile }) => inFile(file))
				.flatMap(({ patterns }) => patterns)
				.reduce((masked, pattern) => masked.replace(pattern, (...match) => replaced(match, hide)), text),
	}
}

/** The group `mask` where the pattern has one, else all of it. */
function replaced(match: readonly unknown[], hide: (secret: string) => string): string {
	const whole = String(match[0])
	const groups = fieldsOf(match.at(-1))
	const secret = groups?.mask
	if (whole === '') return ''
	if (typeof secret !== 'string' || secret === '') return groups && 'mask' in groups ? whole : hide(whole)
	const at = whole.lastIndexOf(secret)
	return whole.slice(0, at) + hide(secret) + whole.slice(at + secret.length)
}

type Wrong = (what: string) => BundleError

function ruleOf(rule: Fields, index: number, foreign: boolean, wrong: Wrong): MaskRule {
	const name = typeof rule.name === 'string' ? rule.name : `number ${index + 1}`
	const removals = foreign ? (fieldsOf(rule.removals) ?? {}) : rule
	const selector = fieldsOf(rule.fileSelector)
	const files = foreign
		? [...stringsOf(selector?.files), ...stringsOf(selector?.file)]
		: stringsOf(rule.files)
	const patterns = foreign
		? listOf(removals.regex).map(each => fieldsOf(each)?.redactor)
		: listOf(rule.patterns)
	const made = [
		...stringsOf(removals.values).map(value => patternOf(quoted(value), name, wrong)),
		...patterns.map(pattern => {
			if (typeof pattern !== 'string') throw wrong(`rule "${name}" has a pattern that is no text`)
			return patternOf(pattern, name, wrong)
		}),
	]
	if (made.length === 0) throw wrong(`rule "${name}" has neither values nor patterns`)
	return { name, inFile: matcher(files) ?? (() => true), patterns: made }
}

const quoted = (text: string) => text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')

/** Go writes `(?i)` in front and `(?P<name>…)`. */
function patternOf(source: string, name: string, wrong: Wrong): RegExp {
	const insensitive = source.startsWith('(?i)')
	const own = source
		.replace(/^\(\?i\)/, '')
		.replaceAll('(?P<', '(?<')
		.replaceAll('\\z', '$')
	try {
		return new RegExp(own, insensitive ? 'gi' : 'g')
	} catch {
		throw wrong(
			`the pattern ${JSON.stringify(source.slice(0, 80))} of rule "${name}" is no regular expression`,
		)
	}
}

/** Globs: `*` within a folder, `**` across folders, `?` one character. */
function matcher(globs: readonly string[]): ((file: string) => boolean) | undefined {
	if (globs.length === 0) return undefined
	const patterns = globs.map(
		glob =>
			new RegExp(
				`^${glob.replace(/\*\*\/?|\*|\?|[^*?]+/g, part =>
					part.startsWith('**') ? '.*' : part === '*' ? '[^/]*' : part === '?' ? '[^/]' : quoted(part),
				)}$`,
			),
	)
	return file => patterns.some(pattern => pattern.test(file))
}

function fieldsOf(value: unknown): Fields | undefined {
	return typeof value === 'object' && value !== null && !Array.isArray(value) ? { ...value } : undefined
}

function listOf(value: unknown): unknown[] {
	return value === undefined || value === null ? [] : Array.isArray(value) ? value : [value]
}

function stringsOf(value: unknown): string[] {
	return listOf(value)
		.filter(each => typeof each === 'string' || typeof each === 'number')
		.map(String)
}
