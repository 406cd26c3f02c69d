/**
 * Lists and logs are scrolled as fast as keys come. Ink lays out and compares every cell of the screen for each frame,
 * 10 ms and more at 120×40, six times that on a small board; while one stays on a screen, only the rows that change are
 * written instead, and Ink, which goes on reading the keys, is not told. Another screen is painted by both, which writes
 * the same cells twice and is never wrong, until Ink has caught up.
 */
import { placeOf, type State } from '../app/state.js'
import type { Program } from './app.js'
import type { RowsOf } from './paint.js'
import { changeRows } from './rows.js'

export interface QuickOptions {
	program: Program
	rowsOf: RowsOf
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

/** Who paints: Ink; nobody for a moment, while Ink catches up with another screen; or only rows that change. */
type Who = 'ink' | 'held' | 'rows'

/** Which screen one is at: of another one Ink is told. */
function screenOf(state: State): string {
	return `${state.tab} ${state.places[state.tab].length} ${placeOf(state).kind}`
}

export function quick({ program, rowsOf, output, inkPainted, never }: QuickOptions): Quick {
	const listeners = new Set<() => void>()
	let who: Who = 'ink'
	let seenByInk = program.state()
	/** What the terminal shows; `undefined` while Ink may be writing something else. */
	let shown: readonly string[] | undefined
	let paused = false
	/** Changes of who paints: what was begun before the last one is no longer waited for. */
	let turns = 0
	let painted = Number.NEGATIVE_INFINITY
	let paintedBefore = painted
	let next: NodeJS.Timeout | undefined
	let blocked = false

	const tellInk = () => {
		seenByInk = program.state()
		for (const listener of listeners) listener()
	}

	const paintNow = () => {
		clearTimeout(next)
		next = undefined
		if (blocked || !shown) return
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
			paintNow()
		})
	}

	const paintSoon = () => {
		if (next) return
		const wait = paintedBefore + forTwo - performance.now()
		if (wait <= 0) paintNow()
		else next = setTimeout(paintNow, wait)
	}

	/** The window has the size that the state knows. */
	const fits = ({ size: { columns, rows } }: State) => columns === output.columns && rows === output.rows
	const isQuick = (state: State) => !never && fits(state) && screenOf(state) === screenOf(seenByInk)

	/** What comes while Ink writes its frame of a screen is held back for that long. */
	const catchUp = async () => {
		who = 'held'
		turns += 1
		const turn = turns
		const last = seenByInk
		do await inkPainted()
		while (blocked)
		if (turn !== turns) return
		shown = rowsOf(last)
		who = 'rows'
		paintNow()
	}

	const onChange = () => {
		if (isQuick(program.state())) {
			if (who === 'rows') paintSoon()
			if (who !== 'ink') return
		}
		// Another screen: the operator has it before Ink is told.
		paintNow()
		tellInk()
		if (!paused && isQuick(program.state())) void catchUp()
		else toInk()
	}
	const unsubscribe = program.subscribe(onChange)

	const toInk = () => {
		clearTimeout(next)
		next = undefined
		who = 'ink'
		shown = undefined
		turns += 1
	}

	const pause = () => {
		paused = true
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
			if (who === 'ink' && isQuick(program.state())) void catchUp()
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
