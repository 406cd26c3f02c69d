/** `systemctl status`: what it says of a unit, as a block of `systemctl show`. */
import type { Draft, Placed, Source } from '../draft.js'
import { placed } from '../draft.js'

const heading = /^[●×○↻*]\s+([A-Za-z0-9:_.@\\-]{1,255}\.service)(?:\s+-|$)/

export function isStatus(text: string): boolean {
	return heading.test(text.trimStart()) && /^ {3,}Loaded: /m.test(text.slice(0, 2000))
}

/** Blocks of the services; `only` those that a rule may look at. */
export function addStatus(into: Draft, from: Source, only: (unit: string) => boolean): void {
	const lines: Placed[] = []
	let unit: string | undefined
	for (const line of placed(from)) {
		const { text } = line
		const next = heading.exec(text)?.[1]
		if (next !== undefined) {
			if (unit !== undefined) lines.push({ ...line, text: '' })
			unit = only(next) ? next : undefined
			if (unit !== undefined) lines.push({ ...line, text: `Id=${unit}` })
			continue
		}
		if (unit === undefined) continue
		const add = (made: string) => lines.push({ ...line, text: made })
		const loaded = /^ +Loaded: (\S+)(?: \((\/[^;)]+)(?:; ([\w-]+))?)?/.exec(text)
		if (loaded) {
			add(`LoadState=${loaded[1]}`)
			if (loaded[2]) add(`FragmentPath=${loaded[2]}`)
			if (loaded[3]) add(`UnitFileState=${loaded[3]}`)
		}
		const active =
			/^ +Active: (\w+)(?: \((.+?)\))?(?: \(Result: ([\w-]+)\))?(?: since (\w{3} [\d-]+ [\d:]+ \S+);)?/.exec(
				text,
			)
		if (active) {
			add(`ActiveState=${active[1]}`)
			const [sub = '', told] = (active[2] ?? 'dead').split(') (Result: ')
			add(`SubState=${sub}`)
			add(`Result=${told ?? active[3] ?? 'success'}`)
			if (active[4])
				add(`${active[1] === 'active' ? 'ActiveEnterTimestamp' : 'InactiveEnterTimestamp'}=${active[4]}`)
		}
		const main = /^ +Main PID: (\d{1,10}) (\((?:code=(\w+), status=(\d{1,3})))?/.exec(text)
		if (main) {
			if (main[3]) {
				add(`ExecMainCode=${main[3]}`)
				add(`ExecMainStatus=${main[4]}`)
			} else add(`MainPID=${main[1]}`)
		}
	}
	into.lines('commands/systemctl-show.txt', lines)
}
