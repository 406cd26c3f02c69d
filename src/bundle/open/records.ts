/**
 * journald records as text lines. `journalctl -o json` and `-o export` carry more than a line shows; what the line
 * shows is written as `-o short-iso-precise` would have written it, so that one reader reads all.
 */

/** One journal record: the fields that a line is made of. */
export type JournalRecord = ReadonlyMap<string, string>

/** Units of k3s under any name that the installer gives: `k3s`, `k3s-agent`, `k3s-edge`. */
const k3sUnit = /^k3s[A-Za-z0-9_.@-]*\.service$/

/** Which log a record belongs to. */
export function logOf(record: JournalRecord): 'k3s' | 'kernel' | 'other' {
	const units = ['_SYSTEMD_UNIT', 'UNIT', 'OBJECT_SYSTEMD_UNIT'].map(field => record.get(field))
	if (units.some(unit => unit !== undefined && k3sUnit.test(unit))) return 'k3s'
	if (record.get('_TRANSPORT') === 'kernel') return 'kernel'
	return record.get('SYSLOG_IDENTIFIER')?.startsWith('k3s') ? 'k3s' : 'other'
}

function timeOf(record: JournalRecord): string | undefined {
	// The time that the sender gave is what journalctl shows; both are microseconds since 1970.
	const stamp = record.get('_SOURCE_REALTIME_TIMESTAMP') ?? record.get('__REALTIME_TIMESTAMP') ?? ''
	if (!/^\d{1,16}$/.test(stamp)) return undefined
	const micros = Number(stamp)
	const date = new Date(Math.floor(micros / 1000))
	if (Number.isNaN(date.getTime()) || date.getUTCFullYear() > 9999) return undefined
	return `${date.toISOString().slice(0, 19)}.${String(micros % 1_000_000).padStart(6, '0')}+0000`
}

/** A word of a line's head: without what would end it early. */
function word(value: string | undefined, otherwise: string): string {
	const clean = value?.replace(/[\s:[\]]+/g, '_').slice(0, 64)
	return clean || otherwise
}

/** A record without a time takes the one before it. */
export function lineMaker(): (record: JournalRecord) => string | undefined {
	let last: string | undefined
	return record => {
		const message = record.get('MESSAGE')
		const time = timeOf(record) ?? last
		if (message === undefined || time === undefined) return undefined
		last = time
		const pid = record.get('_PID') ?? record.get('SYSLOG_PID')
		const who = word(record.get('SYSLOG_IDENTIFIER') ?? record.get('_COMM'), 'unknown')
		const process = pid !== undefined && /^\d{1,10}$/.test(pid) ? `${who}[${pid}]` : who
		const head = `${time} ${word(record.get('_HOSTNAME'), 'localhost')} ${process}: `
		// Like journalctl: the further lines of a message stand below its first.
		return head + message.replace(/\n+$/, '').replaceAll('\n', `\n${' '.repeat(head.length)}`)
	}
}
