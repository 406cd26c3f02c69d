// The executable as it is handed out, built for this run: how fast it starts, and what it takes of the host.
import { existsSync, mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { parts } from '../../.ci/bundle/parts.mjs'
import { executable } from '../../.ci/release/executable.mjs'
import { median, spread } from './figures.mjs'
import { inTurns, onTerminal, ratio, untilEnd } from './floor.mjs'

const folder = fileURLToPath(new URL('../../dist/bench/', import.meta.url))
const recording = fileURLToPath(new URL('../recordings/disk-full-restart.tar.gz', import.meta.url))
const memoryRuns = 5

export async function executableFigures() {
	mkdirSync(folder, { recursive: true })
	const file = join(folder, 'k3s-doctor')
	await executable(process.arch === 'arm64' ? 'arm64' : 'amd64', await parts(), file)
	return [...(await starts(file)), ...(await takes(file))]
}

async function starts(file) {
	const taken = await inTurns({
		bare: () => untilEnd(process.execPath, ['-e', '0']),
		version: () => untilEnd(file, ['--version']),
		report: () => untilEnd(file, ['diagnose', '--from', recording]),
		async frame() {
			const app = onTerminal(file, ['demo'])
			const ms = await app.until(seen => seen.includes('Diagnoses'))
			await app.close()
			return ms
		},
	})
	const against = (what, values, bound) => ratio(what, values, 'node -e 0', taken.bare, bound)
	return [
		against('executable: --version', taken.version, 1.2),
		against('executable: first frame, 80×24', taken.frame, 4),
		against('executable: text report of a recorded node', taken.report, 5),
	]
}

/** Memory and processor time of the app on a recorded node, some time after the last thing that happened. */
async function takes(file) {
	const resident = []
	const idle = []
	for (let round = 0; round < memoryRuns; round += 1) {
		const app = onTerminal(file, ['demo'])
		await app.until(seen => seen.includes('DOWN'))
		await pause(2_000)
		const before = ticks(app.pid)
		await pause(2_000)
		idle.push((ticks(app.pid) - before) * 10)
		resident.push(mebibytes(app.pid, 'VmRSS'))
		await app.close()
	}
	const bare = onTerminal(process.execPath, ['-e', 'console.log("ready"); setInterval(() => {}, 1e6)'])
	await bare.until(seen => seen.includes('ready'))
	const floor = mebibytes(bare.pid, 'VmRSS')
	await bare.close()
	return [
		{
			what: `app: resident memory on a recorded node, 80×24 (spread ${spread(resident).toFixed(1)}; node -e ${floor.toFixed(0)}; n=${memoryRuns})`,
			value: median(resident),
			unit: 'MiB',
			bound: 90,
		},
		{
			what: `app: processor time of 2 s in which nothing happens (n=${memoryRuns})`,
			value: median(idle),
			unit: 'ms',
			// The clock tick that the kernel counts in.
			bound: 10,
		},
	]
}

const pause = ms => new Promise(resolve => setTimeout(resolve, ms))

function ticks(pid) {
	const fields = readFileSync(`/proc/${pid}/stat`, 'utf8')
		.replace(/^.*\) /, '')
		.split(' ')
	return Number(fields[11]) + Number(fields[12])
}

function mebibytes(pid, field) {
	if (!existsSync(`/proc/${pid}/status`)) return Number.NaN
	return (
		Number(new RegExp(`${field}:\\s+(\\d+) kB`).exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1]) / 1024
	)
}
