import type { JournalRecord } from './records.js'

/** The fields that a line is made of; a record has dozens. */
const wanted = [
	'MESSAGE',
	'SYSLOG_IDENTIFIER',
	'SYSLOG_PID',
	'UNIT',
	'OBJECT_SYSTEMD_UNIT',
	'_COMM',
	'_HOSTNAME',
	'_PID',
	'_SOURCE_REALTIME_TIMESTAMP',
	'_SYSTEMD_UNIT',
	'_TRANSPORT',
	'__REALTIME_TIMESTAMP',
]

/** A field is a string, an array of bytes where it is no UTF-8, an array of those where it was given twice, or null. */
function fieldText(value: unknown): string | undefined {
	if (typeof value === 'string') return value
	if (typeof value === 'number') return String(value)
	if (!Array.isArray(value) || value.length === 0) return undefined
	if (typeof value[0] !== 'number') return typeof value[0] === 'string' ? value[0] : undefined
	const bytes = value.map(byte => (typeof byte === 'number' ? byte & 0xff : 0x3f))
	return Buffer.from(bytes).toString('utf8')
}

/** One line of `journalctl -o json`, `json-seq` or `json-sse`; `undefined` when it is none. */
export function jsonRecord(line: string): JournalRecord | undefined {
	const start = line.indexOf('{')
	// Before the object: nothing, the separator of json-seq, or `data: ` of json-sse.
	if (start < 0 || start > 6) return undefined
	try {
		const parsed: unknown = JSON.parse(line.slice(start))
		if (typeof parsed !== 'object' || parsed === null) return undefined
		const given = new Map<string, unknown>(Object.entries(parsed))
		const record = new Map<string, string>()
		for (const field of wanted) {
			const text = fieldText(given.get(field))
			if (text !== undefined) record.set(field, text)
		}
		return record.has('MESSAGE') || record.has('__REALTIME_TIMESTAMP') ? record : undefined
	} catch {
		return undefined
	}
}
