/** What becomes of k3s after the node was examined, told by the lines that its journal has got since. */
import { type LogReader, pause } from '../../host/logs/reader.js'
import type { Start } from '../../model/evidence/index.js'
import type { YearHint } from '../../sources/journal/prefix.js'
import { type StartCutter, startCutter } from '../../sources/journal/starts.js'
import { numberAtTime } from './seek.js'

/** Of more lines it is not told: they would be read while somebody waits for others. */
const most = 200_000
const atOnce = 500
const mostDistinct = 200

export class LaterStarts {
	readonly #reader: LogReader
	readonly #hint: YearHint
	readonly #tell: (starts: readonly Start[]) => void
	#cutter: StartCutter | undefined
	#fed = 0
	#stage = ''

	constructor(reader: LogReader, hint: YearHint, tell: (starts: readonly Start[]) => void) {
		this.#reader = reader
		this.#hint = hint
		this.#tell = tell
	}

	/** Reads what has come since `examinedAt`, epoch milliseconds; without it, what comes from now on. */
	async run(examinedAt: number | undefined, signal: AbortSignal): Promise<void> {
		const reader = this.#reader
		const from =
			examinedAt === undefined ? reader.end : await numberAtTime(reader, examinedAt + 1, this.#hint, signal)
		if (signal.aborted || reader.end - from > most) return
		this.#fed = from
		this.#cutter = startCutter('', this.#hint, { mostDistinct, goesOnFrom: examinedAt ?? Date.now() })
		while (this.#fed < reader.end && !signal.aborted) {
			if (!this.#feed()) await reader.load(this.#fed, Math.min(reader.end, this.#fed + atOnce))
			await pause()
		}
		this.#told()
	}

	grow(): void {
		if (!this.#cutter) return
		while (this.#fed < this.#reader.end && this.#feed());
		this.#told()
	}

	/** The next lines, if they are at hand. */
	#feed(): boolean {
		const lines = this.#reader.read(this.#fed, Math.min(this.#reader.end, this.#fed + atOnce))
		if (!lines || lines.length === 0) return false
		for (const { text } of lines) this.#cutter?.feed(text)
		this.#fed += lines.length
		return true
	}

	#told(): void {
		const stage = this.#cutter?.stage() ?? ''
		if (stage === this.#stage) return
		this.#stage = stage
		this.#tell(this.#cutter?.cut().starts ?? [])
	}
}
