/** `ps aux`, with or without its forest, in the columns that the doctor asks for. */
import type { Draft, Placed, Source } from '../draft.js'
import { placed } from '../draft.js'

const months = ['Jan', 'Feb', 'Mar', 'Apr', 'May', 'Jun', 'Jul', 'Aug', 'Sep', 'Oct', 'Nov', 'Dec']

/** START is `05:55` today, `Nov20` this year, `2025` before. Seconds before `now`, a local time. */
function elapsed(start: string, now: number): number {
	const clock = /^(\d\d):(\d\d)$/.exec(start)
	const date = new Date(now)
	let at = now
	if (clock) {
		at = Date.UTC(
			date.getUTCFullYear(),
			date.getUTCMonth(),
			date.getUTCDate(),
			Number(clock[1]),
			Number(clock[2]),
		)
		if (at > now + 60_000) at -= 86_400_000
	} else if (/^20\d\d$/.test(start)) at = Date.UTC(Number(start), 6)
	else {
		const day = /^([A-Z][a-z]{2})(\d\d)$/.exec(start)
		if (day) at = Date.UTC(date.getUTCFullYear(), months.indexOf(day[1] ?? ''), Number(day[2]))
		if (at > now) at = now
	}
	return Math.max(0, Math.round((now - at) / 1000))
}

const head = /^USER +PID +%CPU +%MEM +VSZ +RSS +TTY +STAT +START +TIME +COMMAND/

export function isPs(line: string): boolean {
	return head.test(line)
}

/** `now`: the local time of the list. */
export function addPs(into: Draft, from: Source | undefined, now: number): void {
	if (!from) return
	const lines = placed(from)
	const at = lines.findIndex(({ text }) => head.test(text))
	const header = lines[at]
	if (!header) return
	const made: Placed[] = [{ ...header, text: 'PID PPID USER STAT ELAPSED RSS %CPU COMMAND' }]
	// In a forest a child stands below its parent, deeper by its branch.
	const above: { depth: number; pid: string }[] = []
	for (const line of lines.slice(at + 1)) {
		const words = [...line.text.matchAll(/\S+/g)]
		const word = (index: number) => words[index]?.[0] ?? ''
		const pid = word(1)
		if (!/^\d{1,10}$/.test(pid) || words.length < 11) continue
		const rest = line.text.slice(words[10]?.index ?? 0)
		const branch = /^(?:[ |]*\\_ )?/.exec(rest)?.[0] ?? ''
		const command = rest.slice(branch.length)
		const depth = (words[10]?.index ?? 0) + branch.length
		while ((above.at(-1)?.depth ?? -1) >= depth) above.pop()
		const parent = branch === '' ? undefined : above.at(-1)?.pid
		above.push({ depth, pid })
		const age = elapsed(word(8), now)
		const text = [pid, parent ?? (pid === '1' ? '0' : '1'), word(0), word(7), age, word(5), word(2), command]
		made.push({ ...line, text: text.join(' ') })
	}
	into.lines('commands/ps.txt', made)
}
