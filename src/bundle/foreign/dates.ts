/** When a foreign bundle was taken, and how far its local time is from UTC. */

/** A time without a zone: the same digits read as UTC. Epoch milliseconds. */
export type Local = number

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** Minutes east of UTC of abbreviations that mean one thing. */
const zones: Readonly<Record<string, number>> = {
	UTC: 0,
	GMT: 0,
	Z: 0,
	WET: 0,
	WEST: 60,
	BST: 60,
	CET: 60,
	CEST: 120,
	EET: 120,
	EEST: 180,
	MSK: 180,
	SGT: 480,
	HKT: 480,
	AWST: 480,
	JST: 540,
	KST: 540,
	AEST: 600,
	AEDT: 660,
	NZST: 720,
	NZDT: 780,
	EST: -300,
	EDT: -240,
	CDT: -300,
	MDT: -360,
	MST: -420,
	PDT: -420,
	PST: -480,
	AKST: -540,
	AKDT: -480,
	HST: -600,
}

export interface Dated {
	local: Local
	/** Minutes east of UTC; `undefined` when the abbreviation does not tell. */
	offset: number | undefined
}

function offsetOf(zone: string): number | undefined {
	const number = /^([+-])(\d\d):?(\d\d)?$/.exec(zone)
	if (!number) return Object.hasOwn(zones, zone) ? zones[zone] : undefined
	return (number[1] === '-' ? -1 : 1) * (Number(number[2]) * 60 + Number(number[3] ?? 0))
}

/** `date`'s line: `Sat Nov 21 05:55:18 UTC 2026`, `Sat 21 Nov 2026 05:55:18 AM CET`, `Fri Jul  4 10:11:12 PM +03 2025`. */
export function readDate(text: string | undefined): Dated | undefined {
	const line = (text ?? '').trim().slice(0, 200)
	const month = months.findIndex(name => new RegExp(`\\b${name}\\b`).test(line))
	const clock = /\b(\d{1,2}):(\d\d):(\d\d)(?: ([AP]M))?\b/.exec(line)
	const year = /\b(20\d\d)\b/.exec(line.replace(clock?.[0] ?? '', ' '))?.[1]
	const day = /(?:^|\s)(\d{1,2})(?=\s)/.exec(line.replace(clock?.[0] ?? '', ' '))?.[1]
	if (month < 0 || !clock || !year || !day) return undefined
	const hour = (Number(clock[1]) % (clock[4] ? 12 : 24)) + (clock[4] === 'PM' ? 12 : 0)
	const zone = /(?:^|\s)([A-Z]{1,5}|[+-]\d\d(?::?\d\d)?)(?=\s|$)/.exec(
		line.replace(clock[0], ' ').replace(/\b[AP]M\b/, ' '),
	)?.[1]
	return {
		local: Date.UTC(Number(year), month, Number(day), hour, Number(clock[2]), Number(clock[3])),
		offset: zone === undefined ? undefined : offsetOf(zone),
	}
}

/** `2026-11-21 05:55:18` at the beginning of a line. */
export function readStamp(line: string): Local | undefined {
	const parts = /^(\d{4}-\d\d-\d\d)[ T](\d\d:\d\d:\d\d)/.exec(line)
	const at = parts ? Date.parse(`${parts[1]}T${parts[2]}Z`) : Number.NaN
	return Number.isNaN(at) ? undefined : at
}

/**
 * Minutes east of UTC as a log tells them: the journal's head is local time, what k3s writes into the line names
 * its zone. The last such line counts: clocks change in spring.
 */
export function offsetOfLog(text: string): number | undefined {
	const from = Math.max(0, text.length - 512 * 1024)
	const lines = text
		.slice(from)
		.matchAll(
			/^([A-Z][a-z]{2}) +(\d{1,2}) (\d\d):(\d\d):(\d\d)\S* \S+ [^:\n]{1,80}: (?:time="|\{"level":"\w+","ts":")(20\d\d)([^"]{10,35})"/gm,
		)
	let found: number | undefined
	for (const [, month = '', day, hour, minute, second, year, rest] of lines) {
		const at = Date.parse(`${year}${rest}`)
		const local = Date.UTC(
			Number(year),
			months.indexOf(month),
			Number(day),
			Number(hour),
			Number(minute),
			Number(second),
		)
		// A line reaches the journal within moments; zones differ by quarters of an hour.
		const quarters = Math.round((local - at) / 900_000)
		if (!Number.isNaN(at) && Math.abs(quarters) <= 56 && Math.abs(local - at - quarters * 900_000) < 60_000)
			found = quarters * 15
	}
	return found
}

/** As `date -Ins` would have said it. */
export function isoWithOffset(at: number, offset: number): string {
	const local = new Date(at + offset * 60_000).toISOString().slice(0, 19)
	const size = Math.abs(offset)
	const two = (value: number) => String(value).padStart(2, '0')
	return `${local}${offset < 0 ? '-' : '+'}${two(Math.floor(size / 60))}:${two(size % 60)}`
}
