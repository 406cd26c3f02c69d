/** Cuts the journal of the k3s unit into starts. */
import type { Start } from '../../model/evidence/index.js'
import { readPrefix, type YearHint } from './prefix.js'
import { StartBuilder } from './start.js'

export interface CutJournal {
	starts: Start[]
	lines: number
	firstAt: number
	lastAt: number
	suppressed: number
	clockWentBack: boolean
}

const bootMark = /^-- (Boot [0-9a-f]{32}|Reboot) --/

/**
 * A further line of the message above: journalctl indents it, and it has no head. Or what `-x` explains at length. (A
 * month of one digit has a blank before it in Chinese and Japanese.)
 */
const isNoLine = /^(?:░░|\t| (?!\d[月월] ))/

/** systemd's words about the unit, where the heads of the lines are gone (`journalctl -o cat`). */
export const bySystemd =
	/^(?:k3s[\w.@-]{0,200}\.service: |(?:Starting|Started|Stopping|Stopped|Failed to start) (?:k3s|Lightweight Kub))/

export interface StartCutter {
	/** The next line of the journal. */
	feed(line: string): void
	cut(): CutJournal
	/** Another word whenever a start has come further, or another one has begun. */
	stage(): string
}

export interface CutOptions {
	/** So many messages of a start are kept, by default as many as tell anything. */
	mostDistinct?: number
	/** The lines go on with a start of which nothing else is known, from this time on. */
	goesOnFrom?: number
}

export function startCutter(
	file: string,
	takenAt: YearHint,
	{ mostDistinct, goesOnFrom }: CutOptions = {},
): StartCutter {
	const builders: StartBuilder[] = []
	let current: StartBuilder | undefined
	let firstAt = 0
	let lastAt = 0
	let newest = 0
	let lines = 0
	let suppressed = 0
	let clockWentBack = false

	const begin = (at: number, truncated: boolean): StartBuilder => {
		current?.close(lastAt || at, false)
		current = new StartBuilder(builders.length, file, at, truncated, mostDistinct)
		builders.push(current)
		return current
	}

	if (goesOnFrom !== undefined) begin(goesOnFrom, true)

	function feed(line: string): void {
		const index = lines
		lines += 1
		if (line === '' || line.startsWith('-- ')) {
			if (bootMark.test(line)) {
				current?.close(lastAt, true)
				current = undefined
			}
			return
		}
		if (isNoLine.test(line)) return
		const { at: told, identifier, pid, bodyAt } = readPrefix(line, takenAt)
		const at = told ?? lastAt
		if (told !== undefined) {
			firstAt ||= told
			if (told < newest - 2_000) clockWentBack = true
			newest = Math.max(newest, told)
			lastAt = told
		}
		const body = line.slice(bodyAt)
		if (identifier === 'systemd' || (identifier === '' && bySystemd.test(body))) {
			if (body.startsWith('Starting ') && !current?.isPrelude) begin(at, false)
			// All that was kept of a log may be how it ended.
			else if (!current && identifier === '') begin(at, true)
			current?.systemd(body, index, at)
			return
		}
		if (identifier === 'systemd-journald') {
			suppressed += Number(/^Suppressed (\d+) messages/.exec(body)?.[1] ?? 0)
			return
		}
		const isK3s = identifier === 'k3s' || identifier === ''
		if (isK3s && body.includes('msg="Starting k3s ') && startsAnew(current, pid)) {
			begin(at, false)
		} else if (!current || (isK3s && current.ended && pid !== undefined && pid !== current.pid)) {
			// The journal begins in the middle of a start, or systemd's own lines are not in it.
			begin(at, builders.length === 0 && !body.includes('Starting k3s'))
		}
		current?.say(body, index, at, identifier, pid)
	}

	return {
		feed,
		cut: () => ({
			starts: builders.map(builder => builder.build()),
			lines,
			firstAt,
			lastAt,
			suppressed,
			clockWentBack,
		}),
		stage: () => `${builders.length} ${builders.at(-1)?.stage ?? ''}`,
	}
}

/** A whole journal at once. */
export function cutIntoStarts(text: string, file: string, takenAt: YearHint): CutJournal {
	const { feed, cut } = startCutter(file, takenAt)
	for (let from = 0; from < text.length; ) {
		const newline = text.indexOf('\n', from)
		const end = newline < 0 ? text.length : newline
		feed(text.slice(from, end))
		from = end + 1
	}
	return cut()
}

/** Whether a `Starting k3s` line begins a new start, or is the first word of the one that systemd announced. */
function startsAnew(current: StartBuilder | undefined, pid: number | undefined): boolean {
	if (!current) return true
	if (current.hasBegun) return true
	return current.ended || (pid !== undefined && current.pid !== undefined && current.pid !== pid)
}
