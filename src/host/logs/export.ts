/** Reads journald's export format as it arrives: `KEY=text`, or `KEY`, a length and bytes; a blank line ends an entry. */

export type JournalFields = ReadonlyMap<string, string>

const newline = 10
/** Of a longer field only the beginning is taken. */
const longestField = 64 * 1024
/** An entry that is longer than this is none of journald's. */
const longestEntry = 64 * 1024 * 1024

/** Takes pieces of any size; hands out each entry as soon as it is whole. */
export function exportReader(entry: (fields: JournalFields) => void): (piece: Buffer) => void {
	let rest: Buffer = Buffer.alloc(0)
	let fields = new Map<string, string>()
	return piece => {
		const all = rest.length === 0 ? piece : Buffer.concat([rest, piece])
		let at = 0
		for (;;) {
			const end = all.indexOf(newline, at)
			if (end < 0) break
			if (end === at) {
				if (fields.size > 0) entry(fields)
				fields = new Map()
				at = end + 1
				continue
			}
			const equals = all.indexOf(0x3d, at)
			if (equals >= 0 && equals < end) {
				fields.set(all.toString('latin1', at, equals), text(all, equals + 1, end))
				at = end + 1
				continue
			}
			// `KEY\n`, eight bytes of length (little-endian), the bytes, a line feed.
			if (all.length < end + 9) break
			const length = Number(all.readBigUInt64LE(end + 1))
			const from = end + 9
			if (length > longestEntry) {
				at = all.length
				break
			}
			if (all.length < from + length + 1) break
			fields.set(all.toString('latin1', at, end), text(all, from, from + length))
			at = from + length + 1
		}
		// A copy, or a small rest would hold a whole piece in memory.
		rest = at >= all.length ? Buffer.alloc(0) : Buffer.from(all.subarray(at))
	}
}

function text(all: Buffer, from: number, to: number): string {
	return all.toString('utf8', from, Math.min(to, from + longestField))
}
