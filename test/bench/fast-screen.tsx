/** The app on a terminal that only counts: for measuring without the time of an emulator. */
import { EventEmitter } from 'node:events'
import { start } from '../../src/app/state.js'
import { logDesk } from '../../src/program/logs/desk.js'
import { type Loop, loop } from '../../src/program/loop.js'
import { mount } from '../../src/tui/mount.js'

/** `logs`: with a desk that opens the logs of this host. */
export function openFast(columns: number, rows: number, { logs = false } = {}) {
	let written = 0
	let frame: (() => void) | undefined
	const output = Object.assign(new EventEmitter(), {
		isTTY: true,
		columns,
		rows,
		writable: true,
		write: (data: string, done?: () => void) => {
			if (data.length > 20) {
				written = performance.now()
				frame?.()
			}
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
	const mode = logs ? 'live' : 'bundle'
	const app: Loop = loop(start({ mode, from: 'a bundle', size: { columns, rows } }), (effect, state) => {
		if (effect.kind === 'log') desk.do(effect.id, effect.wish, state)
		else if (effect.kind === 'keys') app.send({ type: 'keys', keys: effect.keys })
	})
	const desk = logDesk({
		send: message => app.send(message),
		state: () => app.state(),
		lend: async () => {},
		environment: {},
	})
	const { unmount } = mount({
		program: app,
		look: { depth: 256, background: 'dark', ascii: false },
		output: output as unknown as NodeJS.WriteStream,
		input: input as unknown as NodeJS.ReadStream,
	})
	const type = (key: string): number => {
		const began = performance.now()
		waiting.push(key)
		input.emit('readable')
		return began
	}
	return {
		app,
		/** Types a key and waits for nothing; when that was. */
		type,
		/** Milliseconds from the key until the next frame: where frames come all the time. */
		tap: async (key: string): Promise<number> => {
			const painted = new Promise<void>(resolve => {
				frame = resolve
			})
			const began = type(key)
			await painted
			return performance.now() - began
		},
		close: () => {
			desk.close()
			unmount()
		},
		/**
		 * Milliseconds from the key until the last frame that it led to was written, with a pause before, as between the
		 * keys of a hand; NaN when nothing changed on the screen.
		 */
		press: async (key: string): Promise<number> => {
			await pause(25)
			written = Number.NEGATIVE_INFINITY
			const began = type(key)
			while (written < began ? performance.now() - began < patience : performance.now() - written < quiet)
				await pause(1)
			return written < began ? Number.NaN : written - began
		},
	}
}

/** Milliseconds without a frame, after which none is expected any more, and without a first one. */
const quiet = 20
const patience = 100
const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))
