/**
 * The journal through journalctl: the newest entries at once, older ones on demand from a reader that waits for us,
 * new ones from a follower. Few entries are kept in memory; those that were let go are asked for again by their cursor.
 */
import type { RawLine } from '../../model/log-line.js'
import { LineChunks } from './chunks.js'
import { exportReader, type JournalFields } from './export.js'
import { type Growth, type LogReader, longestLine } from './reader.js'
import { type Stream, startStream } from './stream.js'

export interface JournalOptions {
	/** What is asked for: `['-u', 'k3s.service']`, `['_TRANSPORT=kernel']`. */
	match: readonly string[]
	/** Instead of the host's own journal: `['--file', path]`. */
	from?: readonly string[]
	/** journalctl's program, for tests. */
	program?: string
}

/** Entries of one chunk, and how many of them are read ahead. */
const chunkSize = 500
/** News are told so often at most, in milliseconds. */
const tellEvery = 100

/** Resolves when the newest entries are there. Rejects with what journalctl said when there is no journal to read. */
export async function journalReader({
	match,
	from = [],
	program = 'journalctl',
}: JournalOptions): Promise<LogReader> {
	const common = [
		...from,
		'--no-pager',
		'--quiet',
		'-o',
		'export',
		'--output-fields=MESSAGE,PRIORITY,SYSLOG_IDENTIFIER,_COMM,_PID,_HOSTNAME',
		...match,
	]
	const chunks = new LineChunks(chunkSize)
	const streams = new Set<Stream>()
	let newest: string | undefined
	let done = false
	/** Several may wait: for the screen, for the errors, for a search. */
	const waiting = new Set<() => void>()
	const woken = () => new Promise<void>(resolve => waiting.add(resolve))
	function wake(): void {
		for (const go of waiting) go()
		waiting.clear()
	}
	let wanted = -chunkSize

	const older = startStream([program, ...common, '--reverse'], {
		data: exportReader(fields => {
			newest ??= fields.get('__CURSOR')
			chunks.before(linesOf(fields), fields.get('__CURSOR') ?? '')
		}),
		piece: () => {
			if (chunks.low <= wanted) older.pause()
			wake()
		},
		end: () => {
			done = true
			wake()
		},
	})
	streams.add(older)

	async function until(low: number, signal?: AbortSignal): Promise<void> {
		wanted = Math.min(wanted, low - chunkSize)
		older.resume()
		signal?.addEventListener('abort', wake, { once: true })
		while (chunks.low > low && !done && !signal?.aborted) await woken()
		signal?.removeEventListener('abort', wake)
	}

	await until(-1)
	if (done && chunks.end === chunks.low) {
		const said = older.said()
		if (older.failed() || said !== '') throw new Error(said || `${program} has no answer`)
	}

	/** Entries up to a cursor, that were known before and let go. */
	const again = (cursor: string, count: number): Promise<RawLine[][]> =>
		new Promise(resolve => {
			const entries: RawLine[][] = []
			let gone = false
			const stream = startStream([program, ...common, '--reverse', `--cursor=${cursor}`], {
				data: exportReader(fields => {
					// journalctl begins at the nearest one, where that one is gone.
					if (entries.length === 0) gone ||= fields.get('__CURSOR') !== cursor
					if (!gone && entries.length < count) entries.push(linesOf(fields))
					if (gone || entries.length >= count) stream.close()
				}),
				end: () => {
					streams.delete(stream)
					resolve(entries.reverse())
				},
			})
			streams.add(stream)
		})

	return {
		get low() {
			return chunks.low
		},
		get begin() {
			return done ? chunks.low : undefined
		},
		get end() {
			return chunks.end
		},
		read: (low, to) => (low < chunks.low && !done ? undefined : chunks.read(low, to)),
		reach: (low, signal) => until(low, signal),
		load: (low, to) => chunks.load(low, to, again),
		follow: grown => {
			// Where there was nothing, all that there is has come since.
			const after = newest === undefined ? [] : [`--after-cursor=${newest}`]
			let timer: NodeJS.Timeout | undefined
			let over = false
			const follower = startStream([program, ...common, '--follow', '--no-tail', ...after], {
				data: exportReader(fields => {
					newest = fields.get('__CURSOR') ?? newest
					chunks.after(linesOf(fields), newest ?? '')
				}),
				piece: () => {
					timer ??= setTimeout(() => {
						timer = undefined
						grown('grown')
					}, tellEvery)
				},
				end: () => {
					if (!over) grown('ended' satisfies Growth)
				},
			})
			streams.add(follower)
			return () => {
				over = true
				clearTimeout(timer)
				streams.delete(follower)
				follower.close()
			}
		},
		close: () => {
			for (const stream of streams) stream.close()
		},
	}
}

/** An entry as `journalctl -o short-iso-precise` writes it, in UTC; further lines of a message follow it. */
function linesOf(fields: JournalFields): RawLine[] {
	const micros = Number(fields.get('__REALTIME_TIMESTAMP'))
	const at = Math.floor(micros / 1000)
	const pid = fields.get('_PID')
	const who = `${fields.get('SYSLOG_IDENTIFIER') ?? fields.get('_COMM') ?? 'unknown'}${pid ? `[${pid}]` : ''}`
	const head = `${timeText(at, micros)} ${fields.get('_HOSTNAME') ?? '-'} ${who}: `
	const [first = '', ...more] = (fields.get('MESSAGE') ?? '').slice(0, longestLine).split('\n')
	const told = fields.get('PRIORITY')
	const priority = told !== undefined && /^[0-7]$/.test(told) ? { priority: Number(told) } : {}
	return [
		{ number: 0, text: head + first, at, ...priority },
		...more.map(text => ({ number: 0, text: `        ${text}`, at, ...priority })),
	]
}

let second = Number.NaN
let secondText = ''

function timeText(at: number, micros: number): string {
	const whole = Math.floor(at / 1000)
	if (whole !== second) {
		second = whole
		secondText = Number.isFinite(at) ? new Date(whole * 1000).toISOString().slice(0, 19) : '-'
	}
	return `${secondText}.${String(micros % 1_000_000).padStart(6, '0')}+0000`
}
