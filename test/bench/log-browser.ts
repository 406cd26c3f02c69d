/** The browser of logs under measure, in a process of its own: prints its figures as JSON. */
import { closeSync, openSync, readFileSync, writeSync } from 'node:fs'
import type { LogPlace } from '../../src/app/log/place.js'
import { placeOf } from '../../src/app/state.js'

const pause = (ms: number) => new Promise(resolve => setTimeout(resolve, ms))

function p95(values: readonly number[]): number {
	return [...values].sort((a, b) => a - b)[Math.floor(values.length * 0.95)] ?? Number.NaN
}

function residentMB(): number {
	const status = readFileSync('/proc/self/status', 'utf8')
	return Number(/VmRSS:\s+(\d+) kB/.exec(status)?.[1] ?? Number.NaN) / 1024
}

async function opened(path: string) {
	const { openFast } = await import('./fast-screen.js')
	const screen = openFast(120, 40, { logs: true })
	const { app, press } = screen
	app.send({ type: 'log-sources', all: [{ group: 'Files', name: path, ref: { kind: 'file', path } }] })
	await press('3')
	const place = (): LogPlace => {
		const here = placeOf(app.state())
		if (here.kind !== 'log') throw new Error('no log is open')
		return here
	}
	const open = await press('\r')
	if (place().rows.length === 0) throw new Error('the log was not open when it was quiet')
	const until = async (wanted: (place: LogPlace) => boolean) => {
		while (!wanted(place())) await pause(1)
	}
	const timed = async (keys: string, rounds: number) => {
		const times: number[] = []
		for (let round = 0; round < rounds; round += 1) {
			const ms = await press(keys[round % keys.length] ?? 'k')
			if (!Number.isNaN(ms)) times.push(ms)
		}
		if (times.length < rounds / 2) throw new Error(`only ${times.length} of ${rounds} keys had an effect`)
		return p95(times)
	}
	return { ...screen, place, open, until, timed }
}

async function measureOpen(path: string) {
	const { press, type, place, open, until, timed, close } = await opened(path)
	const scroll = await timed('kkkb j kkbbkj', 300)
	// Until what goes on in the background (counting errors) is over, so that each figure tells of one thing.
	await press('i')
	await until(({ strip }) => strip?.done === true)
	await press('g')
	await until(({ span, at }) => span.begin === at)
	await press('/')
	for (const letter of 'flanne') await press(letter)
	const began = type('l')
	let during = 0
	while (!place().hits?.done) {
		const asked = performance.now()
		await pause(0)
		during = Math.max(during, performance.now() - asked)
	}
	const search = performance.now() - began
	const hits = place().hits?.count ?? 0
	await press('\r')
	const jump = await timed('GgeennGENkg}', 200)
	// A search for what is nowhere, given up at once.
	await press('/')
	for (const letter of 'zzzz') await press(letter)
	if (place().hits?.done !== false) throw new Error('there is no search left to give up')
	const stop = await press('\u001b')
	await press('&')
	for (const letter of 'etcd') await press(letter)
	await press('\r')
	await until(({ span, turning }) => !turning && span.begin !== undefined)
	const filtered = await timed('kkbbk jgGkkNbE', 300)
	const resident = residentMB()
	close()
	return { open, scroll, jump, filtered, search, during, stop, hits, resident }
}

async function measureFollow(path: string, seconds: number) {
	const file = openSync(path, 'w', 0o600)
	const rate = 5_000
	const line = (number: number) =>
		`${new Date().toISOString()} stdout F ${number} GET /api/v1/namespaces/shop/pods?limit=500 200 ${'x'.repeat(150)}\n`
	let written = 0
	const write = (count: number) => {
		writeSync(file, Array.from({ length: count }, (_, index) => line(written + index)).join(''))
		written += count
	}
	write(200)
	const { tap, place, close } = await opened(path)
	const resident: number[] = []
	let key = 0
	const began = performance.now()
	// What writing the lines costs is no cost of the browser's.
	let writing = 0
	const before = process.cpuUsage()
	for (let next = 500; performance.now() - began < seconds * 1_000; next += 500) {
		while (performance.now() - began < next) {
			const due = Math.floor(((performance.now() - began) * rate) / 1_000) + 200 - written
			if (due > 0) {
				const spent = process.cpuUsage()
				write(due)
				const { user, system } = process.cpuUsage(spent)
				writing += user + system
			}
			await pause(20)
		}
		resident.push(residentMB())
		key = Math.max(key, await Promise.race([tap('t'), pause(1_000).then(() => 1_000)]))
	}
	const { user, system } = process.cpuUsage(before)
	const elapsed = performance.now() - began
	await pause(500)
	const seen = place().span.endLine - (place().span.firstLine ?? 0)
	const quarter = Math.max(1, resident.length >> 2)
	const mean = (values: readonly number[]) => values.reduce((sum, value) => sum + value, 0) / values.length
	close()
	closeSync(file)
	return {
		cpu: ((user + system - writing) / 1_000 / elapsed) * 100,
		growth: mean(resident.slice(-quarter)) - mean(resident.slice(quarter, 2 * quarter)),
		key,
		written,
		seen,
	}
}

const [, , what, path = '', seconds = '60'] = process.argv
const { setEngine } = await import('../../src/program/engine.js')
setEngine()
const figures = what === 'follow' ? await measureFollow(path, Number(seconds)) : await measureOpen(path)
process.stdout.write(JSON.stringify(figures))
process.exit(0)
