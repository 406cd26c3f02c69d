// Reading and judging: the recorded node that takes longest, and a journal of 100 MB made of recorded lines.
import { readdirSync } from 'node:fs'
import { fileURLToPath } from 'node:url'
import { rules } from '../../dist/rules/index.js'
import { openBundle } from '../../dist/src/bundle/open.js'
import { examine } from '../../dist/src/examine.js'
import { median, spread } from './figures.mjs'

const folder = fileURLToPath(new URL('../recordings/', import.meta.url))
const runs = 15

async function largest() {
	let best = { name: '', size: 0, bundle: undefined }
	for (const file of readdirSync(folder).filter(name => name.endsWith('.tar.gz'))) {
		const bundle = await openBundle(folder + file)
		const size = [...bundle.files.values()].reduce((sum, text) => sum + text.length, 0)
		if (size > best.size) best = { name: file.replace('.tar.gz', ''), size, bundle }
	}
	return best
}

function timed(bundle) {
	const began = performance.now()
	examine(bundle, rules, 'bench')
	return performance.now() - began
}

/** A journal `bytes` long: the recorded one again and again, its times moved on. */
function repeated(bundle, bytes) {
	const [file, text] = [...bundle.files].find(([name]) => name.startsWith('journal/')) ?? ['', '']
	const times = Math.ceil(bytes / text.length)
	const copies = Array.from({ length: times }, (_, index) =>
		text.replaceAll('2026-11-21T', `2026-${String(1 + (index % 12)).padStart(2, '0')}-21T`),
	)
	return { ...bundle, files: new Map([...bundle.files, [file, copies.join('')]]) }
}

export async function engineFigures() {
	const { name, size, bundle } = await largest()
	const first = timed(bundle)
	const warm = Array.from({ length: runs }, () => timed(bundle))
	const big = repeated(bundle, 100e6)
	const floorBegan = performance.now()
	const text = [...big.files].find(([file]) => file.startsWith('journal/'))?.[1] ?? ''
	let lines = 0
	for (let at = text.indexOf('\n'); at >= 0; at = text.indexOf('\n', at + 1)) lines += 1
	const floor = performance.now() - floorBegan
	const bigMs = timed(big)
	return [
		{
			what: `read + judge, largest recording (${name}, ${(size / 1e6).toFixed(1)} MB), first time`,
			value: first,
			unit: 'ms',
			bound: 150,
		},
		{
			what: `  the same, warm, median of ${runs} (spread ${spread(warm).toFixed(0)} ms)`,
			value: median(warm),
			unit: 'ms',
			bound: 150,
		},
		{
			what: `read + judge, journal of 100 MB, ${lines} lines (counting its lines: ${floor.toFixed(0)} ms)`,
			value: bigMs,
			unit: 'ms',
			bound: 1000,
		},
		{ what: 'peak memory of this bench', value: process.resourceUsage().maxRSS / 1024, unit: 'MB' },
	]
}
