/** A bare log of k3s as a bundle with nothing but that log. */
import type { Bundle, Init } from '../../model/bundle.js'
import { bySystemd } from '../../sources/journal/starts.js'
import { BundleError } from '../error.js'
import { defaultUnit, lastTime, nodeOfLog, yearHint } from './guess.js'
import { exportRecords, isExport } from './journal-export.js'
import { jsonRecord } from './journal-json.js'
import { formOf, ownLines } from './lines.js'
import { type JournalRecord, lineMaker, logOf } from './records.js'
import type { PlainLog } from './terminal-log.js'

interface Logs {
	k3s: string
	kernel: string
	/** Lines of other programs, which were left out. */
	left: number
}

function fromRecords(records: Iterable<JournalRecord>): Logs {
	const line = lineMaker()
	const k3s: string[] = []
	const kernel: string[] = []
	const other: string[] = []
	const into = { k3s, kernel, other }
	for (const record of records) {
		const text = line(record)
		if (text !== undefined) into[logOf(record)].push(text)
	}
	// Without a word of k3s, a unit of another name perhaps: then everything may be its log.
	if (k3s.length === 0) return { k3s: [...other, ''].join('\n'), kernel: [...kernel, ''].join('\n'), left: 0 }
	return { k3s: [...k3s, ''].join('\n'), kernel: [...kernel, ''].join('\n'), left: other.length }
}

function* jsonRecords(text: string): Generator<JournalRecord> {
	let at = 0
	while (at < text.length) {
		let end = text.indexOf('\n', at)
		if (end < 0) end = text.length
		const record = jsonRecord(text.slice(at, end))
		if (record) yield record
		at = end + 1
	}
}

const notLog =
	'Give a bundle (folder, .tar or .tar.gz) or a log of k3s, e.g. `journalctl -u k3s -o short-iso-precise > k3s.log`.'

/** Whether bytes are of no text: a NUL, or more control characters than any text has. */
function isBinary(first: Buffer): boolean {
	if (first[0] === 0xff && first[1] === 0xfe) return false
	let odd = 0
	for (const byte of first) {
		if (byte === 0) return true
		// Tab, newline, carriage return and the escape of colours are of a text.
		if (byte < 0x20 && byte !== 0x09 && byte !== 0x0a && byte !== 0x0d && byte !== 0x1b) odd += 1
	}
	return odd > first.length / 20
}

/** What other kinds of files begin with, and how to make something of them that can be opened. */
const kinds: readonly [magic: string, what: string, next: string][] = [
	['LPKSHHRH', 'it is a journal file', 'Turn it into text with `journalctl --file FILE -u k3s > k3s.log`.'],
	['\xfd7zXZ', 'it is compressed with xz', 'Unpack it with `xz -d` first.'],
	['\x28\xb5\x2f\xfd', 'it is compressed with zstd', 'Unpack it with `zstd -d` first.'],
	['BZh', 'it is compressed with bzip2', 'Unpack it with `bunzip2` first.'],
	['PK\x03\x04', 'it is a zip archive', 'Unpack it and give the folder.'],
	['\x1f\x8b', 'it is compressed twice', 'Unpack it with `gunzip` first.'],
]

/** Throws when the first bytes show that this is no log. */
export function refuseOthers(first: Buffer, tried: string): void {
	if (first.length === 0) throw new BundleError(tried, 'it is empty', notLog)
	const start = first.toString('latin1', 0, 16)
	for (const [magic, what, next] of kinds) {
		if (start.startsWith(magic)) throw new BundleError(tried, what, next)
	}
	if (first.every(byte => byte === 0)) throw new BundleError(tried, 'it holds nothing but zero bytes', notLog)
	// A record of journald's export may hold anything.
	if (!isExport(first) && isBinary(first)) {
		throw new BundleError(tried, 'it is neither an archive nor a text', notLog)
	}
}

const ofSystemd = new RegExp(bySystemd, 'm')

/** Times that docker puts before what a container writes. */
const ofDocker = /^\d{4}-\d\d-\d\dT[\d:.]{8,18}Z (?:time="|\{"level"|[IWEF]\d{4} )/m

/** Who has started k3s, of which only the words are there. `byHand`: on a terminal, or in a container. */
function initOf(text: string, byHand: boolean): Init {
	if (ofSystemd.test(text)) return 'systemd'
	return byHand || ofDocker.test(text) ? 'none' : 'openrc'
}

export interface BareLog {
	/** Its file, as the reader knows it. */
	name: string
	bytes: Buffer
	/** What stands in it; '' for an export. */
	given: string
	plain: PlainLog
	/** The file was larger than what was kept. */
	cut: 'head' | 'tail' | undefined
	/** Epoch milliseconds. */
	modifiedAt: number
	/** What the reader has to say already, e.g. that the compressed data broke off. */
	notes: readonly string[]
}

/** Makes a bundle of a log. Throws a `BundleError` when no line of it is one of a log. */
export function bundleOfLog(
	{ name, bytes, given, plain, cut, modifiedAt, notes }: BareLog,
	tried: string,
): Bundle {
	const { text, byHand } = plain
	const form = isExport(bytes) ? 'export' : formOf(text)
	if (form === 'empty') {
		const next = 'Take the journal as root, and check the name of the unit: `systemctl list-units "k3s*"`.'
		throw new BundleError(tried, 'the journal in it has no entries', next)
	}
	if (form === 'none') throw new BundleError(tried, 'no line in it looks like one of a log', notLog)
	const logs: Logs =
		form === 'export'
			? fromRecords(exportRecords(cut === 'head' ? bytes.subarray(bytes.indexOf('\n\n') + 2) : bytes))
			: form === 'json'
				? fromRecords(jsonRecords(text))
				: form === 'headed'
					? ownLines(text)
					: { k3s: text, kernel: '', left: 0 }
	const init = form === 'bare' ? initOf(text, byHand) : 'systemd'
	const node = nodeOfLog(logs.k3s, init)
	const at = lastTime(logs.k3s, yearHint(modifiedAt, logs.k3s)) ?? modifiedAt
	const unit = node.unit || defaultUnit(node.role)
	const file = `journal/${unit.replace(/\.service$/, '')}.log`
	const files = new Map([[file, logs.k3s]])
	const origins = new Map(text === given ? [] : [[file, [{ at: 1, file: name, line: 1 }]]])
	if (text !== given) files.set(name, given)
	if (logs.kernel !== '') files.set('journal/kernel.log', logs.kernel)
	const said = [...notes, 'Only a log was given: everything but what k3s logged is unknown.']
	if (cut)
		said.push(`The log is large: only its last ${Math.round(bytes.length / 1024 / 1024)} MiB were read.`)
	if (logs.left > 0) said.push(`${logs.left} lines of other programs were left out.`)
	return {
		schema: 1,
		node,
		takenAt: new Date(at).toISOString(),
		entries: [...files.keys()].map(name => (cut ? { file: name, truncated: 'head' } : { file: name })),
		files,
		notes: said,
		...(origins.size > 0 && { origins }),
	}
}
