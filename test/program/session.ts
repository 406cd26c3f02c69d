/** A person at a real terminal: a shell in a pty, what it shows in an emulator. */
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import pty from '@lydell/node-pty'
import xterm from '@xterm/headless'
import { built } from '../built.js'

// Tests run from the sources, the README's script from what was compiled of them: one folder deeper.
function rootFolder(): string {
	for (const up of ['../../', '../../../']) {
		const folder = fileURLToPath(new URL(up, import.meta.url))
		if (existsSync(join(folder, 'bin', 'k3s-doctor.js'))) return folder
	}
	throw new Error('the program is not where it should be')
}

const root = rootFolder()

export const node = process.execPath
export const bin = join(root, 'bin', 'k3s-doctor.js')

const quote = (word: string) => `'${word.replaceAll("'", `'\\''`)}'`
/** The program as a line for the shell: as it was compiled, or the built file that is to be tested. */
export const doctor = (...args: string[]) => [...(built ?? [node, bin]), ...args].map(quote).join(' ')

export interface Session {
	/** What is on the screen now. */
	text(): string
	/** Everything that the terminal was sent. */
	raw(): string
	send(keys: string): void
	resize(columns: number, rows: number): void
	until(wanted: (text: string) => boolean, what: string, limitMs?: number): Promise<string>
	/** The screen once nothing has come for a moment: a picture of it must not be half a frame. */
	still(): Promise<string>
	alternate(): boolean
	modes(): xterm.IModes
	/** Of the program, which leads the session. */
	pid: number
	/** Resolves with its exit status. */
	ended: Promise<number>
	/** The terminal goes away, as when an ssh connection breaks. */
	hangUp(): void
	close(): void
}

export interface Window {
	columns?: number
	rows?: number
	env?: Record<string, string>
}

export function openShell(window: Window = {}): Session {
	return openProgram('bash', ['--norc', '--noprofile', '-i'], window)
}

/** Any program, alone on a terminal. */
export function openProgram(
	file: string,
	args: readonly string[],
	{ columns = 80, rows = 24, env = {} }: Window = {},
): Session {
	const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true, scrollback: 500 })
	const { NO_COLOR: _plain, FORCE_COLOR: _forced, ...own } = process.env
	const child = pty.spawn(file, [...args], {
		cols: columns,
		rows,
		name: env.TERM ?? 'xterm-256color',
		cwd: root,
		// As in CI, where Ink would take the terminal for a log.
		env: { ...own, CI: 'true', LANG: 'C.UTF-8', PS1: '$ ', HISTFILE: '', ...env },
	})
	let raw = ''
	const ended = Promise.withResolvers<number>()
	child.onExit(({ exitCode }) => ended.resolve(exitCode))
	child.onData(data => {
		raw += data
		terminal.write(data)
	})
	terminal.onData(answer => child.write(answer))
	const text = () => {
		const buffer = terminal.buffer.active
		return Array.from({ length: terminal.rows }, (_, row) =>
			(buffer.getLine(buffer.baseY + row)?.translateToString(true) ?? '').trimEnd(),
		).join('\n')
	}
	return {
		text,
		raw: () => raw,
		send: keys => child.write(keys),
		resize: (wide, high) => {
			terminal.resize(wide, high)
			child.resize(wide, high)
		},
		until: async (wanted, what, limitMs = 60_000) => {
			const ends = performance.now() + limitMs
			while (!wanted(text())) {
				if (performance.now() > ends) throw new Error(`${what}: not so. The screen:\n${text()}`)
				await new Promise(resolve => setTimeout(resolve, 10))
			}
			return text()
		},
		still: async () => {
			for (let before = -1; before !== raw.length; ) {
				before = raw.length
				await new Promise(resolve => setTimeout(resolve, 250))
			}
			return text()
		},
		alternate: () => terminal.buffer.active.type === 'alternate',
		modes: () => terminal.modes,
		pid: child.pid,
		ended: ended.promise,
		hangUp: () => {
			child.kill('SIGHUP')
			;(child as unknown as { destroy(): void }).destroy()
		},
		close: () => child.kill('SIGKILL'),
	}
}
