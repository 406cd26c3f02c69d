/** Several logs as one, by time. Lines without a time stay with the one above them. */
import { type Growth, type LogReader, pause } from '../../host/logs/reader.js'
import type { RawLine } from '../../model/log-line.js'
import { Growing } from './growing.js'

export interface MergedLine extends RawLine {
	/** Which of the logs. */
	readonly of: number
}

interface Part {
	reader: LogReader
	/** The next line to be taken going back is the one before this. */
	low: number
	/** The next one to be taken of what came since. */
	high: number
	/** A run of lines going back that is not taken yet, the newest last; all but the first carry the first's time. */
	ahead: RawLine[]
}

const readAtOnce = 100
const sliceMs = 3

export function mergedReader(
	readers: readonly LogReader[],
	timeOf: (line: RawLine) => number | undefined,
): LogReader {
	const parts: Part[] = readers.map(reader => ({ reader, low: reader.end, high: reader.end, ahead: [] }))
	const back = { of: new Growing(), number: new Growing() }
	const front = { of: new Growing(), number: new Growing() }
	let done = false

	const exhausted = ({ reader, low, ahead }: Part) =>
		ahead.length === 0 && reader.begin !== undefined && low <= reader.begin

	/** Time of the newest line of a part that is not taken. */
	const newest = (part: Part): number => {
		for (let at = part.ahead.length - 1; at >= 0; at -= 1) {
			const line = part.ahead[at]
			const time = line && timeOf(line)
			if (time !== undefined) return time
		}
		return Number.NEGATIVE_INFINITY
	}

	async function fill(part: Part, signal: AbortSignal): Promise<void> {
		const { reader } = part
		const from = part.low - readAtOnce
		if (from < reader.low) await reader.reach(from, signal)
		const first = Math.max(from, reader.low)
		let lines = reader.read(first, part.low)
		if (!lines) {
			await reader.load(first, part.low)
			lines = reader.read(first, part.low) ?? []
		}
		part.ahead = lines
		part.low = first
	}

	function take(part: Part, at: number): void {
		const line = part.ahead.pop()
		if (!line) return
		back.of.push(at)
		back.number.push(line.number)
	}

	async function reach(low: number, signal: AbortSignal): Promise<void> {
		let until = performance.now() + sliceMs
		while (-back.of.length > low && !done && !signal.aborted) {
			for (const part of parts) if (part.ahead.length === 0 && !exhausted(part)) await fill(part, signal)
			let best = -1
			let bestTime = Number.NEGATIVE_INFINITY
			for (const [at, part] of parts.entries()) {
				if (part.ahead.length === 0) continue
				const time = newest(part)
				if (best < 0 || time > bestTime) {
					best = at
					bestTime = time
				}
			}
			const part = parts[best]
			if (!part) {
				done = true
				break
			}
			take(part, best)
			if (performance.now() > until) {
				await pause()
				until = performance.now() + sliceMs
			}
		}
	}

	/** What came since, by time as far as it came together. */
	function grow(): boolean {
		const fresh: { of: number; number: number; at: number }[] = []
		for (const [of, part] of parts.entries()) {
			const lines = part.reader.read(part.high, part.reader.end) ?? []
			let last = 0
			for (const line of lines) {
				last = timeOf(line) ?? last
				fresh.push({ of, number: line.number, at: last })
			}
			part.high = part.reader.end
		}
		for (const { of, number } of fresh.sort((one, other) => one.at - other.at)) {
			front.of.push(of)
			front.number.push(number)
		}
		return fresh.length > 0
	}

	const where = (number: number) =>
		number < 0
			? { of: back.of.at(-number - 1), number: back.number.at(-number - 1) }
			: { of: front.of.at(number), number: front.number.at(number) }

	function read(from: number, to: number): MergedLine[] | undefined {
		if (from < -back.of.length && !done) return undefined
		const lines: MergedLine[] = []
		for (let number = Math.max(from, -back.of.length); number < Math.min(to, front.of.length); number += 1) {
			const { of, number: own } = where(number)
			const line = parts[of]?.reader.read(own, own + 1)
			if (!line) return undefined
			const [only] = line
			if (only) lines.push({ ...only, number, of })
		}
		return lines
	}

	return {
		get low() {
			return -back.of.length
		},
		get begin() {
			return done ? -back.of.length : undefined
		},
		get end() {
			return front.of.length
		},
		read,
		reach,
		load: async (from, to) => {
			for (
				let number = Math.max(from, -back.of.length);
				number < Math.min(to, front.of.length);
				number += 1
			) {
				const { of, number: own } = where(number)
				const reader = parts[of]?.reader
				if (reader && !reader.read(own, own + 1)) await reader.load(own, own + 1)
			}
		},
		refresh: async () => {
			for (const { reader } of parts) await reader.refresh?.()
			grow()
		},
		...(readers.some(({ follow }) => follow) && {
			follow: (grown: (news: Growth) => void) => {
				const ends = readers.map(reader =>
					reader.follow?.(news => grown(news === 'grown' && !grow() ? 'same' : news)),
				)
				return () => {
					for (const end of ends) end?.()
				}
			},
		}),
		close: () => {
			for (const reader of readers) reader.close()
		},
	}
}
