/** Keeps one end of a program's output in bounded memory, however much it prints. */

export interface Kept {
	/** Takes a piece; `false` once nothing more can change what is kept. */
	push(piece: Buffer): boolean
	/** What was kept, in whole lines where it was cut. Bytes that are no UTF-8 read U+FFFD. */
	text(): string
	/** Which part is missing. */
	cut(): 'head' | 'tail' | undefined
}

/** Many tiny pieces would cost more than their bytes. */
const mostPieces = 1024

export function keep(maxBytes: number, end: 'head' | 'tail'): Kept {
	let pieces: Buffer[] = []
	let bytes = 0
	let lost = false

	function push(piece: Buffer): boolean {
		if (end === 'head' && bytes >= maxBytes) {
			lost ||= piece.length > 0
			return false
		}
		pieces.push(piece)
		bytes += piece.length
		if (end === 'tail') dropOldest()
		if (pieces.length > mostPieces) pieces = [Buffer.concat(pieces)]
		return end === 'tail' || bytes <= maxBytes
	}

	function dropOldest(): void {
		let drop = 0
		while (bytes - (pieces[drop]?.length ?? 0) >= maxBytes) {
			const oldest = pieces[drop]?.length ?? 0
			if (oldest === 0) break
			bytes -= oldest
			lost = true
			drop++
		}
		if (drop > 0) pieces = pieces.slice(drop)
	}

	function text(): string {
		const all = Buffer.concat(pieces)
		if (!isCut()) return all.toString('utf8')
		return end === 'head'
			? wholeLines(all.subarray(0, maxBytes), 'head')
			: wholeLines(all.subarray(-maxBytes), 'tail')
	}

	const isCut = () => lost || bytes > maxBytes

	return { push, text, cut: () => (isCut() ? (end === 'head' ? 'tail' : 'head') : undefined) }
}

/** Without the line that the cut went through; a single endless line stays as it is. */
export function wholeLines(bytes: Buffer, end: 'head' | 'tail'): string {
	if (end === 'tail') {
		const first = bytes.indexOf(10)
		return bytes.subarray(first >= 0 && first < bytes.length - 1 ? first + 1 : 0).toString('utf8')
	}
	const last = bytes.lastIndexOf(10)
	return bytes.subarray(0, last > 0 ? last + 1 : bytes.length).toString('utf8')
}
