/** Logs one after the other as one: rotated files before the one that is written to, earlier instances before later. */
import type { Growth, LogReader } from '../../host/logs/reader.js'
import type { RawLine } from '../../model/log-line.js'

interface Part {
	reader: LogReader
	/** What is added to its numbers. Known from the newest part back, as soon as the later one's beginning is. */
	shift: number | undefined
}

/**
 * `open` opens the part `index` (0 is the oldest) when it is needed. `next` opens what came after the last one,
 * the oldest first, when that is found to have been renamed.
 */
export function chainedReader(
	count: number,
	open: (index: number) => LogReader,
	next?: () => readonly LogReader[],
): LogReader {
	let lowest = count - 1
	/** Oldest first. */
	const parts: Part[] = [{ reader: open(lowest), shift: 0 }]
	const first = () => parts[0] as Part
	const last = () => parts.at(-1) as Part
	const shifted = (part: Part, number: number) => number + (part.shift ?? 0)

	/** Goes on to the part before, once the oldest open one is read to its beginning. */
	function further(): boolean {
		const part = first()
		if (part.reader.begin === undefined || lowest === 0) return false
		lowest -= 1
		const low = shifted(part, part.reader.begin)
		const reader = open(lowest)
		parts.unshift({ reader, shift: low - reader.end })
		return true
	}

	const low = () => shifted(first(), first().reader.low)
	const begin = () =>
		lowest === 0 && first().reader.begin !== undefined
			? shifted(first(), first().reader.begin ?? 0)
			: undefined

	return {
		get low() {
			return low()
		},
		get begin() {
			return begin()
		},
		get end() {
			return shifted(last(), last().reader.end)
		},
		read: (from, to) => {
			if (from < low() && begin() === undefined) return undefined
			const lines: RawLine[] = []
			for (const part of parts) {
				const shift = part.shift ?? 0
				const own = part.reader.read(from - shift, to - shift)
				if (!own) return undefined
				for (const line of own) lines.push({ ...line, number: line.number + shift })
			}
			return lines
		},
		reach: async (wanted, signal) => {
			while (low() > wanted && !signal.aborted) {
				const part = first()
				if (part.reader.begin !== undefined && part.reader.low <= part.reader.begin) {
					if (!further()) return
					continue
				}
				await part.reader.reach(wanted - (part.shift ?? 0), signal)
			}
			// An empty oldest part has its beginning at once.
			while (first().reader.begin !== undefined && first().reader.begin === first().reader.end && further());
		},
		load: async (from, to) => {
			for (const { reader, shift = 0 } of parts) await reader.load(from - shift, to - shift)
		},
		sift: (test, before, ms) => {
			for (const part of parts.toReversed()) {
				const shift = part.shift ?? 0
				const start = shifted(part, part.reader.begin ?? part.reader.low)
				if (before <= start && part !== first()) continue
				const found = part.reader.sift?.(test, before - shift, ms)
				return (
					found && {
						kept: found.kept.map(number => number + shift),
						tags: found.tags,
						low: found.low + shift,
					}
				)
			}
			return undefined
		},
		refresh: async () => last().reader.refresh?.(),
		...(last().reader.follow && {
			follow: (grown: (news: Growth) => void) => {
				let end: (() => void) | undefined
				const over = new AbortController()
				const watch = () => {
					end = last().reader.follow?.(news => {
						if (news !== 'renamed') return grown(news)
						const readers = next?.() ?? []
						if (readers.length === 0) return
						end?.()
						void goOnIn(readers)
					})
				}
				/** What stands in new files already is new as well, however much that is. */
				const goOnIn = async (readers: readonly LogReader[]) => {
					for (const reader of readers) {
						if (reader.begin === undefined) await reader.reach(Number.NEGATIVE_INFINITY, over.signal)
						const base = shifted(last(), last().reader.end)
						if (over.signal.aborted) reader.close()
						else parts.push({ reader, shift: base - (reader.begin ?? reader.low) })
					}
					if (over.signal.aborted) return
					grown('grown')
					watch()
				}
				watch()
				return () => {
					over.abort()
					end?.()
				}
			},
		}),
		close: () => {
			for (const { reader } of parts) reader.close()
		},
	}
}
