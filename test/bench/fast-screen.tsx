/** The app on a terminal that only counts: for measuring without the time of an emulator. */
import { EventEmitter } from 'node:events'
import { render } from 'ink'
import { start } from '../../src/app/state.js'
import { loop } from '../../src/program/loop.js'
import { App } from '../../src/tui/app.js'

export function openFast(columns: number, rows: number) {
	let written: (() => void) | undefined
	const output = Object.assign(new EventEmitter(), {
		isTTY: true,
		columns,
		rows,
		writable: true,
		write: (data: string, done?: () => void) => {
			if (data.length > 20) written?.()
			if (done) setImmediate(done)
			return true
		},
	})
	const waiting: string[] = []
	const input = Object.assign(new EventEmitter(), {
		isTTY: true,
		read: () => waiting.shift() ?? null,
		setEncoding: () => {},
		setRawMode: () => {},
		ref: () => {},
		unref: () => {},
	})
	const app = loop(start({ mode: 'bundle', from: 'a bundle', size: { columns, rows } }), () => {})
	const instance = render(<App program={app} look={{ depth: 256, background: 'dark', ascii: false }} />, {
		stdout: output as unknown as NodeJS.WriteStream,
		stdin: input as unknown as NodeJS.ReadStream,
		interactive: true,
		alternateScreen: true,
		incrementalRendering: true,
		exitOnCtrlC: false,
		patchConsole: false,
		maxFps: 60,
	})
	return {
		app,
		close: () => instance.unmount(),
		/** Milliseconds from the key until its frame was written; after a pause, as between the keys of a hand. */
		press: async (key: string): Promise<number> => {
			await new Promise(resolve => setTimeout(resolve, 25))
			const painted = new Promise<void>(resolve => {
				written = resolve
			})
			const began = performance.now()
			waiting.push(key)
			input.emit('readable')
			await painted
			written = undefined
			return performance.now() - began
		},
	}
}
