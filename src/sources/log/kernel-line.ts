/**
 * Lines of the kernel's log: journald's (`2026-11-21T04:54:37.080759+0000 s1 kernel: text`), and dmesg's, whose
 * times are seconds since boot (`[   12.345678] text`), a date (`[Sat Nov 21 04:24:14 2026] text`, dmesg -T) or ISO
 * with a decimal comma (`2026-11-21T04:24:14,801260+00:00 text`).
 */
import { readPrefix, type YearHint } from '../journal/prefix.js'
import type { LogLine } from './log.js'

export interface KernelClock {
	/** When the kernel booted, epoch milliseconds, where known. */
	bootedAt: number | undefined
	hint: YearHint
}

/** `kern  :warn  : ` of dmesg -x, `<4>` of /dev/kmsg. */
const decoration = /^(?:<\d{1,3}>|[a-z]{1,8} *:[a-z]{1,8} *: )/
const sinceBoot = /^\[ *(\d{1,10}\.\d{1,9})\] ?/
const dated = /^\[([A-Z][a-z]{2} [A-Z][a-z]{2} [ \d]?\d \d\d:\d\d:\d\d \d{4})\] ?/
const isoComma = /^(\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d),(\d{1,9})([+-]\d\d:?\d\d|Z) /

function known(at: number): number | undefined {
	return Number.isNaN(at) ? undefined : at
}

export function readKernelLine(raw: string, clock: KernelClock): LogLine | undefined {
	// journalctl's own words: `-- Boot 4f… --`, `-- No entries --`.
	if (raw.startsWith('-- ')) return undefined
	const line = raw.replace(decoration, '')
	const seconds = sinceBoot.exec(line)
	if (seconds) {
		const at = clock.bootedAt === undefined ? undefined : clock.bootedAt + Number(seconds[1]) * 1000
		return { at, body: line.slice(seconds[0].length) }
	}
	const date = dated.exec(line)
	// dmesg -T prints local time without a zone: the node's, where that is known.
	if (date) {
		const local = Date.parse(`${date[1]} UTC`)
		return { at: known(local - (clock.hint.offset ?? 0) * 60_000), body: line.slice(date[0].length) }
	}
	const iso = isoComma.exec(line)
	if (iso) return { at: known(Date.parse(`${iso[1]}.${iso[2]}${iso[3]}`)), body: line.slice(iso[0].length) }
	const { at, bodyAt } = readPrefix(line, clock.hint)
	return { at, body: line.slice(bodyAt) }
}
