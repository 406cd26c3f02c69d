/** A text in memory, read like a log. */
import type { LogReader } from './reader.js'
import { longestLine } from './reader.js'

/** Lines between two looks at the clock: short texts are done in one go. */
const atOnce = 2_048

export function textReader(text: string): LogReader {
	const starts: number[] = []
	for (let at = 0; at < text.length; ) {
		starts.push(at)
		const end = text.indexOf('\n', at)
		at = end < 0 ? text.length : end + 1
	}
	const count = starts.length
	const lineOf = (number: number) => {
		const from = starts[number + count] ?? 0
		const next = starts[number + count + 1]
		let to = next === undefined ? text.length : next - 1
		if (next === undefined && text.charCodeAt(to - 1) === 10) to -= 1
		if (text.charCodeAt(to - 1) === 13) to -= 1
		const whole = to - from
		return whole > longestLine
			? { number, text: text.slice(from, from + longestLine), bytes: whole }
			: { number, text: text.slice(from, Math.max(from, to)) }
	}
	return {
		low: -count,
		begin: -count,
		end: 0,
		read: (from, to) => {
			const first = Math.max(from, -count)
			return Array.from({ length: Math.max(0, Math.min(to, 0) - first) }, (_, index) => lineOf(first + index))
		},
		sift: (test, before, ms) => {
			const until = performance.now() + ms
			const kept: number[] = []
			const tags: number[] = []
			let low = Math.min(before, 0)
			while (low > -count && (low % atOnce !== 0 || performance.now() < until)) {
				low -= 1
				const tag = test.line(lineOf(low).text)
				if (tag === 0) continue
				kept.push(low)
				tags.push(tag)
			}
			return { kept, tags, low }
		},
		reach: async () => {},
		load: async () => {},
		close: () => {},
	}
}
