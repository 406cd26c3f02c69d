import type { JournalRecord } from './records.js'
import { textOf } from './text.js'

/** Fields beyond this are not looked at: no message that anybody reads is larger. */
const longestField = 1024 * 1024

/**
 * Reads journald's export format: records of `FIELD=value` lines, parted by an empty line. A value with control
 * characters stands as `FIELD`, newline, its length in 8 bytes little endian, the bytes, newline.
 * https://systemd.io/JOURNAL_EXPORT_FORMATS
 */
export function* exportRecords(bytes: Buffer): Generator<JournalRecord> {
	let record = new Map<string, string>()
	let at = 0
	while (at < bytes.length) {
		let end = bytes.indexOf(0x0a, at)
		if (end < 0) end = bytes.length
		if (end === at) {
			if (record.size > 0) yield record
			record = new Map()
			at += 1
			continue
		}
		const line = bytes.subarray(at, end)
		const equals = line.indexOf(0x3d)
		if (equals > 0) {
			const value = line.subarray(equals + 1, equals + 1 + longestField)
			record.set(line.toString('latin1', 0, Math.min(equals, 64)), textOf(value))
			at = end + 1
			continue
		}
		const size = end + 9 <= bytes.length ? Number(bytes.readBigUInt64LE(end + 1)) : Number.POSITIVE_INFINITY
		if (end + 9 + size > bytes.length) {
			// No length that fits: damaged, or not a field at all. The next line may be one.
			at = end + 1
			continue
		}
		const from = end + 9
		record.set(
			line.toString('latin1', 0, 64),
			textOf(bytes.subarray(from, from + Math.min(size, longestField))),
		)
		at = from + size + 1
	}
	if (record.size > 0) yield record
}

/** Whether `first` begins like an export: a record's first fields are `__CURSOR` and its relations. */
export function isExport(first: Buffer): boolean {
	return /^__[A-Z_]+=/.test(first.toString('latin1', 0, 64))
}
