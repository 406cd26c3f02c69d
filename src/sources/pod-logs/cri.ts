/** Lines of a container's log as the CRI writes them: `TIME stdout|stderr P|F text`. */
import type { PodLog } from '../../model/evidence/index.js'

type Line = PodLog['lines'][number]

/** What a person would read at most; the newest lines are kept. */
const mostLines = 5_000
const longestLine = 8_192

const head = /^(\d{4}-\d\d-\d\dT[\d:.]{8,18}(?:Z|[+-]\d\d:\d\d)) (stdout|stderr) ([PF](?::\S{0,20})?) ?/

/** A line of another shape (the cut first one, a driver's own) has no time and no stream. */
function readLine(raw: string): { at: number; stream: string; partial: boolean; text: string } | undefined {
	const parts = head.exec(raw.slice(0, 80))
	if (!parts) return undefined
	const at = Date.parse(parts[1] ?? '')
	if (Number.isNaN(at)) return undefined
	return {
		at,
		stream: parts[2] ?? '',
		partial: parts[3]?.startsWith('P') ?? false,
		text: raw.slice(parts[0].length),
	}
}

/** Long lines arrive in parts (`P`), the last one marked `F`; parts of both streams may alternate. */
export function readCri(content: string): Line[] {
	const lines: Line[] = []
	const open = new Map<string, Line>()
	const rows = content.split('\n')
	if (rows.at(-1) === '') rows.pop()
	for (const [index, raw] of rows.entries()) {
		const read = readLine(raw)
		if (!read) {
			// Without its head the first row is the rest of a line whose beginning was cut off.
			if (index === 0 && rows.length > 1) continue
			const at = lines.at(-1)?.at ?? 0
			if (raw.trim()) lines.push({ at, stream: '', text: raw.slice(0, longestLine), line: index + 1 })
			continue
		}
		const begun = open.get(read.stream)
		if (begun) {
			const room = longestLine - begun.text.length
			if (room > 0) begun.text += read.text.slice(0, room)
		} else {
			const { at, stream, text } = read
			const made = { at, stream, text: text.slice(0, longestLine), line: index + 1 }
			lines.push(made)
			if (read.partial) open.set(stream, made)
		}
		if (!read.partial) open.delete(read.stream)
	}
	return lines.length > mostLines ? lines.slice(-mostLines) : lines
}
