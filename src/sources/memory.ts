/** Memory, swap, load and pressure. */
import type { Bundle } from '../model/bundle.js'
import { fileOf } from '../model/bundle.js'
import type { MemoryEvidence } from '../model/evidence/index.js'
import { firstLine, linesOf, unescapeOctal, wordsOf } from './lines.js'
import { type Ask, source } from './source.js'

const swapon = 'commands/swapon.txt'
const nproc = 'commands/nproc.txt'
const kilo = 1024

/** `/proc/meminfo` by name, in bytes. */
function meminfo(text: string | undefined): ReadonlyMap<string, number> {
	const values = new Map<string, number>()
	for (const line of linesOf(text)) {
		const found = /^(\w[\w()]{0,40}):\s{1,40}(\d{1,15})(?: kB)?$/.exec(line.text)
		if (found?.[1] !== undefined) values.set(found[1], Number(found[2]) * kilo)
	}
	return values
}

type Swap = MemoryEvidence['swaps'][number]

/** `2147483648`, or with a unit where an old swapon knows no --bytes. */
function bytesOf(word: string, unit: number): number | undefined {
	const found = /^(\d{1,15}(?:\.\d+)?)([KMGT]?)B?$/.exec(word)
	if (!found) return undefined
	return Number(found[1]) * (found[2] ? kilo ** ('KMGT'.indexOf(found[2]) + 1) : unit)
}

/** Rows of `name type size used priority`; the name may hold blanks, so they are read from their end. */
function swapRows(text: string | undefined, unit: number): Swap[] {
	const swaps: Swap[] = []
	for (const line of linesOf(text)) {
		const words = wordsOf(line.text)
		const size = bytesOf(words.at(-3) ?? '', unit)
		const used = bytesOf(words.at(-2) ?? '', unit)
		if (words.length < 5 || size === undefined || used === undefined) continue
		swaps.push({ name: unescapeOctal(words.slice(0, -4).join(' ')), size, used })
	}
	return swaps
}

function swapsOf(bundle: Bundle): Swap[] {
	const asked = swapRows(bundle.files.get(swapon), 1)
	return asked.length > 0 ? asked : swapRows(bundle.files.get(fileOf('/proc/swaps')), kilo)
}

type Pressure = NonNullable<MemoryEvidence['pressure']['cpu']>

function pressureOf(text: string | undefined): Pressure | undefined {
	const means = new Map<string, [number, number]>()
	for (const line of linesOf(text)) {
		const found = /^(some|full) avg10=(\d{1,3}\.\d+) avg60=\S+ avg300=(\d{1,3}\.\d+)/.exec(line.text)
		if (found?.[1] !== undefined) means.set(found[1], [Number(found[2]), Number(found[3])])
	}
	const some = means.get('some')
	if (!some) return undefined
	// Kernels before 5.13 have no `full` for the CPU.
	const full = means.get('full') ?? [0, 0]
	return { some10: some[0], some300: some[1], full10: full[0], full300: full[1] }
}

function loadOf(text: string | undefined): [number, number, number] | undefined {
	const [one, five, fifteen] = wordsOf(firstLine(text) ?? '').map(Number)
	if (one === undefined || five === undefined || fifteen === undefined) return undefined
	return [one, five, fifteen].every(Number.isFinite) ? [one, five, fifteen] : undefined
}

function cpusOf(bundle: Bundle): number | undefined {
	const said = firstLine(bundle.files.get(nproc)) ?? ''
	if (/^[1-9]\d{0,5}$/.test(said)) return Number(said)
	let cpus = 0
	for (const line of linesOf(bundle.files.get(fileOf('/proc/cpuinfo')))) {
		if (/^processor\s*\d*\s*:/.test(line.text)) cpus += 1
	}
	return cpus > 0 ? cpus : undefined
}

const kinds = ['cpu', 'io', 'memory'] as const

function parse(bundle: Bundle): MemoryEvidence | undefined {
	const info = meminfo(bundle.files.get(fileOf('/proc/meminfo')))
	const total = info.get('MemTotal')
	if (total === undefined) return undefined
	// Kernels before 3.14 estimate nothing; what can be dropped at once is near enough.
	const available =
		info.get('MemAvailable') ??
		['MemFree', 'Buffers', 'Cached'].reduce((sum, name) => sum + (info.get(name) ?? 0), 0)
	const pressure: MemoryEvidence['pressure'] = {}
	for (const kind of kinds) {
		const found = pressureOf(bundle.files.get(fileOf(`/proc/pressure/${kind}`)))
		if (found) pressure[kind] = found
	}
	const load = loadOf(bundle.files.get(fileOf('/proc/loadavg')))
	const cpus = cpusOf(bundle)
	return {
		total,
		available,
		swapTotal: info.get('SwapTotal') ?? 0,
		swapFree: info.get('SwapFree') ?? 0,
		swaps: swapsOf(bundle),
		pressure,
		...(load && { load }),
		...(cpus !== undefined && { cpus }),
	}
}

async function collect(ask: Ask): Promise<void> {
	const [count] = await Promise.all([
		ask.run(nproc, ['nproc']),
		ask.run(swapon, ['swapon', '--show', '--bytes', '--noheadings']),
		ask.file('/proc/meminfo'),
		ask.file('/proc/swaps'),
		ask.file('/proc/loadavg'),
		...kinds.map(kind => ask.file(`/proc/pressure/${kind}`)),
	])
	if (!count) await ask.file('/proc/cpuinfo')
}

export const memory = source({
	name: 'memory',
	title: 'memory and load',
	wants: () => [
		{ file: fileOf('/proc/meminfo'), askFor: 'cat /proc/meminfo' },
		{ file: fileOf('/proc/loadavg'), askFor: 'cat /proc/loadavg' },
		{ file: fileOf('/proc/swaps'), askFor: 'cat /proc/swaps', optional: true },
		{ file: fileOf('/proc/pressure/memory'), askFor: 'cat /proc/pressure/memory', optional: true },
		{ file: fileOf('/proc/pressure/io'), askFor: 'cat /proc/pressure/io', optional: true },
		{ file: fileOf('/proc/pressure/cpu'), askFor: 'cat /proc/pressure/cpu', optional: true },
		{ file: nproc, askFor: 'nproc', optional: true },
	],
	collect,
	parse,
})
