/**
 * Bundles of recorded nodes with damage in them. Each must be opened and read, or refused with words, in bounded
 * time. `K3S_DOCTOR_SEED=n` repeats a run.
 */
import { gzipSync } from 'node:zlib'
import { describe, expect, it } from 'vitest'
import { BundleError, openBundle } from '../../src/bundle/open.js'
import { readEvidence } from '../../src/bundle/read.js'
import type { Bundle } from '../../src/model/bundle.js'
import { sources } from '../../src/sources/index.js'
import { openRecording, recordingNames } from '../recording.js'
import { fileWith, membersOf, tarOf } from './archive-of.js'
import { Dice, hurtBytes, hurtJson, hurtLines } from './mutate.js'

const seed = Number(process.env.K3S_DOCTOR_SEED ?? Date.now() % 1_000_000_007)
const rounds = 400
/** Milliseconds for one bundle. Of an unhurt one it takes about ten; the rest is for a machine under load. */
const patience = 5_000

/** A recorded node, small: of long files only their end. */
async function smallFiles(name: string): Promise<Record<string, string>> {
	const { node, takenAt, entries, files } = await openRecording(name)
	const small: Record<string, string> = {
		'bundle.json': JSON.stringify({ schema: 1, takenAt, node, entries }),
	}
	for (const [file, text] of files) {
		small[file] = file.endsWith('.json') ? text : text.slice(text.indexOf('\n', text.length - 6_000) + 1)
	}
	return small
}

function hurtFile(name: string, text: string, dice: Dice): string | Buffer {
	if (dice.chance(0.25)) return hurtBytes(Buffer.from(text), dice)
	return name.endsWith('.json') && !dice.chance(0.2) ? hurtJson(text, dice) : hurtLines(text, dice)
}

/** An archive or a log with damage in its files, in itself, or in both. */
function hurtBundle(files: Record<string, string>, dice: Dice): Buffer {
	const hurt: Record<string, string | Buffer> = { ...files }
	const names = Object.keys(files)
	for (let count = dice.below(30); count > 0; count--) {
		const name = dice.chance(0.1) ? 'bundle.json' : dice.pick(names, 'bundle.json')
		const other = files[dice.pick(names, name)] ?? ''
		hurt[name] = dice.chance(0.05) ? other : hurtFile(name, files[name] ?? '', dice)
	}
	const log = hurt[names.find(name => name.startsWith('journal/k3s')) ?? '']
	if (log !== undefined && dice.chance(0.1)) return Buffer.from(log)
	const tar = tarOf(membersOf(hurt))
	const inner = dice.chance(0.3) ? hurtBytes(tar, dice) : tar
	const packed = dice.chance(0.5) ? gzipSync(inner, { level: 1 }) : inner
	return dice.chance(0.15) ? hurtBytes(packed, dice) : packed
}

describe('damaged bundles', () => {
	it(`are opened and read, or refused with words (seed ${seed})`, async () => {
		console.log(`Damaged bundles: seed ${seed}, ${rounds} bundles`)
		const names = recordingNames()
		const dice = new Dice(seed)
		const bad: string[] = []
		let opened = 0
		for (let round = 0; round < rounds; round++) {
			const name = dice.pick(names, names[0] ?? '')
			const bytes = hurtBundle(await smallFiles(name), dice)
			const began = performance.now()
			try {
				const bundle: Bundle = await openBundle(fileWith(bytes))
				opened += 1
				for (const gap of readEvidence(bundle, sources).gaps) {
					if (/^Reading it failed|could not be told/.test(gap.detail))
						bad.push(`${round} ${name}: ${gap.source}: ${gap.detail}`)
				}
			} catch (error) {
				if (!(error instanceof BundleError)) bad.push(`${round} ${name}: ${String(error)}`)
				else if (/undefined|at \/|\bnode:/.test(error.message)) bad.push(`${round} ${name}: ${error.message}`)
			}
			const ms = performance.now() - began
			if (ms > patience) bad.push(`${round} ${name}: took ${Math.round(ms)} ms`)
		}
		expect(bad).toEqual([])
		// Damage that leaves nothing to open would test nothing.
		expect(opened).toBeGreaterThan(rounds / 2)
	}, 120_000)
})
