/** Lines that were read in order, in chunks; only the chunks that were used last are kept, of the others a cursor. */
import type { RawLine } from '../../model/log-line.js'

interface Chunk {
	/** Number of its first line. */
	from: number
	lines: RawLine[] | undefined
	count: number
	entries: number
	/** Of its newest entry: what a rotation takes away are the oldest ones. */
	cursor: string
	used: number
}

const mostKept = 40

export class LineChunks {
	readonly #size: number
	/** Oldest first. */
	#chunks: Chunk[] = []
	#clock = 0

	constructor(size: number) {
		this.#size = size
	}

	get low(): number {
		return this.#chunks[0]?.from ?? 0
	}

	get end(): number {
		const last = this.#chunks.at(-1)
		return last ? last.from + last.count : 0
	}

	/** An entry older than all that are there. */
	before(lines: readonly RawLine[], cursor: string): void {
		let first = this.#chunks[0]
		if (!first?.lines || first.entries >= this.#size || first.from >= 0) {
			first = this.#chunk(this.low, cursor)
			this.#chunks.unshift(first)
			this.#letGo()
		}
		const { low } = this
		const own = lines.map((line, index) => ({ ...line, number: low - lines.length + index }))
		first.lines?.unshift(...own)
		first.from -= own.length
		first.count += own.length
		first.entries += 1
	}

	/** An entry newer than all that are there. */
	after(lines: readonly RawLine[], cursor: string): void {
		let last = this.#chunks.at(-1)
		if (!last?.lines || last.entries >= this.#size || last.from < 0) {
			last = this.#chunk(this.end, cursor)
			this.#chunks.push(last)
			this.#letGo()
		}
		for (const line of lines) last.lines?.push({ ...line, number: last.from + last.count++ })
		last.entries += 1
		last.cursor = cursor
	}

	/** `undefined` when some of them were let go. */
	read(from: number, to: number): RawLine[] | undefined {
		const found: RawLine[] = []
		for (const chunk of this.#among(from, to)) {
			if (!chunk.lines) return undefined
			chunk.used = ++this.#clock
			const first = Math.max(0, from - chunk.from)
			for (const line of chunk.lines.slice(first, Math.max(first, to - chunk.from))) found.push(line)
		}
		return found
	}

	/** `again`: so many entries up to the one with this cursor, the oldest first, as far as they are still there. */
	async load(
		from: number,
		to: number,
		again: (cursor: string, entries: number) => Promise<RawLine[][]>,
	): Promise<void> {
		for (const chunk of this.#among(from, to)) {
			if (chunk.lines) continue
			const lines = (await again(chunk.cursor, chunk.entries)).flat()
			// Rotated away since: the numbers stay, the words are gone.
			while (lines.length < chunk.count) lines.unshift({ number: 0, text: '(no longer in the journal)' })
			chunk.lines = lines.slice(-chunk.count).map((line, index) => ({ ...line, number: chunk.from + index }))
			chunk.used = ++this.#clock
			this.#letGo()
		}
	}

	#chunk(from: number, cursor: string): Chunk {
		return { from, lines: [], count: 0, entries: 0, cursor, used: ++this.#clock }
	}

	#among(from: number, to: number): Chunk[] {
		let low = 0
		let high = this.#chunks.length
		while (low < high) {
			const middle = (low + high) >> 1
			const chunk = this.#chunks[middle]
			if (chunk && chunk.from + chunk.count <= from) low = middle + 1
			else high = middle
		}
		const found: Chunk[] = []
		for (let at = low; at < this.#chunks.length; at += 1) {
			const chunk = this.#chunks[at]
			if (!chunk || chunk.from >= to) break
			found.push(chunk)
		}
		return found
	}

	#letGo(): void {
		const held = this.#chunks.filter(({ lines }) => lines !== undefined)
		if (held.length <= mostKept) return
		const growing = new Set([this.#chunks[0], this.#chunks.at(-1)])
		const oldest = held.filter(chunk => !growing.has(chunk)).sort((one, other) => one.used - other.used)
		for (const chunk of oldest.slice(0, held.length - mostKept)) chunk.lines = undefined
	}
}
