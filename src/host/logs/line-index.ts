/**
 * Where lines begin in a file that is read from its end: the count of line ends per block, nothing else. Four bytes
 * for every 64 kB of the log.
 */
import type { Bytes } from './bytes.js'

export const blockSize = 64 * 1024
const newline = 10

export class LineIndex {
	readonly #bytes: Bytes
	readonly #buffer = Buffer.allocUnsafe(blockSize)
	#loaded = -1
	#filled = 0
	/** Bytes that are known. */
	#size: number
	/** Number of the line that is going on where block `b` begins; known from `#lowBlock` on. */
	#at: Int32Array
	#lowBlock: number
	#end = 0
	#lastNewline = -1

	constructor(bytes: Bytes) {
		this.#bytes = bytes
		this.#size = bytes.size()
		const blocks = Math.ceil(this.#size / blockSize)
		this.#at = new Int32Array(blocks + 64)
		this.#lowBlock = Math.max(0, blocks - 1)
		// Counted from the end: what stands before the size at opening has numbers below 0.
		if (blocks > 0) this.#at[this.#lowBlock] = -this.#count(this.#lowBlock, this.#size)
		this.#endsWith(this.#size)
		this.back(1)
	}

	get size(): number {
		return this.#size
	}

	get end(): number {
		// A last line without a line end counts, too.
		return this.#end + (this.#lastNewline === this.#size - 1 || this.#size === 0 ? 0 : 1)
	}

	/** Lowest line whose beginning is known. */
	get low(): number {
		return this.#lowBlock === 0 ? this.#first() : this.#first() + 1
	}

	get begin(): number | undefined {
		return this.#lowBlock === 0 ? this.#first() : undefined
	}

	#first(): number {
		return this.#at[this.#lowBlock] ?? 0
	}

	/** Goes `blocks` further back. */
	back(blocks: number): void {
		for (let done = 0; done < blocks && this.#lowBlock > 0; done += 1) {
			const block = this.#lowBlock - 1
			const count = this.#count(block, (block + 1) * blockSize)
			this.#at[block] = (this.#at[this.#lowBlock] ?? 0) - count
			this.#lowBlock = block
		}
	}

	/** Takes in what was added; whether something was. */
	grow(): boolean {
		const size = this.#bytes.size()
		if (size <= this.#size) return false
		const from = this.#size
		for (let block = Math.floor(from / blockSize); block * blockSize < size; block += 1) {
			if (block + 2 > this.#at.length) {
				const wider = new Int32Array(this.#at.length * 2 + 64)
				wider.set(this.#at)
				this.#at = wider
			}
			const start = block * blockSize
			if (start >= from) this.#at[block] = this.#end
			this.#loaded = -1
			// More may have come since it was measured: that is counted the next time.
			const piece = this.block(block).subarray(0, size - start)
			for (let at = piece.indexOf(newline, Math.max(0, from - start)); at >= 0; ) {
				this.#end += 1
				this.#lastNewline = start + at
				at = piece.indexOf(newline, at + 1)
			}
		}
		this.#size = size
		return true
	}

	shrunk(): boolean {
		return this.#bytes.size() < this.#size
	}

	/** Byte at which line `number` begins. It must be known. */
	offset(number: number): number {
		if (number >= this.end) return this.#size
		let low = this.#lowBlock
		let high = Math.floor(Math.max(0, this.#size - 1) / blockSize)
		// The last block in which a line before this one is still going on at its beginning.
		while (low < high) {
			const middle = (low + high + 1) >> 1
			if ((this.#at[middle] ?? 0) < number) low = middle
			else high = middle - 1
		}
		let left = number - (this.#at[low] ?? 0)
		if (left <= 0) return low * blockSize
		const piece = this.block(low)
		let at = -1
		while (left > 0) {
			at = piece.indexOf(newline, at + 1)
			if (at < 0) return Math.min(this.#size, (low + 1) * blockSize)
			left -= 1
		}
		return low * blockSize + at + 1
	}

	/** The block in which line `number` begins. */
	blockOf(number: number): number {
		return Math.floor(this.offset(number) / blockSize)
	}

	/** Number of the first line that begins in a block or later; the block must be known. */
	firstIn(block: number): number {
		return block === 0 ? this.#first0() : (this.#at[block] ?? 0) + 1
	}

	#first0(): number {
		return this.#at[0] ?? 0
	}

	/** A block's bytes; valid until the next call. */
	block(block: number): Buffer {
		if (this.#loaded !== block) {
			this.#filled = this.#bytes.read(this.#buffer, block * blockSize, blockSize)
			this.#loaded = block
		}
		return this.#buffer.subarray(0, this.#filled)
	}

	#count(block: number, before: number): number {
		const piece = this.block(block).subarray(0, before - block * blockSize)
		let count = 0
		for (let at = piece.indexOf(newline); at >= 0; at = piece.indexOf(newline, at + 1)) count += 1
		return count
	}

	#endsWith(size: number): void {
		if (size === 0) return
		const block = Math.floor((size - 1) / blockSize)
		const piece = this.block(block)
		this.#lastNewline = piece[size - 1 - block * blockSize] === newline ? size - 1 : -1
	}
}
