/** How fast the app is: first frame, key to painted frame, memory; each with its bound. */
import { spawnSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import pty from '@lydell/node-pty'
import { subject } from '../app/subjects.js'

export interface Measure {
	what: string
	value: number
	unit: 'ms' | 'MiB'
	bound: number
	/** Where the bound comes from. */
	because: string
}

const root = fileURLToPath(new URL('../../../', import.meta.url))

/** `entry`: the program as it is shipped. */
export async function benchApp(entry = `${root}bin/k3s-doctor.js`, rounds = 9): Promise<Measure[]> {
	const bare: number[] = []
	const first: number[] = []
	// Taken in turns, so that a busy moment of the machine falls on both.
	for (let round = 0; round < rounds; round += 1) {
		const began = performance.now()
		spawnSync(process.execPath, ['-e', '0'])
		bare.push(performance.now() - began)
		first.push((await startInPty(entry)).ms)
	}
	const { resident, idle } = await startInPty(entry, true)
	return [
		{
			what: 'app: first frame',
			value: median(first),
			unit: 'ms',
			bound: 4 * median(bare),
			because: `4 × node -e 0, which took ${median(bare).toFixed(0)} ms`,
		},
		{
			what: 'app: key to painted frame, p95, 120×40, 10,000 rows',
			value: await keyToFrame(),
			unit: 'ms',
			bound: 16,
			because: 'one frame at 60 Hz',
		},
		{
			what: 'app: resident memory on a recorded node',
			value: resident,
			unit: 'MiB',
			bound: 90,
			because: 'a small host',
		},
		{
			what: 'app: CPU time of 2 s in which nothing happens',
			value: idle,
			unit: 'ms',
			bound: 10,
			because: 'the clock tick that the kernel counts in',
		},
	]
}

interface Started {
	ms: number
	resident: number
	idle: number
}

/** From exec to the first row of the screen; with `settle` also until the diagnoses stand there, for the memory. */
function startInPty(entry: string, settle = false): Promise<Started> {
	return new Promise((resolve, reject) => {
		const began = performance.now()
		const { NO_COLOR: _none, ...env } = process.env
		const program = pty.spawn(process.execPath, [entry, 'demo'], {
			cols: 80,
			rows: 24,
			name: 'xterm-256color',
			env: { ...env, CI: 'false', LANG: 'C.UTF-8' },
		})
		let seen = ''
		let ms = 0
		let resident = 0
		let idle = 0
		program.onData(data => {
			seen += data
			if (ms === 0 && seen.includes('Diagnoses')) ms = performance.now() - began
			if (ms === 0 || resident > 0 || (settle && !seen.includes('DOWN'))) return
			resident = residentOf(program.pid)
			if (!settle) program.kill('SIGTERM')
			else
				void idleOf(program.pid).then(spent => {
					idle = spent
					// What it came to once it was still, not while it judged.
					resident = residentOf(program.pid)
					program.kill('SIGTERM')
				})
		})
		program.onExit(() =>
			resident > 0
				? resolve({ ms, resident, idle })
				: reject(new Error(`the app ended before it had shown anything:\n${seen}`)),
		)
	})
}

/** Milliseconds of CPU in two seconds, some time after the last thing that happened. */
async function idleOf(pid: number): Promise<number> {
	const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))
	const ticks = () => {
		const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
			.replace(/^.*\) /, '')
			.split(' ')
		return Number(fields[11]) + Number(fields[12])
	}
	await pause(2_000)
	const before = ticks()
	await pause(2_000)
	return (ticks() - before) * 10
}

function residentOf(pid: number): number {
	const status = readFileSync(`/proc/${pid}/status`, 'utf8')
	return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? Number.NaN) / 1024
}

/** Through Ink's whole way from the key to the bytes for the terminal, in the list of a bundle of 10,000 files. */
async function keyToFrame(): Promise<number> {
	process.env.NODE_ENV ??= 'production'
	const { openFast } = await import('./fast-screen.js')
	const files = Object.fromEntries(
		Array.from({ length: 10_000 }, (_, index) => [`files/var/log/pods/pod-${index}/0.log`, `${index}\n`]),
	)
	const { app, press, close } = openFast(120, 40)
	app.send({ type: 'examined', subject: subject([], { files }) })
	await press('7')
	const times: number[] = []
	for (let round = 0; round < 300; round += 1) {
		// Moving, scrolling, paging: what a hand does in a long list.
		times.push(await press(round % 10 === 9 ? ' ' : round % 3 === 2 ? 'k' : 'j'))
	}
	close()
	return times.sort((a, b) => a - b)[Math.floor(times.length * 0.95)] ?? Number.NaN
}

function median(values: readonly number[]): number {
	return [...values].sort((a, b) => a - b)[values.length >> 1] ?? Number.NaN
}
