/**
 * A log is scrolled as fast as keys come. Ink lays out and compares every cell of the screen for each frame; while a
 * log is looked at, only the rows that change are written instead, and Ink, which goes on reading the keys, is not
 * told. On the way back both paint, which writes the same cells twice and is never wrong, until Ink has caught up.
 */
import { frameOf } from '../app/frame.js'
import { placeOf, type State } from '../app/state.js'
import type { Program } from './app.js'
import type { Painter } from './paint.js'
import { changeRows } from './rows.js'

export interface QuickOptions {
	program: Program
	paint: Painter
	output: NodeJS.WriteStream
	/** Resolves when Ink has written all that it was told. */
	inkPainted(): Promise<void>
	/** Ink paints everything. */
	never: boolean
}

export interface Quick {
	/** The program as Ink's app sees it. */
	readonly forInk: Program
	/** Gives the whole screen to Ink until `resume`. */
	pause(): void
	resume(): void
	/** Writes what has not been written yet. */
	flush(): void
	stop(): void
}

/** Milliseconds in which there are two frames at most: a key and its answer are never held up, a flood of news is. */
const forTwo = 16
/** Painted as a whole by terminals that know it, ignored by the others. */
const together = (text: string) => `\u001b[?2026h${text}\u001b[?2026l`

/** Who paints: Ink; nobody, while Ink writes its last frame; only changed rows; or both, until Ink has caught up. */
type Who = 'ink' | 'held' | 'rows' | 'both'

export function quick({ program, paint, output, inkPainted, never }: QuickOptions): Quick {
	const listeners = new Set<() => void>()
	let who: Who = 'ink'
	let seenByInk = program.state()
	let shown: readonly string[] = []
	let paused = false
	/** Changes of who paints: what was begun before the last one is no longer waited for. */
	let turns = 0
	let painted = Number.NEGATIVE_INFINITY
	let paintedBefore = painted
	let next: NodeJS.Timeout | undefined
	let blocked = false

	const rowsOf = (state: State) => frameOf(state).lines.map(line => paint(line, state.size.columns))

	const tellInk = () => {
		seenByInk = program.state()
		for (const listener of listeners) listener()
	}

	const paintNow = () => {
		clearTimeout(next)
		next = undefined
		if (blocked) return
		const rows = rowsOf(program.state())
		const change = changeRows(shown, rows)
		shown = rows
		if (change === '') return
		paintedBefore = painted
		painted = performance.now()
		output.write(together(change))
		if (!output.writableNeedDrain) return
		// A slow line: what comes meanwhile is painted once, when there is room again.
		blocked = true
		output.once('drain', () => {
			blocked = false
			if (who === 'rows' || who === 'both') paintNow()
		})
	}

	const paintSoon = () => {
		if (next) return
		const wait = paintedBefore + forTwo - performance.now()
		if (wait <= 0) paintNow()
		else next = setTimeout(paintNow, wait)
	}

	/** A log that is open, in a window that the state knows. */
	const isQuick = (state: State) => {
		if (never) return false
		const place = placeOf(state)
		const { columns, rows } = state.size
		return (
			place.kind === 'log' && place.phase === 'open' && columns === output.columns && rows === output.rows
		)
	}

	/** From Ink to rows: what comes while Ink writes its last frame is held back for that long. */
	const takeOver = async () => {
		who = 'held'
		turns += 1
		const turn = turns
		const last = seenByInk
		await inkPainted()
		if (turn !== turns) return
		shown = rowsOf(last)
		who = 'rows'
		paintNow()
	}

	/** From rows to Ink, once what Ink has written is what the state says. */
	const giveBack = async () => {
		who = 'both'
		turns += 1
		const turn = turns
		let last: State
		do {
			last = seenByInk
			await inkPainted()
			if (turn !== turns) return
		} while (last !== program.state() || blocked)
		who = isQuick(last) ? 'rows' : 'ink'
	}

	const onChange = () => {
		const quickly = isQuick(program.state())
		if (quickly && who === 'held') return
		if (quickly && who === 'rows') return paintSoon()
		if (who === 'rows' || who === 'both') paintNow()
		tellInk()
		if (who === 'rows') void giveBack()
		else if (who === 'held') toInk()
		else if (who === 'ink' && quickly && !paused) void takeOver()
	}
	const unsubscribe = program.subscribe(onChange)

	const toInk = () => {
		who = 'ink'
		turns += 1
	}

	const pause = () => {
		paused = true
		clearTimeout(next)
		next = undefined
		if (who === 'ink') return
		toInk()
		tellInk()
	}

	return {
		forInk: {
			state: () => seenByInk,
			send: message => program.send(message),
			subscribe: listener => {
				listeners.add(listener)
				return () => listeners.delete(listener)
			},
		},
		pause,
		resume: () => {
			paused = false
			if (who === 'ink' && isQuick(program.state())) void takeOver()
		},
		flush: () => {
			if (next) paintNow()
		},
		stop: () => {
			pause()
			unsubscribe()
		},
	}
}
