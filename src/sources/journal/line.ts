/**
 * One log line's body, decoded: who spoke, how loud, and what was said.
 * Formats: logrus (k3s, containerd), klog (Kubernetes), zap JSON (etcd), Go panics, plain text.
 */
import type { Level } from '../../model/evidence/index.js'

export interface Decoded {
	level: Level
	component: string
	/** The message, its error field appended as `: error`. */
	text: string
}

/** Longer than any line that journald keeps whole; beyond it nothing is worth a regular expression. */
const longest = 16_384

const logrusLevels: Record<string, Level> = {
	trace: 'trace',
	debug: 'debug',
	info: 'info',
	warn: 'warning',
	warning: 'warning',
	error: 'error',
	fatal: 'fatal',
	panic: 'panic',
	dpanic: 'error',
}

const klogLevels: Record<string, Level> = {
	I: 'info',
	W: 'warning',
	E: 'error',
	F: 'fatal',
}

/** Decodes a Go or JSON quoted string that starts at `from` (after the opening quote). */
export function unquote(line: string, from: number): { value: string; end: number } {
	let value = ''
	let at = from
	let plainFrom = from
	while (at < line.length) {
		const char = line.charCodeAt(at)
		if (char === 0x22) break
		if (char !== 0x5c) {
			at += 1
			continue
		}
		value += line.slice(plainFrom, at)
		const escaped = line[at + 1] ?? ''
		if (escaped === 'n') value += '\n'
		else if (escaped === 't') value += '\t'
		else if (escaped === 'u' || escaped === 'x') {
			const width = escaped === 'u' ? 4 : 2
			const code = Number.parseInt(line.slice(at + 2, at + 2 + width), 16)
			value += Number.isNaN(code) ? '' : String.fromCharCode(code)
			at += width
		} else value += escaped
		at += 2
		plainFrom = at
	}
	return { value: value + line.slice(plainFrom, at), end: at + 1 }
}

/** The value of `key=` in a logfmt line, quoted or bare; searched from `from`. */
export function logfmtValue(
	line: string,
	key: string,
	from: number,
): { value: string; end: number } | undefined {
	const start = line.indexOf(`${key}=`, from)
	if (start < 0) return undefined
	const at = start + key.length + 1
	if (line.charCodeAt(at) === 0x22) return unquote(line, at + 1)
	const blank = line.indexOf(' ', at)
	const end = blank < 0 ? line.length : blank
	return { value: line.slice(at, end), end }
}

function decodeLogrus(line: string): Decoded | undefined {
	const level = logfmtValue(line, ' level', 0)
	const message = level && logfmtValue(line, ' msg', level.end - 1)
	if (!level || !message) return undefined
	const error = logfmtValue(line, ' error', message.end - 1)
	const said = plainShutdown(message.value)
	return {
		level: logrusLevels[level.value] ?? 'info',
		component: 'k3s',
		text: error?.value ? `${said}: ${error.value}` : said,
	}
}

/** k3s quotes the reason of a shutdown once more; rules want the plain words. */
function plainShutdown(message: string): string {
	const head = 'Shutdown request received: "'
	return message.startsWith(head) ? head.slice(0, -1) + unquote(message, head.length).value : message
}

function decodeKlog(line: string): Decoded | undefined {
	const bracket = line.indexOf('] ')
	if (bracket < 0 || bracket > 120) return undefined
	const place = line.slice(line.lastIndexOf(' ', bracket) + 1, bracket)
	const rest = line.slice(bracket + 2)
	const level = klogLevels[line[0] ?? ''] ?? 'info'
	if (!rest.startsWith('"')) return { level, component: place, text: rest }
	const message = unquote(rest, 1)
	const error = logfmtValue(rest, ' err', message.end)
	const fields = rest.slice(message.end).trim()
	const text = error?.value ? `${message.value}: ${error.value}` : message.value
	// The structured fields name the pod, the node, the image: rules need them.
	return { level, component: place, text: fields ? `${text} ${fields}` : text }
}

function decodeZap(line: string): Decoded | undefined {
	try {
		const record: unknown = JSON.parse(line)
		if (typeof record !== 'object' || record === null) return undefined
		const fields = new Map(Object.entries(record))
		const message = fields.get('msg')
		if (typeof message !== 'string') return undefined
		const error = fields.get('error')
		return {
			level: logrusLevels[String(fields.get('level'))] ?? 'info',
			component: 'etcd',
			text: typeof error === 'string' && error ? `${message}: ${error}` : message,
		}
	} catch {
		return undefined
	}
}

/** etcd before 3.5 (k3s v1.21): `2020-07-29 10:38:33.882390 C | etcdserver: words`. */
export const capnslog = /^(\d{4}-\d\d-\d\d \d\d:\d\d:\d\d\.\d{3,9}) ([CEWNIDT]) \| /
const capnslogLevels: Record<string, Level> = {
	C: 'fatal',
	E: 'error',
	W: 'warning',
	D: 'debug',
	T: 'trace',
}

/** The last word of a command, or of k3s where nothing but its words was kept. */
export const plainEnd = /^(?:Error: |starting kubernetes: |preparing server: )/

export const klogHead = /^[IWEF]\d{4} \d\d:\d\d:\d\d/

/** Decodes the body of a log line. Never throws; a line of no known format is plain text. */
export function decodeLine(body: string): Decoded {
	const line = body.length > longest ? body.slice(0, longest) : body
	if (line.startsWith('time=')) {
		const decoded = decodeLogrus(line)
		if (decoded) return decoded
	} else if (line.startsWith('{"level"')) {
		const decoded = decodeZap(line)
		if (decoded) return decoded
	} else if (klogHead.test(line)) {
		const decoded = decodeKlog(line)
		if (decoded) return decoded
	}
	const old = capnslog.exec(line)
	if (old) {
		const level = capnslogLevels[old[2] ?? ''] ?? 'info'
		return { level, component: 'etcd', text: line.slice(old[0].length) }
	}
	const level: Level = /^(panic:|fatal error:|goroutine \d+ \[running)/.test(line)
		? 'panic'
		: plainEnd.test(line)
			? 'fatal'
			: 'info'
	return { level, component: '', text: line }
}
