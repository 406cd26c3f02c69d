// Times beside their floor: what is measured and what it is measured against take turns, so that a busy moment of the
// machine falls on both.
import { spawn } from 'node:child_process'
import pty from '@lydell/node-pty'
import { median, spread } from './figures.mjs'

export const runs = 15

/** Runs each of `works` in turn, `runs` times; name -> milliseconds of each run. One round before does not count. */
export async function inTurns(works, times = runs) {
	const taken = Object.fromEntries(Object.keys(works).map(name => [name, []]))
	for (let round = -1; round < times; round += 1) {
		for (const [name, work] of Object.entries(works)) {
			const began = performance.now()
			const ms = (await work()) ?? performance.now() - began
			if (round >= 0) taken[name].push(ms)
		}
	}
	return taken
}

/** A figure that is a ratio of two series of one `inTurns`. */
export function ratio(what, values, floorName, floors, bound) {
	const value = median(values) / median(floors)
	const says = `${median(values).toFixed(0)} ms, spread ${spread(values).toFixed(0)}; ${floorName} ${median(floors).toFixed(0)} ms, spread ${spread(floors).toFixed(0)}; n=${values.length}`
	return { what: `${what} (${says})`, value, unit: '×', bound }
}

/** Until the process has ended. */
export function untilEnd(file, args) {
	return new Promise((resolve, reject) => {
		const child = spawn(file, args, { stdio: ['ignore', 'pipe', 'ignore'] })
		child.stdout.resume()
		child.on('error', reject)
		child.on('close', () => resolve(undefined))
	})
}

/** A program on a terminal; `until` sees all that came so far and says when it is enough. */
export function onTerminal(file, args, { columns = 80, rows = 24 } = {}) {
	const { NO_COLOR: _none, FORCE_COLOR: _forced, ...env } = process.env
	const began = performance.now()
	const program = pty.spawn(file, args, {
		cols: columns,
		rows,
		name: 'xterm-256color',
		env: { ...env, CI: 'false', LANG: 'C.UTF-8' },
	})
	let seen = ''
	let waiting
	let over = false
	const look = () => {
		if (!waiting?.wanted(seen)) return
		waiting.resolve(performance.now() - began)
		waiting = undefined
	}
	program.onData(data => {
		seen += data
		look()
	})
	const ended = new Promise(resolve => {
		program.onExit(() => {
			over = true
			waiting?.reject(new Error(`the program ended before it had shown what was wanted:\n${seen}`))
			resolve(undefined)
		})
	})
	return {
		pid: program.pid,
		/** Milliseconds since the start. */
		until: wanted =>
			new Promise((resolve, reject) => {
				waiting = { wanted, resolve, reject }
				look()
			}),
		async close() {
			if (!over) program.kill('SIGTERM')
			await ended
		},
	}
}
