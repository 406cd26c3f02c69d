/** What real shells offer when Tab is pressed behind a line. */
import { spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import pty from '@lydell/node-pty'
import xterm from '@xterm/headless'

export type Shell = 'bash' | 'zsh' | 'fish'

export function installed(program: string): boolean {
	return spawnSync(program, ['--version'], { stdio: 'ignore' }).error === undefined
}

export interface Completing {
	/** The words on the screen once Tab was pressed behind `line` and these showed up, those of the line among them. */
	offered(line: string, wanted: readonly string[]): Promise<string[]>
	close(): void
}

const ready = 'READY'
const columns = 400
const rows = 300
/** How the shell takes the script, shows every candidate at once, and says that it is ready. */
const starts: Record<Shell, { argv: string[]; setUp(script: string): string }> = {
	bash: {
		argv: ['--norc', '--noprofile', '-i'],
		setUp: script =>
			`bind 'set show-all-if-ambiguous on' 'set completion-query-items 0' 'set page-completions off' 'set enable-bracketed-paste off'; source ${script}`,
	},
	zsh: {
		argv: ['-f', '-i'],
		setUp: script =>
			`autoload -Uz compinit; compinit -D -u; LISTMAX=0; zstyle ':completion:*' list-prompt ''; unsetopt zle_bracketed_paste; source ${script}`,
	},
	fish: { argv: [], setUp: () => '' },
}

/** A shell that knows the script and stands in a folder with these files. */
export async function completing(
	shell: Shell,
	script: string,
	files: readonly string[],
): Promise<Completing> {
	const folder = mkdtempSync(join(tmpdir(), 'k3s-doctor-completion-'))
	const close = () => rmSync(folder, { recursive: true, force: true })
	const path = join(folder, '.script')
	writeFileSync(path, script)
	for (const file of files) writeFileSync(join(folder, file), '')
	return shell === 'fish' ? fish(folder, path, close) : inTerminal(shell, folder, path, close)
}

/** fish answers the question itself. */
function fish(folder: string, script: string, close: () => void): Completing {
	return {
		offered: async line => {
			const { stdout, stderr } = spawnSync(
				'fish',
				['--no-config', '-c', 'source $argv[1]; complete -C $argv[2]', script, line],
				{ cwd: folder, encoding: 'utf8', env: { ...process.env, HOME: folder } },
			)
			if (stderr !== '') throw new Error(stderr)
			return stdout.split('\n').map(row => row.split('\t', 1)[0] ?? '')
		},
		close,
	}
}

async function inTerminal(
	shell: 'bash' | 'zsh',
	folder: string,
	script: string,
	close: () => void,
): Promise<Completing> {
	const { argv, setUp } = starts[shell]
	const child = pty.spawn(shell, argv, {
		cols: columns,
		rows,
		cwd: folder,
		env: { PATH: process.env.PATH ?? '', HOME: folder, TERM: 'xterm', LANG: 'C.UTF-8', PS1: '$ ' },
	})
	const terminal = new xterm.Terminal({ cols: columns, rows, allowProposedApi: true })
	let raw = ''
	child.onData(data => {
		raw += data
		terminal.write(data)
	})
	/** The screen says how a line ends up that a shell writes in pieces. */
	const screen = () => {
		const { active } = terminal.buffer
		return Array.from({ length: rows }, (_, row) =>
			active.getLine(active.baseY + row)?.translateToString(true),
		)
			.join('\n')
			.split(/\s+/)
	}
	/** Whether it came to that within the limit. */
	const until = async (so: () => boolean) => {
		const ends = performance.now() + 10_000
		while (!so()) {
			if (performance.now() > ends) return false
			await new Promise(resolve => setTimeout(resolve, 10))
		}
		return true
	}
	let count = 0
	/** Keys are worked off in order: what follows the mark was not there when it was typed. */
	const settle = async () => {
		count += 1
		child.write(`\u0015echo ${ready}-$((${count} + 1000))\r`)
		if (!(await until(() => raw.includes(`${ready}-${count + 1000}`))))
			throw new Error(`${shell} did not come back:\n${raw}`)
	}
	child.write(`${setUp(script)}\r`)
	await settle()
	return {
		offered: async (line, wanted) => {
			child.write('\u000c')
			await settle()
			raw = ''
			child.write(`${line}\t`)
			// zsh shows no list while a key waits.
			let shown: string[] = []
			await until(() => {
				shown = screen()
				return wanted.every(word => shown.includes(word))
			})
			await settle()
			return shown
		},
		close: () => {
			child.kill('SIGKILL')
			close()
		},
	}
}
