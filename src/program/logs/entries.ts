/** Rows that were read into their parts, each once as long as it is near the screen. */
import type { LogReader } from '../../host/logs/reader.js'
import type { LogRow, RawLine } from '../../model/log-line.js'
import type { YearHint } from '../../sources/journal/prefix.js'
import { mayGoOn, readEntry } from '../../sources/log/entry.js'

/** Some screenfuls. */
const mostKept = 2_000
/** So far above a line is looked for the panic that it belongs to. */
const lookBack = 40

export class Entries {
	readonly #reader: LogReader
	readonly #hint: YearHint
	readonly #known = new Map<number, LogRow>()

	constructor(reader: LogReader, hint: YearHint) {
		this.#reader = reader
		this.#hint = hint
	}

	/** `undefined` when they cannot be read at once. */
	range(from: number, to: number): LogRow[] | undefined {
		if (to <= from) return []
		const rows: LogRow[] = []
		for (let number = from; number < to; number += 1) {
			const row = this.#known.get(number)
			if (!row) return this.#read(from, to)
			rows.push(row)
		}
		return rows
	}

	/** A row among others that are far apart: what stands above it is read only where it may be a part of that. */
	one(number: number): LogRow | undefined {
		const known = this.#known.get(number)
		if (known) return known
		const [line] = this.#reader.read(number, number + 1) ?? []
		if (!line) return undefined
		return mayGoOn(line.text, this.#hint) ? this.#read(number, number + 1)?.[0] : this.#entry(line, undefined)
	}

	/** A line may have grown since it was read. */
	forget(number: number): void {
		this.#known.delete(number)
		this.#known.delete(number - 1)
	}

	#read(from: number, to: number): LogRow[] | undefined {
		const start = Math.max(from - lookBack, Math.min(from, this.#reader.low))
		const lines = this.#reader.read(start, to)
		if (!lines) return undefined
		const rows: LogRow[] = []
		let before: LogRow | undefined
		for (const line of lines) {
			const row = this.#known.get(line.number) ?? this.#entry(line, before)
			before = row
			if (line.number >= from) rows.push(row)
		}
		return rows
	}

	#entry(line: RawLine, before: LogRow | undefined): LogRow {
		const row = readEntry(line, this.#hint, before)
		if (this.#known.size >= mostKept) {
			// The oldest half: what was asked for last stays.
			let left = mostKept / 2
			for (const number of this.#known.keys()) {
				if (left-- <= 0) break
				this.#known.delete(number)
			}
		}
		this.#known.set(line.number, row)
		return row
	}
}
