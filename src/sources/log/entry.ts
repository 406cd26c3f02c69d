/**
 * A line of any log of a node, read into its parts: the journal's head, the container runtime's, logrus (k3s,
 * containerd), klog (Kubernetes), JSON (etcd's zap, the API's audit log, applications), stack traces, plain text.
 */
import type { Level } from '../../model/evidence/index.js'
import type { LogRow, RawLine } from '../../model/log-line.js'
import { decodeLine, klogHead, logfmtValue, unquote } from '../journal/line.js'
import { readPrefix, type YearHint } from '../journal/prefix.js'
import { jsonLevels, readJsonEntry } from './json-entry.js'
import { type KernelClock, readKernelLine } from './kernel-line.js'
import { levelOfPriority, levelOfWords } from './severity.js'
import { terminalLine } from './terminal.js'

/** Longer than what anybody reads in a list; the whole line is shown by itself. */
const longestRead = 16_384

const cri = /^(\d{4}-\d\d-\d\dT[\d:.]{8,18}(?:Z|[+-]\d\d:\d\d)) (stdout|stderr) ([PF])(?::\S{0,20})? ?/

interface Body {
	at: number | undefined
	who: string
	bodyAt: number
}

function headOf(text: string, hint: YearHint): Body {
	const first = text.charCodeAt(0)
	if (first >= 0x30 && first <= 0x39) {
		const parts = cri.exec(text.slice(0, 80))
		if (parts) {
			const at = Date.parse(parts[1] ?? '')
			return { at: Number.isNaN(at) ? undefined : at, who: '', bodyAt: parts[0].length }
		}
	}
	if (first === 0x5b || first === 0x3c) {
		const clock: KernelClock = { bootedAt: undefined, hint }
		const read = readKernelLine(text, clock)
		if (read && read.body.length < text.length)
			return { at: read.at, who: 'kernel', bodyAt: text.length - read.body.length }
	}
	const { at, identifier, bodyAt } = readPrefix(text, hint)
	return { at, who: identifier, bodyAt }
}

/** Epoch milliseconds of a line, where it tells them. */
export function timeOfLine({ text, at }: RawLine, hint: YearHint): number | undefined {
	if (at !== undefined) return at
	const near = text.length > 400 ? text.slice(0, 400) : text
	const head = headOf(near, hint)
	return head.at ?? bodyTime(near.slice(head.bodyAt), hint)
}

/** Of a line of klog, which names no year. */
export function klogTime(body: string, hint: YearHint): number | undefined {
	if (!klogHead.test(body)) return undefined
	const month = Number(body.slice(1, 3)) - 1
	const year = month > hint.month ? hint.year - 1 : hint.year
	const [hours, minutes, seconds] = body.slice(6, 21).split(':')
	return (
		Date.UTC(year, month, Number(body.slice(3, 5)), Number(hours), Number(minutes), 0) +
		Math.floor(Number(seconds) * 1000)
	)
}

function bodyTime(body: string, hint: YearHint): number | undefined {
	const said = klogTime(body, hint)
	if (said !== undefined) return said
	const iso = /^\[?(\d{4}-\d\d-\d\d[T ]\d\d:\d\d:\d\d(?:[.,]\d{1,9})?(?:Z|[+-]\d\d:?\d\d)?)/.exec(body)?.[1]
	if (iso !== undefined) return parsed(iso.replace(',', '.'))
	const json = /"(?:ts|time|timestamp|stageTimestamp|@timestamp)": ?"([^"]{10,40})"/.exec(
		body.startsWith('{') ? body : '',
	)
	return json ? parsed(json[1] ?? '') : undefined
}

function parsed(text: string): number | undefined {
	const zoned = /(?:Z|[+-]\d\d:?\d\d)$/.test(text) ? text : `${text}Z`
	const at = Date.parse(zoned.replace(' ', 'T'))
	return Number.isNaN(at) ? undefined : at
}

/** `before` is the line above, where it is known: a stack trace belongs to the panic that began it. */
export function readEntry(line: RawLine, hint: YearHint, before?: LogRow): LogRow {
	const text = line.text.length > longestRead ? line.text.slice(0, longestRead) : line.text
	const head = headOf(text, hint)
	const body = text.slice(head.bodyAt)
	const at = line.at ?? head.at ?? bodyTime(body, hint)
	const base = { ...line, bodyAt: head.bodyAt, ...(at !== undefined && { at }) }
	const said = saidIn(body, head.who, line.priority)
	if (said) return { ...base, ...said, continues: false }
	if (before && goesOn(body, head, before)) {
		const time = at ?? before.at
		return {
			...base,
			...(time !== undefined && { at: time }),
			level: before.level,
			who: before.who,
			says: body,
			fields: '',
			continues: true,
		}
	}
	return {
		...base,
		level: plainLevel(body, head.who, line.priority),
		who: head.who,
		says: body,
		fields: '',
		continues: false,
	}
}

const trace =
	/^(?:\s|$|goroutine \d|created by |panic\(|[\w./*()[\]{}-]+\(.*\)$|\[signal |r(?:ax|bx|cx|dx|di|si|bp|sp|ip|flags) |exit status)/

/** Whether a line without a shape of its own is part of what the line above began. */
function goesOn(body: string, { at, who }: Body, before: LogRow): boolean {
	if (who === '' && at === undefined && /^[\t ]/.test(body)) return true
	if (before.level !== 'panic') return false
	return (who === '' || who === before.who || before.who === '') && trace.test(body)
}

/** Whether the lines above have to be known to tell what a line is. */
export function mayGoOn(text: string, hint: YearHint): boolean {
	const near = text.slice(0, longestRead)
	return trace.test(near.slice(headOf(near, hint).bodyAt))
}

function plainLevel(body: string, who: string, priority: number | undefined): Level {
	const words = levelOfWords(body, who)
	// What programs print to standard error has one priority for all; only a worse one tells something.
	return words === 'info' && priority !== undefined && priority !== 6 ? levelOfPriority(priority) : words
}

type Said = Pick<LogRow, 'level' | 'who' | 'says' | 'fields'>

/** `undefined` for a line of no known shape. */
function saidIn(body: string, who: string, priority: number | undefined): Said | undefined {
	const first = body.charCodeAt(0)
	if (first === 0x7b) return readJsonEntry(body, who)
	if (klogHead.test(body)) return klog(body)
	if (body.startsWith('time=')) return logrus(body, who)
	if (logfmtHead.test(body)) return logfmt(body, who)
	const told = terminalLine(body)
	if (told) return { level: told.level, who, says: told.says, fields: '' }
	const { level, text } = decodeLine(body)
	if (level === 'panic' || level === 'fatal') return { level, who, says: text, fields: '' }
	if (who === '' || priority === undefined) return undefined
	return undefined
}

function logrus(body: string, who: string): Said | undefined {
	const { level, component, text } = decodeLine(body)
	if (component === '') return undefined
	const message = logfmtValue(body, ' msg', 0)
	const fields = message ? body.slice(message.end).trim() : ''
	const error = fields.startsWith('error=') ? logfmtValue(` ${fields}`, ' error', 0) : undefined
	return {
		level,
		who: who === '' ? '' : who,
		says: text,
		fields: error ? fields.slice(error.end - 1).trim() : fields,
	}
}

const logfmtHead = /^(?:ts|t|level|lvl|caller|logger|component)=/

/** What other programs of Go write: `ts=… level=warn caller=x.go:12 msg="…" err="…"`. */
function logfmt(body: string, who: string): Said | undefined {
	const of = (key: string) => logfmtValue(` ${body}`, ` ${key}`, 0)
	const message = of('msg') ?? of('message')
	if (!message) return undefined
	const error = of('err') ?? of('error')
	return {
		level: jsonLevels[(of('level') ?? of('lvl'))?.value.toLowerCase() ?? ''] ?? 'info',
		who: of('caller')?.value.replace(/:\d+$/, '') ?? of('logger')?.value ?? who,
		says: error?.value ? `${message.value}: ${error.value}` : message.value,
		fields: body.slice(Math.max(0, message.end - 1)).trim(),
	}
}

function klog(body: string): Said {
	const { level, component, text } = decodeLine(body)
	const bracket = body.indexOf('] ')
	const rest = body.slice(bracket + 2)
	if (!rest.startsWith('"')) return { level, who: component, says: text, fields: '' }
	const message = unquote(rest, 1)
	const error = logfmtValue(rest, ' err', message.end)
	const fields = rest.slice(message.end).trim()
	return {
		level,
		who: component,
		says: error?.value ? `${message.value}: ${error.value}` : message.value,
		fields,
	}
}
