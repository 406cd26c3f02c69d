// Logs: a million lines are opened, moved in, filtered and searched, beside what grep and tail take; then followed.
import { spawn, spawnSync } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { writeBigLog } from './big-log.mjs'
import { median } from './figures.mjs'

const count = 1_000_000
const worker = fileURLToPath(new URL('../../dist/test/bench/log-browser.js', import.meta.url))

/** Milliseconds that a command takes, of three runs the middle one. */
function floor(program, ...args) {
	const times = [1, 2, 3].map(() => {
		const began = performance.now()
		// To a pipe: where nobody reads, grep stops at the first line.
		spawnSync(program, args, { stdio: ['ignore', 'pipe', 'ignore'] })
		return performance.now() - began
	})
	return median(times)
}

/** Runs the browser in a process of its own, so that its memory is its own. */
function browse(...args) {
	return new Promise((resolve, reject) => {
		const child = spawn(process.execPath, [worker, ...args], {
			stdio: ['ignore', 'pipe', 'inherit'],
			env: { ...process.env, NODE_ENV: 'production' },
		})
		let said = ''
		child.stdout.on('data', piece => {
			said += piece
		})
		child.on('exit', code =>
			code === 0 ? resolve(JSON.parse(said)) : reject(new Error(`ended with ${code}`)),
		)
	})
}

export async function logFigures({ seconds = 60 } = {}) {
	const folder = mkdtempSync(join(tmpdir(), 'k3s-doctor-bench-'))
	try {
		const path = join(folder, 'big.log')
		const bytes = await writeBigLog(path, count)
		const grep = floor('grep', '-c', 'flannel', path)
		const tail = floor('tail', '-n', '40', path)
		const open = await browse('open', path)
		const follow = await browse('follow', join(folder, 'growing.log'), String(seconds))
		const of = `${count.toLocaleString('en')} lines, ${(bytes / 1e6).toFixed(0)} MB`
		return [
			{
				what: `open at the end (${of}; tail -n 40: ${tail.toFixed(0)} ms)`,
				value: open.open,
				unit: 'ms',
				bound: 150,
			},
			{
				what: 'key to painted frame, p95, 120×40: scrolling and paging',
				value: open.scroll,
				unit: 'ms',
				bound: 8,
			},
			{ what: '  jumping: first and last line, errors, hits', value: open.jump, unit: 'ms', bound: 8 },
			{ what: '  scrolling and jumping with an active filter', value: open.filtered, unit: 'ms', bound: 8 },
			{
				what: `search in all of it, ${open.hits} hits (grep -c: ${grep.toFixed(0)} ms)`,
				value: open.search,
				unit: 'ms',
				bound: 1000,
			},
			{ what: '  longest that a key waited meanwhile', value: open.during, unit: 'ms', bound: 50 },
			{ what: '  until a search that is given up ends', value: open.stop, unit: 'ms', bound: 50 },
			{ what: 'resident memory after all that', value: open.resident, unit: 'MB', bound: 150 },
			{
				what: `following 5,000 lines/s for ${seconds} s: CPU of a core`,
				value: follow.cpu,
				unit: '%',
				bound: 50,
			},
			{
				what: '  growth of memory from the first quarter to the last',
				value: follow.growth,
				unit: 'MB',
				bound: 10,
			},
			{ what: '  longest that a key waited', value: follow.key, unit: 'ms', bound: 50 },
			{ what: `  lines that arrived of ${follow.written}`, value: follow.seen, unit: 'lines' },
		]
	} finally {
		rmSync(folder, { recursive: true, force: true })
	}
}
