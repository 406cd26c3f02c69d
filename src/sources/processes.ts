/** The processes of the host. */
import type { Bundle } from '../model/bundle.js'
import type { Process } from '../model/evidence/index.js'
import { zoneOffsetOf } from './clock.js'
import { firstAnswer } from './first-answer.js'
import { type Line, linesOf, wordsOf } from './lines.js'
import { type Ask, source } from './source.js'

const file = 'commands/ps.txt'

/** Headers of the columns that are read; STARTED is five words: `Sat Nov 21 05:42:24 2026`. */
const known = new Set(['PID', 'PPID', 'USER', 'STAT', 'STARTED', 'ELAPSED', 'RSS', '%CPU'])
const asked = ['PID', 'PPID', 'USER', 'STAT', 'STARTED', 'ELAPSED', 'RSS', '%CPU', 'COMMAND']

const startedWords = 5

/** Columns before the command, in order; those that the doctor asks for when the header is missing. */
function columnsOf(first: Line | undefined): string[] {
	const words = wordsOf(first?.text ?? '')
	return words.includes('PID') ? words.slice(0, -1) : asked.slice(0, -1)
}

/** Thirty years. procps prints 4123168608 for a process that began within the tick in which it looked. */
const absurd = 1_000_000_000

/** `35`, or from busybox and `etime`: `12:34`, `1h05`, `2d03`, `1-02:03:04`. Seconds. */
function elapsedOf(word: string): number | undefined {
	if (/^\d{1,12}$/.test(word)) return Number(word) > absurd ? 0 : Number(word)
	const busybox = /^(\d{1,6})([ydh])(\d{2,3})$/.exec(word)
	if (busybox) {
		const [large, small] = [Number(busybox[1]), Number(busybox[3])]
		if (busybox[2] === 'y') return large * 365 * 86_400
		return busybox[2] === 'd' ? large * 86_400 + small * 3600 : large * 3600 + small * 60
	}
	const clock = /^(?:(\d{1,6})-)?(?:(\d{1,2}):)?(\d{1,2}):(\d{2})$/.exec(word)
	if (!clock) return undefined
	const [days, hours, minutes, seconds] = clock.slice(1).map(part => Number(part ?? 0))
	return (days ?? 0) * 86_400 + (hours ?? 0) * 3600 + (minutes ?? 0) * 60 + (seconds ?? 0)
}

/** Kilobytes, in busybox with a unit when there are many: `1.2g`. Bytes. */
function residentOf(word: string): number {
	const found = /^(\d{1,12}(?:\.\d+)?)([mgt]?)$/.exec(word)
	return found ? Number(found[1]) * 1024 ** (' mgt'.indexOf(found[2] || ' ') + 1) : 0
}

/** `lstart` is in the node's local time, in English whatever the locale. */
function startOf(words: readonly string[], zone: number): number | undefined {
	const at = Date.parse(`${words.slice(1).join(' ')} UTC`)
	return Number.isNaN(at) ? undefined : at - zone
}

interface Times {
	/** Milliseconds that local time is ahead of UTC, where known. */
	zone: number | undefined
	/** When the list was taken. */
	taken: number
}

function processOf(line: Line, columns: readonly string[], { zone, taken }: Times): Process | undefined {
	const words = [...line.text.matchAll(/\S+/g)]
	const values = new Map<string, string[]>()
	let at = 0
	for (const column of columns) {
		const width = column === 'STARTED' ? startedWords : 1
		if (known.has(column))
			values.set(
				column,
				words.slice(at, at + width).map(word => word[0]),
			)
		at += width
	}
	const command = words[at]
	const word = (column: string) => values.get(column)?.[0] ?? ''
	const elapsedSeconds = elapsedOf(word('ELAPSED'))
	if (!command || !/^\d{1,10}$/.test(word('PID')) || elapsedSeconds === undefined) return undefined
	const told = zone === undefined ? undefined : startOf(values.get('STARTED') ?? [], zone)
	const startedAt = told ?? taken - elapsedSeconds * 1000
	const cpu = Number.parseFloat(word('%CPU'))
	return {
		pid: Number(word('PID')),
		ppid: /^\d{1,10}$/.test(word('PPID')) ? Number(word('PPID')) : 0,
		user: word('USER'),
		stat: word('STAT'),
		...(Number.isFinite(startedAt) && { startedAt }),
		elapsedSeconds,
		rss: residentOf(word('RSS')),
		cpuPercent: Number.isFinite(cpu) ? cpu : 0,
		args: line.text.slice(command.index),
	}
}

function parse(bundle: Bundle): Process[] | undefined {
	const times = { zone: zoneOffsetOf(bundle), taken: Date.parse(bundle.takenAt) }
	const processes: Process[] = []
	let columns: string[] | undefined
	for (const line of linesOf(bundle.files.get(file))) {
		columns ??= columnsOf(line)
		const process = processOf(line, columns, times)
		if (process) processes.push(process)
	}
	return processes.length > 0 ? processes : undefined
}

async function collect(ask: Ask): Promise<void> {
	await firstAnswer(ask, file, [
		['ps', '-eo', 'pid,ppid,user,stat,lstart,etimes,rss,pcpu,args', '-ww'],
		// busybox knows no -e and fewer columns; its STAT may hold a blank (`S <`).
		['ps', '-o', 'pid,ppid,user,etime,rss,args'],
	])
}

export const processes = source({
	name: 'processes',
	title: 'processes',
	wants: () => [{ file, askFor: 'ps -ef' }],
	collect,
	parse,
})
