/** The app on a terminal that only counts: for measuring without the time of an emulator. */
import { EventEmitter } from 'node:events'
import { start } from '../../src/app/state.js'
import { logDesk } from '../../src/program/logs/desk.js'
import { type Loop, loop } from '../../src/program/loop.js'
import { mount } from '../../src/tui/mount.js'

/** `logs`: with a desk that opens the logs of this host. */
export function openFast(columns: number, rows: number, { logs = false } = {}) {
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
	return {
		app,
		close: () => {
			desk.close()
			unmount()
		},
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
