/**
 * Opens, reads and judges damaged bundles. Each must be judged, or refused with words, in bounded time and with the
 * right exit status. `K3S_DOCTOR_SEED=n` repeats a run.
 */
import { Readable } from 'node:stream'
import { gzipSync } from 'node:zlib'
import { rules } from '../../rules/index.js'
import { BundleError, openBundle } from '../../src/bundle/open.js'
import { exitOf, exitStatus } from '../../src/commands/exit.js'
import { examine } from '../../src/examine.js'
import { membersOf, tarOf } from './archive-of.js'
import { Dice, hurtBytes, hurtJson, hurtLines } from './mutate.js'

export const seed = Number(process.env.K3S_DOCTOR_SEED ?? Date.now() % 1_000_000_007)
/** Milliseconds for one bundle. Of an unhurt one it takes about five; the rest is for a machine under load. */
const patience = 10_000
/** Files that one bundle keeps: any of them may be the one that is missed. */
const kept = 40
const longest = 12_000

export interface Subject {
	name: string
	files: ReadonlyMap<string, string>
}

/** Of long files only their end; lists stay whole, or they are none. */
export function small({ name, files }: Subject): Subject {
	const cut = [...files].flatMap(([file, text]): [string, string][] => {
		if (text.length <= longest) return [[file, text]]
		if (/^\s*[[{]/.test(text)) return text.length < 4 * longest ? [[file, text]] : []
		return [[file, text.slice(text.indexOf('\n', text.length - longest / 2) + 1)]]
	})
	return { name, files: new Map(cut) }
}

function hurtFile(text: string, dice: Dice): string | Buffer {
	if (dice.chance(0.25)) return hurtBytes(Buffer.from(text), dice)
	return /^\s*[[{]/.test(text) && !dice.chance(0.2) ? hurtJson(text, dice) : hurtLines(text, dice)
}

/** An archive or a log with damage in its files, in itself, or in both. */
function hurtBundle({ files }: Subject, dice: Dice): Buffer {
	const all = [...files.keys()]
	const names = all.filter(name => name.endsWith('bundle.json') || dice.chance(kept / all.length))
	const hurt: Record<string, string | Buffer> = {}
	for (const name of names) hurt[name] = files.get(name) ?? ''
	for (let count = dice.below(12); count > 0; count--) {
		const name = dice.pick(names, names[0] ?? 'x')
		const other = files.get(dice.pick(names, name)) ?? ''
		hurt[name] = dice.chance(0.05) ? other : hurtFile(files.get(name) ?? '', dice)
	}
	const log = names.find(name => /journal[d]?\/k3s/.test(name))
	if (log !== undefined && dice.chance(0.05)) return Buffer.from(hurt[log] ?? '')
	const tar = tarOf(membersOf(hurt).map(member => ({ ...member, name: member.name.slice(0, 99) })))
	const inner = dice.chance(0.2) ? hurtBytes(tar, dice) : tar
	const packed = dice.chance(0.3) ? gzipSync(inner, { level: 1 }) : inner
	return dice.chance(0.1) ? hurtBytes(packed, dice) : packed
}

const statuses: readonly number[] = [
	exitStatus.fine,
	exitStatus.critical,
	exitStatus.warnings,
	exitStatus.blind,
]

export interface Outcome {
	/** What must not have happened. */
	bad: string[]
	opened: number
}

export async function judgeDamaged(
	subjects: readonly Subject[],
	rounds: number,
	salt: number,
): Promise<Outcome> {
	const dice = new Dice(seed + salt)
	const outcome: Outcome = { bad: [], opened: 0 }
	const [first] = subjects
	if (!first) throw new Error('nothing to hurt')
	for (let round = 0; round < rounds; round++) {
		const subject = dice.pick(subjects, first)
		const bytes = hurtBundle(subject, dice)
		const wrong = (what: string) => outcome.bad.push(`${round} ${subject.name}: ${what}`)
		const began = performance.now()
		try {
			const bundle = await openBundle('-', { stdin: Readable.from([bytes]) })
			outcome.opened += 1
			const { report, judgement } = examine(bundle, rules, 'test')
			for (const { detail, source } of judgement.gaps)
				if (/^Reading it failed|could not be told/.test(detail)) wrong(`${source}: ${detail}`)
			for (const { cause, error } of report.crashed) wrong(`${cause} crashed: ${error}`)
			const status = exitOf(report, 'warning')
			const critical = report.diagnoses.some(
				({ severity, confidence }) => severity === 'critical' && confidence !== 'possible',
			)
			if (!statuses.includes(status)) wrong(`exit status ${status}`)
			if (critical && status !== exitStatus.critical) wrong(`critical, and exit status ${status}`)
			if (report.verdict === 'not-examined' && status === exitStatus.fine)
				wrong('nothing was seen, and exit status 0')
		} catch (error) {
			if (!(error instanceof BundleError))
				wrong(error instanceof Error ? (error.stack ?? error.message) : String(error))
			else if (/undefined|at \/|\bnode:/.test(error.message)) wrong(error.message)
		}
		const ms = performance.now() - began
		if (ms > patience) wrong(`took ${Math.round(ms)} ms`)
	}
	return outcome
}
