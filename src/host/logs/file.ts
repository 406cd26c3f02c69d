/** A log in a file, of any size: open at its end at once, read backwards as far as somebody wants to see. */
import { statSync } from 'node:fs'
import type { RawLine } from '../../model/log-line.js'
import { type Bytes, openBytes } from './bytes.js'
import { blockSize, LineIndex } from './line-index.js'
import { type Growth, type LogReader, longestLine, pause, type Sifted, type Test } from './reader.js'
import { siftRegion } from './sift.js'

/** Milliseconds between two looks at a file that is followed. */
const lookEvery = 100
/** How long work may keep the program from answering a key. */
const sliceMs = 3
const newline = 10

/** Throws what opening throws. `isOver`: whether another file, of another name, goes on where this one ends. */
export function fileReader(path: string, isOver?: () => boolean): LogReader {
	return readerOf(openBytes(path), path, isOver)
}

export function readerOf(bytes: Bytes, path?: string, isOver: () => boolean = () => false): LogReader {
	const index = new LineIndex(bytes)
	const long = new LongLines(bytes, index)

	const reader: LogReader = {
		get low() {
			return index.low
		},
		get begin() {
			return index.begin
		},
		get end() {
			return index.end
		},
		read: (from, to) => (from < index.low && index.begin === undefined ? undefined : long.read(from, to)),
		reach: async (low, signal) => {
			while (index.low > low && index.begin === undefined && !signal.aborted) {
				const until = performance.now() + sliceMs
				while (index.low > low && index.begin === undefined && performance.now() < until) index.back(8)
				await pause()
			}
		},
		load: async () => {},
		sift: (test, before, ms) => siftFile(bytes, index, test, before, ms),
		close: () => bytes.close(),
		refresh: async () => void index.grow(),
	}
	if (path !== undefined && !path.endsWith('.gz')) {
		reader.follow = grown => watch(path, bytes, index, isOver, grown)
	}
	return reader
}

function watch(
	path: string,
	bytes: Bytes,
	index: LineIndex,
	isOver: () => boolean,
	grown: (news: Growth) => void,
): () => void {
	let over = false
	const look = () => {
		if (over) return
		if (index.shrunk()) return grown('cut')
		if (index.grow()) return grown('grown')
		// The last lines may have come between the two looks.
		if (isReplaced(path, bytes.inode) || isOver()) grown(index.grow() ? 'grown' : 'renamed')
	}
	const timer = setInterval(look, lookEvery)
	look()
	return () => {
		over = true
		clearInterval(timer)
	}
}

function isReplaced(path: string, inode: number): boolean {
	try {
		return statSync(path).ino !== inode
	} catch {
		// Between the renaming and the new file there is none; the next look finds it.
		return false
	}
}

/** Bytes that are read for one line, at first: most are shorter. A page of a filtered log is read line by line. */
const usualLine = 1024

/** Lines as text, however long they are. */
class LongLines {
	/** Made once: a page is read with many keys. */
	readonly #piece = Buffer.allocUnsafe(longestLine * 2)
	readonly #bytes: Bytes
	readonly #index: LineIndex

	constructor(bytes: Bytes, index: LineIndex) {
		this.#bytes = bytes
		this.#index = index
	}

	read(from: number, to: number): RawLine[] {
		const index = this.#index
		const first = Math.max(from, index.low)
		const last = Math.min(to, index.end)
		const lines: RawLine[] = []
		let at = index.offset(first)
		const piece = this.#piece
		let room = Math.min(piece.length, usualLine * (last - first + 3))
		for (let number = first; number < last; ) {
			const got = this.#bytes.read(piece, at, room)
			const whole = at + got >= index.size
			let used = 0
			while (number < last && used <= got) {
				let end = piece.subarray(0, got).indexOf(newline, used)
				if (end < 0 && !whole) break
				if (end < 0) end = got
				lines.push(lineOf(number, piece.subarray(used, end)))
				number += 1
				used = end + 1
			}
			if (used === 0 && room < piece.length) {
				room = piece.length
				continue
			}
			if (used === 0 && number < last) {
				// Longer than what is read at once: its beginning, and on to the next one.
				const next = index.offset(number + 1)
				const text = textOf(piece.subarray(0, Math.min(longestLine, next - at)))
				lines.push({ number, text, bytes: next - at - 1 })
				number += 1
				at = next
			} else at += used
			if (got === 0) break
		}
		return lines
	}
}

function lineOf(number: number, bytes: Buffer): RawLine {
	if (bytes.length <= longestLine) return { number, text: textOf(bytes) }
	return { number, text: textOf(bytes.subarray(0, longestLine)), bytes: bytes.length }
}

/** Without the carriage return of other systems, and without half a character where it was cut. */
function textOf(bytes: Buffer): string {
	const end = bytes.at(-1) === 13 ? bytes.length - 1 : bytes.length
	const text = bytes.toString('utf8', 0, end)
	return bytes.length === longestLine ? text.replace(/\ufffd$/, '') : text
}

/** Blocks that are looked at together, so that few lines lie across a border. */
const together = 1

function siftFile(
	bytes: Bytes,
	index: LineIndex,
	test: Test,
	before: number,
	ms: number,
): Sifted | undefined {
	const until = performance.now() + ms
	const kept: number[] = []
	const tags: number[] = []
	let low = Math.min(before, index.end)
	while (performance.now() < until) {
		if (index.begin !== undefined && low <= index.begin) break
		if (low <= index.low) {
			if (kept.length > 0 || low < before) break
			return undefined
		}
		// All lines that begin behind a line end of this block, and before `low`.
		const stop = index.offset(low)
		const block = Math.max(0, Math.floor((index.offset(low - 1) - 1) / blockSize) - together + 1)
		const first = Math.max(index.low, index.firstIn(block))
		const start = index.offset(first)
		const found = siftRegion(bytes, test, { first, start, stop })
		for (let at = found.numbers.length - 1; at >= 0; at -= 1) {
			kept.push(found.numbers[at] ?? 0)
			tags.push(found.tags[at] ?? 0)
		}
		low = first
	}
	return { kept, tags, low }
}
