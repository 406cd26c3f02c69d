/**
 * What k3s writes where a terminal is: `INFO[0005] words`, in colours, seconds since its start instead of a time; docker
 * compose puts a name before each line. Turned into the form in which k3s logs elsewhere, line by line.
 */
import { terminalLine } from '../../sources/log/terminal.js'

/** `k3s-server-1  | ` before a line of k3s. */
const compose = /^[\w.-]{1,80} *\| (?=time="|[IWEFTDP]|\u001b|\{)/
const colours = /\u001b\[[\d;]*m/g

/**
 * The lines as k3s wrote them: without colours, the name of a container, or the blanks and `>` that stand before each
 * line of a quotation.
 */
export function bareText(text: string): string {
	const plain = text.includes('\u001b[') ? text.replace(colours, '') : text
	const lines = unquoted(plain.split('\n'))
	return (isOfCompose(plain) ? lines.map(line => line.replace(compose, '')) : lines).join('\n')
}

function unquoted(lines: readonly string[]): readonly string[] {
	const said = lines.filter(line => line.trim() !== '')
	const mark = /^[ \t>]*/.exec(said[0] ?? '')?.[0] ?? ''
	if (mark === '' || !said.every(line => line.startsWith(mark))) return lines
	return lines.map(line => line.slice(mark.length))
}

export function isOfCompose(text: string): boolean {
	return text.includes('| ') && text.split('\n', 200).some(line => compose.test(line))
}

/** Whether k3s was run on a terminal: then no service manager has started it. */
export function isOfTerminal(text: string): boolean {
	return text.split('\n', 200).some(line => terminalLine(line) !== undefined)
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

/** `text` in the form of a log file. `endsAt`, epoch milliseconds: when its last line was written. Lines keep their numbers. */
function fromTerminal(text: string, endsAt: number): string {
	const lines = text.split('\n')
	const times = timesOf(lines, endsAt)
	return lines
		.map((line, index) => {
			const here = terminalLine(line)
			if (!here) return line
			const { level, told, says } = here
			const at = times.get(index) ?? timeOf(told) ?? endsAt
			const fields = says.search(/ +error=(?:"|\S)/)
			const said = fields < 0 ? says : says.slice(0, fields)
			const error = fields < 0 ? '' : ` ${says.slice(fields).trim()}`
			return `time="${new Date(at).toISOString()}" level=${level} msg=${JSON.stringify(said)}${error}`
		})
		.join('\n')
}

/** A log of any kind in the form in which k3s writes to a file. */
export function logText(text: string, endsAt: number): string {
	const plain = bareText(text)
	return isOfTerminal(plain) ? fromTerminal(plain, endsAt) : plain
}
