/**
 * The head of a journal line: when, which program, which process.
 * `2026-11-21T04:54:37.080759+0000 s1 k3s[56]: body` (short-iso-precise), `short-iso`, the default
 * `Nov 21 04:54:37 s1 k3s[56]: body` (no year, the month in the language of whoever asked), or none at all (OpenRC's
 * log file, k3s run by hand).
 */
import { klogHead } from './line.js'
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

/** Time of a line that has no head of its own: logrus's `time="…"`, zap's `"ts":"…"`. */
function bodyTime(line: string): number | undefined {
	const text =
		/^time="([^"]{10,40})"/.exec(line)?.[1] ?? /^\{"level":"\w+","ts":"([^"]{10,40})"/.exec(line)?.[1]
	const at = text === undefined ? Number.NaN : Date.parse(text)
	return Number.isNaN(at) ? undefined : at
}

export interface YearHint {
	/** The year of a line that names none, and the month that it was guessed for. */
	year: number
	month: number
	/** Minutes that the node's local time is ahead of UTC: such lines name no zone either. Default 0. */
	offset?: number
}

function isBody(line: string, from: number): boolean {
	return (
		line.startsWith('time="', from) ||
		line.startsWith('{"level"', from) ||
		klogHead.test(line.slice(from, from + 16))
	)
}

/** Reads the head of `line`. `takenAt` gives the year to formats that have none. */
export function readPrefix(line: string, takenAt: YearHint): Prefixed {
	const first = line.charCodeAt(0)
	if (first >= 0x30 && first <= 0x39 && line.charCodeAt(4) === 0x2d && line.charCodeAt(10) === 0x54) {
		const end = line.indexOf(' ')
		const at = end > 0 ? isoTime(line, end) : undefined
		if (at !== undefined) {
			// `docker logs --timestamps` puts a time before what k3s wrote, and no host.
			const who = isBody(line, end + 1) ? undefined : speaker(line, end + 1)
			return who
				? { at, identifier: who.identifier, pid: who.pid, bodyAt: who.bodyAt }
				: { at, identifier: '', pid: undefined, bodyAt: end + 1 }
		}
	}
	// Chinese and Japanese put a blank before a month of one digit.
	const parts = /^ ?(\S{2,7}) +(\d{1,2}) (\d\d):(\d\d):(\d\d)(\.\d+)? /.exec(line)
	if (parts) {
		const month = monthOf(parts[1] ?? '')
		if (month !== undefined) {
			const year = month > takenAt.month ? takenAt.year - 1 : takenAt.year
			const at =
				Date.UTC(year, month, Number(parts[2]), Number(parts[3]), Number(parts[4]), Number(parts[5])) +
				Math.floor(Number(parts[6] ?? 0) * 1000) -
				(takenAt.offset ?? 0) * 60_000
			const who = speaker(line, parts[0].length)
			return who
				? { at, identifier: who.identifier, pid: who.pid, bodyAt: who.bodyAt }
				: { at, identifier: '', pid: undefined, bodyAt: parts[0].length }
		}
	}
	return { at: bodyTime(line), identifier: '', pid: undefined, bodyAt: 0 }
}
