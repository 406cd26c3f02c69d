/** `lines` of a text -> 1-based line of an offset in that text. */
export function lineFinder(lines: readonly string[]): (offset: number) => number {
	const starts: number[] = []
	let at = 0
	for (const line of lines) {
		starts.push(at)
		at += line.length + 1
	}
	return offset => {
		let low = 0
		let high = starts.length
		while (low < high) {
			const middle = (low + high) >> 1
			if ((starts[middle] ?? 0) <= offset) low = middle + 1
			else high = middle
		}
		return Math.max(1, low)
	}
}
