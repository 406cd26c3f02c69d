/** The app painted by Ink into a real terminal emulator, at any size. */
import { EventEmitter } from 'node:events'
import { Writable } from 'node:stream'
import xterm from '@xterm/headless'
import type { Effect } from '../../src/app/message.js'
import { type Start, type State, start } from '../../src/app/state.js'
import { type Loop, loop } from '../../src/program/loop.js'
import { mount } from '../../src/tui/mount.js'
import type { Look } from '../../src/tui/theme.js'

class Output extends Writable {
	readonly isTTY = true
	bytes = 0
	constructor(
		readonly terminal: xterm.Terminal,
		public columns: number,
		public rows: number,
	) {
		super({ decodeStrings: false })
	}
	override _write(chunk: string | Buffer, _encoding: string, done: () => void): void {
		this.bytes += chunk.length
		this.terminal.write(typeof chunk === 'string' ? chunk : chunk.toString('utf8'), done)
	}
}

class Input extends EventEmitter {
	readonly isTTY = true
	private readonly waiting: string[] = []
	send(text: string): void {
		this.waiting.push(text)
		this.emit('readable')
	}
	read(): string | null {
		return this.waiting.shift() ?? null
	}
	setEncoding(): void {}
	setRawMode(): void {}
	ref(): void {}
	unref(): void {}
}

export interface ScreenOptions extends Partial<Start> {
	columns?: number
	rows?: number
	look?: Look
	/** What is done with effects besides noting them. */
	perform?: (effect: Effect, state: State) => void
}

export interface Screen {
	app: Loop
	effects: Effect[]
	output: Output
	/** As bytes of a keyboard; all of it arrives in one read. */
	keys(text: string): void
	resize(columns: number, rows: number): void
	/** What stands on the screen, row by row, trailing blanks cut. */
	rows(): string[]
	text(): string
	/** SGR state of a cell. */
	cell(column: number, row: number): xterm.IBufferCell | undefined
	/** Waits until what is on the screen is as wanted; then returns it. */
	until(wanted: (text: string) => boolean, what?: string): Promise<string>
	/** Waits until everything that was sent is painted. */
	painted(): Promise<void>
	redraw(): void
	terminal: xterm.Terminal
	close(): void
}

export const plain: Look = { depth: 256, background: 'dark', ascii: false }

export function openScreen({
	columns = 80,
	rows = 24,
	look = plain,
	perform,
	...first
}: ScreenOptions = {}): Screen {
	const terminal = new xterm.Terminal({
		cols: columns,
		rows,
		allowProposedApi: true,
		convertEol: true,
		scrollback: 50,
	})
	// As the program borrows it: long rows are cut at the edge.
	terminal.write('\u001b[?7l')
	const output = new Output(terminal, columns, rows)
	const input = new Input()
	const effects: Effect[] = []
	const app = loop(
		start({ mode: 'bundle', from: 'a bundle', size: { columns, rows }, ...first }),
		(effect, state) => {
			effects.push(effect)
			perform?.(effect, state)
		},
	)
	const mounted = mount({
		program: app,
		look,
		output: output as unknown as NodeJS.WriteStream,
		input: input as unknown as NodeJS.ReadStream,
	})
	const drained = () => new Promise<void>(resolve => terminal.write('', resolve))
	const lines = () => {
		const buffer = terminal.buffer.active
		return Array.from({ length: terminal.rows }, (_, row) =>
			(buffer.getLine(buffer.baseY + row)?.translateToString(true) ?? '').trimEnd(),
		)
	}
	const text = () => lines().join('\n')
	return {
		app,
		effects,
		output,
		keys: keys => input.send(keys),
		resize: (wide, high) => {
			terminal.resize(wide, high)
			output.columns = wide
			output.rows = high
			output.emit('resize')
		},
		rows: lines,
		text,
		cell: (column, row) =>
			terminal.buffer.active.getLine(terminal.buffer.active.baseY + row)?.getCell(column),
		painted: async () => {
			await mounted.painted()
			await drained()
		},
		until: async (wanted, what = 'the screen did not become as wanted') => {
			const ends = performance.now() + 5_000
			while (!wanted(text())) {
				if (performance.now() > ends) throw new Error(`${what}; it shows:\n${text()}`)
				await mounted.painted()
				await drained()
			}
			return text()
		},
		redraw: mounted.redraw,
		terminal,
		close: mounted.unmount,
	}
}
