/** `free` and `uptime`, in the words of /proc. */
import { bytesOf } from '../bytes.js'
import type { Draft, Placed, Source } from '../draft.js'
import { placed } from '../draft.js'

/** What a bare number of each form of the command counts. */
const unitOf = { free: 1024, 'free -b': 1, 'free -m': 1024 * 1024, 'free -h': 1 } as const
export type FreeForm = keyof typeof unitOf

/** `Mem:  23Gi 1.9Gi …` -> /proc/meminfo, in kB. Old versions have no `available`, but `-/+ buffers/cache`. */
export function addFree(into: Draft, from: Source | undefined, form: FreeForm): void {
	if (!from) return
	const unit = unitOf[form]
	let heads: string[] = []
	const lines: Placed[] = []
	for (const { text, line, file } of placed(from)) {
		const words = text.trim().split(/\s+/)
		if (words[0] === 'total') heads = words
		const value = (head: string) => bytesOf(words[heads.indexOf(head) + 1] ?? '', unit)
		const put = (name: string, bytes: number | undefined) => {
			if (bytes !== undefined) lines.push({ text: `${name}: ${Math.round(bytes / 1024)} kB`, line, file })
		}
		if (words[0] === 'Mem:' && heads.length > 0) {
			put('MemTotal', value('total'))
			put('MemFree', value('free'))
			if (heads.includes('available')) put('MemAvailable', value('available'))
			else put('Cached', value('cached') ?? value('buff/cache'))
		} else if (words[0] === 'Swap:') {
			put('SwapTotal', bytesOf(words[1] ?? '', unit))
			put('SwapFree', bytesOf(words[3] ?? '', unit))
		}
	}
	if (lines.some(({ text }) => text.startsWith('MemTotal'))) into.lines('files/proc/meminfo', lines)
}

/** `up 2:14`, `up 5 days, 3:02`, `up 34 min`: seconds. */
function upSeconds(text: string): number | undefined {
	const up = /\bup +(.*?),? +\d+ users?\b|\bup +(.*?), +load/.exec(text)
	const words = up?.[1] ?? up?.[2]
	if (words === undefined) return undefined
	const days = Number(/(\d+) days?/.exec(words)?.[1] ?? 0)
	const clock = /(\d{1,2}):(\d\d)/.exec(words)
	const minutes = Number(/(\d+) min/.exec(words)?.[1] ?? 0)
	const hours = Number(/(\d+) hours?/.exec(words)?.[1] ?? 0)
	const seconds = (Number(clock?.[1] ?? hours) * 60 + Number(clock?.[2] ?? minutes)) * 60 + days * 86_400
	return seconds > 0 ? seconds : 30
}

/** Characters of it; more would be none. */
const longest = 500

/** ` 05:55:18 up  2:14,  0 user,  load average: 3.50, 4.06, 5.58` */
export function addUptime(into: Draft, from: Source | undefined): void {
	if (!from) return
	const [first] = placed({ ...from, text: from.text.slice(0, longest) })
	if (!first) return
	const load = /load average: ([\d.,]+?),? +([\d.,]+?),? +([\d.,]+)$/.exec(first.text.trim())
	const seconds = upSeconds(first.text)
	if (load) {
		const numbers = load.slice(1, 4).map(word => word.replace(',', '.'))
		into.lines('files/proc/loadavg', [{ ...first, text: `${numbers.join(' ')} 0/0 0` }])
	}
	if (seconds !== undefined) into.lines('files/proc/uptime', [{ ...first, text: `${seconds}.00 0.00` }])
}
