/** Changes of `KEY=VALUE` lines in a systemd environment file; comments, order and other lines stay. */
import type { EnvEditStep } from '../model/remedy.js'
import { type Edited, refuse } from './edit-lines.js'

const keyGrammar = /^[A-Za-z_][A-Za-z0-9_]*$/

export function editEnv(text: string, { set = {}, remove = [] }: Omit<EnvEditStep, 'editEnv'>): Edited {
	for (const key of [...Object.keys(set), ...remove])
		if (!keyGrammar.test(key)) return refuse(`"${key}" is no name of an environment variable`)
	for (const [key, value] of Object.entries(set))
		if (/[\u0000-\u001f\u007f]/.test(value)) return refuse(`the value for ${key} holds control characters`)

	const assignments = logicalLines(text)
	const gone = new Set(remove)
	const kept = assignments.filter(({ key }) => key === undefined || !gone.has(key))
	for (const [key, value] of Object.entries(set)) {
		// Of several assignments systemd takes the last.
		const last = kept.findLast(line => line.key === key)
		if (last)
			last.text = `${key}=${quotedLike(last.text.slice(last.text.indexOf('=') + 1), value)}${last.eol}`
		else kept.push({ key, text: `${key}=${quoted(value)}\n`, eol: '\n' })
	}
	// A last line without its line break gets one when something follows it.
	const joined = kept.map(({ text: line, eol }, index) =>
		eol === '' && index < kept.length - 1 ? `${line}\n` : line,
	)
	return { ok: true, text: joined.join('') }
}

interface LogicalLine {
	key?: string
	/** With its line break. */
	text: string
	eol: string
}

/** Lines as systemd joins them: a backslash at the end of one goes on in the next, comments excepted. */
function logicalLines(text: string): LogicalLine[] {
	const found: LogicalLine[] = []
	let open: string | undefined
	for (const raw of text.match(/[^\n]*\n|[^\n]+$/g) ?? []) {
		const whole: string = open === undefined ? raw : open + raw
		const comment = /^\s*[#;]/.test(whole)
		if (!comment && /(?:^|[^\\])(?:\\\\)*\\\r?\n$/.test(raw)) {
			open = whole
			continue
		}
		open = undefined
		found.push(logicalLine(whole, comment))
	}
	if (open !== undefined) found.push(logicalLine(open, false))
	return found
}

function logicalLine(text: string, comment: boolean): LogicalLine {
	const eol = /\r?\n$/.exec(text)?.[0] ?? ''
	const key = comment ? undefined : /^\s*(?:export\s+)?([A-Za-z_][A-Za-z0-9_]*)\s*=/.exec(text)?.[1]
	return { text, eol, ...(key !== undefined && { key }) }
}

/** Quotes of the value that was there, where they fit the new one. */
function quotedLike(old: string, value: string): string {
	if (old.startsWith("'") && !value.includes("'")) return `'${value}'`
	return old.startsWith('"') ? doubleQuoted(value) : quoted(value)
}

function quoted(value: string): string {
	return /^[A-Za-z0-9_@%+:,./=-]*$/.test(value) ? value : doubleQuoted(value)
}

function doubleQuoted(value: string): string {
	return `"${value.replace(/["\\$`]/g, '\\$&')}"`
}
