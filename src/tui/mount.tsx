/** Puts the app on a terminal: Ink's settings, and a picture that is whole again after a resize. */
import { type Instance, render } from 'ink'
import { App, type Lend, type Program } from './app.js'
import { rowsPainter } from './paint.js'
import { quick } from './quick.js'
import type { Look } from './theme.js'

export interface MountOptions {
	program: Program
	look: Look
	input: NodeJS.ReadStream
	output: NodeJS.WriteStream
}

export interface Mounted {
	/** Clears the screen and paints all of it anew. */
	redraw(): void
	/** Leaves the screen to others while `work` runs. */
	lend: Lend
	/** Resolves when everything has been painted. */
	painted(): Promise<void>
	/** Rejects when painting failed. */
	ended: Promise<unknown>
	unmount(): void
}

const clearScreen = '\u001b[2J\u001b[H'

export function mount({ program, look, input, output }: MountOptions): Mounted {
	let given: Lend | undefined
	const onLend = (lend: Lend) => {
		given = lend
	}
	const rowsOf = rowsPainter(look)
	const hand = quick({
		program,
		rowsOf,
		output,
		inkPainted: () => instance.waitUntilRenderFlush(),
		// What a screen reader is to say, Ink writes in another way.
		never: process.env.INK_SCREEN_READER === 'true',
	})
	const app = () => <App program={hand.forInk} rowsOf={rowsOf} onLend={onLend} />
	const instance: Instance = render(app(), {
		stdout: output,
		stdin: input,
		interactive: true,
		alternateScreen: true,
		incrementalRendering: true,
		exitOnCtrlC: false,
		patchConsole: false,
		maxFps: 60,
	})
	let over = false
	const redraw = () => {
		if (over) return
		hand.pause()
		instance.clear()
		output.write(clearScreen)
		instance.rerender(app())
		hand.resume()
	}
	// Ink compares with what it painted; what the terminal made of that while it was resized, nobody knows.
	const onResize = () => {
		hand.pause()
		setImmediate(redraw)
	}
	output.on('resize', onResize)
	return {
		redraw,
		lend: async work => {
			hand.pause()
			try {
				await given?.(work)
			} finally {
				hand.resume()
			}
		},
		painted: () => {
			hand.flush()
			return instance.waitUntilRenderFlush()
		},
		ended: instance.waitUntilExit(),
		unmount: () => {
			over = true
			output.off('resize', onResize)
			hand.stop()
			instance.unmount()
		},
	}
}
