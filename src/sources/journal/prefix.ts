/**
 * The head of a journal line: when, which program, which process.
 * `2026-11-21T04:54:37.080759+0000 s1 k3s[56]: body` (short-iso-precise), `short-iso`, the default
 * `Nov 21 04:54:37 s1 k3s[56]: body` (no year, the month in the language of whoever asked), `short-full`, `short-unix`,
 * `short-monotonic`, or none at all (OpenRC's log file, k3s run by hand).
 */
import { capnslog, klogHead } from './line.js'
import { monthOf } from './months.js'

export interface Prefixed {
	/** Epoch milliseconds; `undefined` when the line carries no time. */
	at: number | undefined
	/** `k3s`, `systemd`, `modprobe`; empty when the line has no head. */
	identifier: string
	pid: number | undefined
	/** Where the body begins in the line. */
	bodyAt: number
}

/** The minute in which the line before was written: mostly that of the next one as well. */
let minute = { head: '-', zone: '-', at: 0 }

/** `2026-11-21T04:54:37.080759+0000`, or anything like it, up to `end`. */
function isoTime(line: string, end: number): number | undefined {
	const { head, zone, at } = minute
	const zoneAt = end - zone.length
	if (line.startsWith(head) && line.startsWith(zone, zoneAt)) {
		const seconds = line.slice(head.length, zoneAt)
		if (/^[0-5]\d\.\d{3,9}$/.test(seconds))
			return at + 1_000 * Number(seconds.slice(0, 2)) + Number(seconds.slice(3, 6))
	}
	// `+0000` is not what Date.parse takes everywhere; `+00:00` is.
	const zoned = /[+-]\d{4}$/.exec(line.slice(end - 5, end))?.[0]
	const text = zoned ? `${line.slice(0, end - 2)}:${line.slice(end - 2, end)}` : line.slice(0, end)
	const told = Date.parse(text)
	if (Number.isNaN(told)) return undefined
	// An hour 24 has one minute of one second.
	if (zoned && told > 0 && !line.startsWith('24', 11))
		minute = { head: line.slice(0, 17), zone: zoned, at: told - (told % 60_000) }
	return told
}

interface Speaker {
	identifier: string
	pid: number | undefined
}

/** `identifier[pid]: ` after the host name that begins at `from`. */
function speaker(line: string, from: number): (Speaker & { bodyAt: number }) | undefined {
	const hostEnd = line.indexOf(' ', from)
	if (hostEnd < 0) return undefined
	const colon = line.indexOf(': ', hostEnd)
	if (colon < 0 || colon - hostEnd > 128) {
		if (!line.endsWith(':') || line.length - hostEnd >= 128) return undefined
		const { identifier, pid } = identity(line.slice(hostEnd + 1, -1))
		return { identifier, pid, bodyAt: line.length }
	}
	const { identifier, pid } = identity(line.slice(hostEnd + 1, colon))
	return { identifier, pid, bodyAt: colon + 2 }
}

function identity(word: string): Speaker {
	const bracket = word.lastIndexOf('[')
	if (bracket < 0 || !word.endsWith(']')) return { identifier: word, pid: undefined }
	const pid = Number(word.slice(bracket + 1, -1))
	return { identifier: word.slice(0, bracket), pid: Number.isInteger(pid) ? pid : undefined }
}

const ownTimes = [/^time="([^"]{10,40})"/, /^\{"level":"\w+","ts":"([^"]{10,40})"/, capnslog]

/** Time of a line that has no head of its own: logrus's `time="…"`, zap's `"ts":"…"`, that of etcd before. */
function bodyTime(line: string): number | undefined {
	for (const ownTime of ownTimes) {
		const text = ownTime.exec(line)?.[1]
		if (text === undefined) continue
		const at = Date.parse(text)
		return Number.isNaN(at) ? undefined : at
	}
	return undefined
}

export interface YearHint {
	/** The year of a line that names none, and the month that it was guessed for. */
	year: number
	month: number
	/** Minutes that the node's local time is ahead of UTC: such lines name no zone either. Default 0. */
	offset?: number
}

/** Where only the form of a line matters. */
export const anyYear: YearHint = { year: 1970, month: 11 }

function isBody(line: string, from: number): boolean {
	return (
		line.startsWith('time="', from) ||
		line.startsWith('{"level"', from) ||
		klogHead.test(line.slice(from, from + 16))
	)
}

interface Stamp {
	/** `undefined`: the form counts from the boot. */
	at: number | undefined
	/** Where the host's name begins. */
	hostAt: number
	/** There is no host: what k3s wrote follows at once. */
	isBare?: boolean
}

/** What stands before the host's name, in any of journalctl's forms. */
function stampOf(line: string, hint: YearHint): Stamp | undefined {
	return (
		isoStamp(line) ?? bootStamp(line) ?? shortStamp(line, hint) ?? fullStamp(line, hint) ?? unixStamp(line)
	)
}

function isoStamp(line: string): Stamp | undefined {
	const first = line.charCodeAt(0)
	if (first < 0x30 || first > 0x39 || line.charCodeAt(4) !== 0x2d || line.charCodeAt(10) !== 0x54)
		return undefined
	const end = line.indexOf(' ')
	const at = end > 0 ? isoTime(line, end) : undefined
	// `docker logs --timestamps` puts a time before what k3s wrote, and no host.
	return at === undefined ? undefined : { at, hostAt: end + 1, isBare: isBody(line, end + 1) }
}

/** `short-monotonic`. */
function bootStamp(line: string): Stamp | undefined {
	if (line.charCodeAt(0) !== 0x5b) return undefined
	const hostAt = /^\[ *\d+\.\d{6}\] (?=\S+ \S+\[\d+\]: )/.exec(line)?.[0].length
	return hostAt === undefined ? undefined : { at: undefined, hostAt }
}

function shortStamp(line: string, { year, month: until, offset = 0 }: YearHint): Stamp | undefined {
	// Chinese and Japanese put a blank before a month of one digit.
	const parts = /^ ?(\S{2,7}) +(\d{1,2}) (\d\d):(\d\d):(\d\d)(\.\d+)? /.exec(line)
	const month = monthOf(parts?.[1] ?? '')
	if (!parts || month === undefined) return undefined
	const [day, hour, minute, second] = parts.slice(2, 6).map(Number)
	const at = Date.UTC(month > until ? year - 1 : year, month, day, hour, minute, second)
	return {
		at: at + Math.floor(Number(parts[6] ?? 0) * 1000) - offset * 60_000,
		hostAt: parts[0].length,
	}
}

/** `Sat 2026-11-21 04:54:37 UTC `. What other zones are called is not known everywhere: they are the node's. */
function fullStamp(line: string, { offset = 0 }: YearHint): Stamp | undefined {
	const parts =
		/^\S{1,4} (\d{4}-\d\d-\d\d) (\d\d:\d\d:\d\d(?:\.\d{1,9})?) (UTC|[A-Z]{2,5}|[+-]\d\d(?::?\d\d)?) /.exec(
			line,
		)
	const at = Date.parse(`${parts?.[1]}T${parts?.[2]}Z`)
	if (!parts || Number.isNaN(at)) return undefined
	const [, hours, minutes = '0'] = /^([+-]\d\d):?(\d\d)?$/.exec(parts[3] ?? '') ?? []
	const named = parts[3] === 'UTC' ? 0 : offset
	const ahead = hours === undefined ? named : Number(hours) * 60 + Math.sign(Number(hours)) * Number(minutes)
	return { at: at - ahead * 60_000, hostAt: parts[0].length }
}

function unixStamp(line: string): Stamp | undefined {
	const parts = /^(\d{9,10}\.\d{6}) (?=\S+ \S)/.exec(line)
	return parts ? { at: Math.floor(Number(parts[1]) * 1_000), hostAt: parts[0].length } : undefined
}

/** Reads the head of `line`. `takenAt` gives the year to formats that have none. */
export function readPrefix(line: string, takenAt: YearHint): Prefixed {
	const stamp = stampOf(line, takenAt)
	if (!stamp) return { at: bodyTime(line), identifier: '', pid: undefined, bodyAt: 0 }
	const { at, hostAt, isBare } = stamp
	const who = isBare ? undefined : speaker(line, hostAt)
	if (!who) return { at, identifier: '', pid: undefined, bodyAt: hostAt }
	const { identifier, pid, bodyAt } = who
	// Where the form has no time, what was said may carry one.
	return { at: at ?? bodyTime(line.slice(bodyAt, bodyAt + 100)), identifier, pid, bodyAt }
}

/** The name of the host in the head of `line`, where there is one. */
export function hostIn(line: string): string | undefined {
	const stamp = stampOf(line, anyYear)
	if (!stamp || stamp.isBare) return undefined
	return /^(\S+) \S/.exec(line.slice(stamp.hostAt, stamp.hostAt + 300))?.[1]
}
