/**
 * What k3s writes where a terminal is: `INFO[0005] words`, in colours, seconds since its start instead of a time; docker
 * compose puts a name before each line. Turned into the form in which k3s logs elsewhere, line by line.
 */
import { klogHead } from '../../sources/journal/line.js'
import { klogTime } from '../../sources/log/entry.js'
import { terminalLine } from '../../sources/log/terminal.js'
import { yearHint } from './guess.js'

/** `k3s-server-1  | ` or `k3s[7]: ` before a line of k3s: of docker compose, or of a head that lost its time. */
const speaker =
	/^(?:[\w.-]{1,80} *\| |k3s(?:-server|-agent)?(?:\[\d{1,9}\])?: )(?=time="|level=\w|[IWEF]\d{4} |(?:INFO|WARN|ERRO|FATA|DEBU|TRAC|PANI)\[|\u001b|\{)/
const colours = /\u001b\[[\d;]*m/g
/** `level=fatal msg="…"` whose time was left away, perhaps with dots in its place. */
const timeless = /^(?:(?:\.{3}|…) ?)?(?=level=(?:trace|debug|info|warning|error|fatal|panic) msg=)/

/** So many lines show in which form the others are. */
const sample = 200
const sampled = (text: string) => text.slice(0, 256 * 1024).split('\n', sample)

/**
 * The lines as k3s wrote them: without colours, the name of a container, or the blanks and `>` that stand before each
 * line of a quotation. A long log that is none of these is not taken apart.
 */
function bareText(text: string): string {
	const plain = text.includes('\u001b[') ? text.replace(colours, '') : text
	const told = markOf(sampled(plain)) === '' ? plain : unquoted(plain.split('\n')).join('\n')
	return hasSpeakers(told)
		? told
				.split('\n')
				.map(line => line.replace(speaker, ''))
				.join('\n')
		: told
}

/** What stands before every line that holds anything. */
function markOf(lines: readonly string[]): string {
	const said = lines.filter(line => line.trim() !== '')
	const mark = /^[ \t>]*/.exec(said[0] ?? '')?.[0] ?? ''
	return said.every(line => line.startsWith(mark)) ? mark : ''
}

function unquoted(lines: readonly string[]): readonly string[] {
	const mark = markOf(lines)
	return mark === '' ? lines : lines.map(line => line.slice(mark.length))
}

function hasSpeakers(text: string): boolean {
	return sampled(text).some(line => speaker.test(line))
}

function isOfTerminal(text: string): boolean {
	return sampled(text).some(line => terminalLine(line) !== undefined)
}

/** Milliseconds at which each line with seconds was said, when the last was said at `endsAt`. Each start counts from 0. */
function timesOf(lines: readonly string[], endsAt: number): Map<number, number> {
	const seconds = new Map<number, number>()
	for (const [index, line] of lines.entries()) {
		const told = terminalLine(line)?.told
		if (told !== undefined && /^\d{1,9}$/.test(told)) seconds.set(index, Number(told))
	}
	const times = new Map<number, number>()
	let began: number | undefined
	let later = 0
	for (const [index, told] of [...seconds].reverse()) {
		// An earlier start ended when the next one began.
		if (began === undefined) began = endsAt - told * 1_000
		else if (told > later) began -= told * 1_000
		later = told
		times.set(index, began + told * 1_000)
	}
	return times
}

function timeOf(told: string): number | undefined {
	const at = Date.parse(told)
	return Number.isNaN(at) ? undefined : at
}

/** When the last line was said, as Kubernetes' parts tell it, which name a time but no year; else when it was written. */
function endOf(lines: readonly string[], writtenAt: number): number {
	const hint = yearHint(writtenAt)
	const said = lines.findLast(line => klogHead.test(line))
	return (said === undefined ? undefined : klogTime(said, hint)) ?? writtenAt
}

/** `text` in the form of a log file, whose last line was written at `writtenAt`. Lines keep their numbers. */
function fromTerminal(text: string, writtenAt: number): string {
	const lines = text.split('\n')
	const endsAt = endOf(lines, writtenAt)
	const times = timesOf(lines, endsAt)
	const end = new Date(endsAt).toISOString()
	return lines
		.map((line, index) => {
			const here = terminalLine(line)
			if (!here) return timeless.test(line) ? line.replace(timeless, `time="${end}" `) : line
			const { level, told, says } = here
			const at = times.get(index) ?? timeOf(told) ?? endsAt
			const fields = says.search(/ +error=(?:"|\S)/)
			const said = fields < 0 ? says : says.slice(0, fields)
			const error = fields < 0 ? '' : ` ${says.slice(fields).trim()}`
			return `time="${new Date(at).toISOString()}" level=${level} msg=${JSON.stringify(said)}${error}`
		})
		.join('\n')
}

export interface PlainLog {
	/** In the form in which k3s writes to a file. */
	text: string
	/** k3s wrote to a terminal or in a container: no service manager that is known here has started it. */
	byHand: boolean
}

/** A log of any kind. `writtenAt`, epoch milliseconds: for lines that tell no time. */
export function plainLog(given: string, writtenAt: number): PlainLog {
	const bare = bareText(given)
	const ofTerminal = isOfTerminal(bare)
	const lacksTimes = ofTerminal || sampled(bare).some(line => timeless.test(line))
	return {
		text: lacksTimes ? fromTerminal(bare, writtenAt) : bare,
		byHand: ofTerminal || sampled(given).some(line => /^[\w.-]{1,80} *\| /.test(line) && speaker.test(line)),
	}
}
