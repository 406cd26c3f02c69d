/** Finds the line at a time, in a log whose lines are in order of time as logs are. */
import type { LogReader } from '../../host/logs/reader.js'
import type { YearHint } from '../../sources/journal/prefix.js'
import { timeOfLine } from '../../sources/log/entry.js'

/** Lines without a time (a stack trace) are passed over, so many at most. */
const mostTimeless = 200
const stride = 20_000

/** Number of the first line at `time` or later; the end when there is none. */
export async function numberAtTime(
	reader: LogReader,
	time: number,
	hint: YearHint,
	signal: AbortSignal,
): Promise<number> {
	const timeAt = async (number: number): Promise<number | undefined> => {
		const to = Math.min(reader.end, number + mostTimeless)
		for (let from = number; from < to; from += 10) {
			let lines = reader.read(from, Math.min(to, from + 10))
			if (!lines) {
				await reader.load(from, Math.min(to, from + 10))
				lines = reader.read(from, Math.min(to, from + 10)) ?? []
			}
			for (const line of lines) {
				const at = timeOfLine(line, hint)
				if (at !== undefined) return at
			}
		}
		return undefined
	}
	while (reader.begin === undefined && !signal.aborted) {
		const first = await timeAt(reader.low)
		if (first !== undefined && first < time) break
		await reader.reach(reader.low - stride, signal)
	}
	let low = reader.begin ?? reader.low
	let high = reader.end
	while (low < high && !signal.aborted) {
		const middle = (low + high) >> 1
		const at = await timeAt(middle)
		if (at !== undefined && at < time) low = middle + 1
		else high = middle
	}
	return low
}
