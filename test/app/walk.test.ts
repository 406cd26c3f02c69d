/** A long random walk through the app on recorded nodes: nothing breaks, nothing overflows, no cursor is lost. */
import { describe, expect, it } from 'vitest'
import { columnsOf } from '../../src/app/columns.js'
import { frameOf } from '../../src/app/frame.js'
import { layoutOf } from '../../src/app/layout.js'
import { textOf } from '../../src/app/line.js'
import { placeOf, type State } from '../../src/app/state.js'
import type { Subject } from '../../src/app/subject.js'
import { stepsOf } from '../../src/program/steps.js'
import { sources } from '../../src/sources/index.js'
import { judge } from '../judge.js'
import { openRecording, recordingNames } from '../recording.js'
import { anyMessage } from './key-monkey.js'
import { pick, randomOf, seedOfRun } from './random.js'
import { Driver, diagnosis, subject } from './subjects.js'

const seed = seedOfRun()
const nodes = 16
const keysPerNode = 1_400

const everywhere = [
	'actions',
	'acts',
	'diagnoses',
	'diagnosis',
	'evidence',
	'find',
	'help',
	'kinds',
	'log',
	'logs',
	'node',
	'object',
	'objects',
	'plan',
	'pod',
	'pods',
	'report',
	'section',
	'text',
]

// Anything that a terminal would obey.
const control = /[\u0000-\u001f\u007f-\u009f]/

/** Text as an attacker or a broken log would write it, wherever text can stand. */
const nasty =
	'\u001b[2J\u001b]0;title\u0007\u001b]52;c;QUJD\u0007\u009b31m\u202e日本語\te\u0301\u0301👩‍🚀\r\nnext \u0000\u0007'

function hostile(): Subject {
	const evil = diagnosis('disk-full', {
		title: `${nasty} ${nasty}`,
		explain: nasty.repeat(40),
		docs: [nasty],
		findings: Array.from({ length: 30 }, (_, line) => ({
			says: `${line} ${nasty}`,
			weight: 'hint' as const,
			source: 'journal' as const,
			at: 8.64e15 - line,
			quote: { file: 'journal/k3s.log', line: line * 7, text: 'x'.repeat(50_000) + nasty },
		})),
		remedies: [
			{
				title: nasty,
				why: nasty,
				risk: 'destructive',
				interrupts: nasty,
				steps: [
					{ run: [nasty, nasty] },
					{ tell: nasty, commands: [nasty.repeat(20)] },
					{ write: nasty, content: nasty.repeat(9) },
				],
				recheck: [],
			},
		],
	})
	return subject([evil, diagnosis('dns-loop', { title: '' })], {
		files: {
			'journal/k3s.log': `${nasty}\n${'y'.repeat(1_000_000)}\n${'日'.repeat(300_000)}\n${nasty.repeat(500)}\n`,
			[`commands/${nasty}`]: nasty,
			'commands/empty.txt': '',
			__proto__: 'a name that is taken',
		},
		report: {
			summary: nasty,
			gaps: [{ source: 'journal', file: nasty, why: 'denied', detail: nasty, askFor: nasty, matters: true }],
			crashed: [{ cause: 'disk-full', error: nasty }],
			examined: [nasty, nasty],
		},
	})
}

/** What is wrong with the frame of a state, if anything. */
function faultOf(state: State): string | undefined {
	const { lines, cursor } = frameOf(state)
	const { columns, rows } = state.size
	if (lines.length !== rows) return `${lines.length} rows in a window of ${rows}`
	for (const [row, line] of lines.entries()) {
		const text = textOf(line)
		if (columnsOf(text) > columns) return `row ${row} is ${columnsOf(text)} wide, the window ${columns}`
		if (control.test(text)) return `row ${row} has a control character`
	}
	const layout = layoutOf(state)
	if (layout.kind === 'log') {
		const { place } = layout
		const { low, end } = place.span
		if (place.phase !== 'open' || place.turning || end <= low) return undefined
		if (place.at < low || place.at >= end) return `cursor at ${place.at} of ${low}…${end}`
		const covered = cursor === undefined && !state.prompt && !state.notice && rows > 4
		return covered ? 'the cursor in the log is out of sight' : undefined
	}
	const count = layout.kind === 'list' ? layout.view.count : layout.view.all.count
	if (count > 0 && (layout.place.at < 0 || layout.place.at >= count))
		return `cursor at ${layout.place.at} of ${count}`
	if (count > 0 && cursor === undefined && !state.prompt && !state.notice && rows > 4)
		return 'the cursor is out of sight'
	return undefined
}

describe('a random walk', () => {
	it(`of more than 20,000 keys (SEED=${seed})`, { timeout: 180_000 }, async () => {
		const random = randomOf(seed)
		let pressed = 0
		const seen = new Set<string>()
		for (let node = 0; node < nodes; node += 1) {
			const name = node === 0 ? 'a hostile bundle' : pick(recordingNames(), random)
			const recorded = node === 0 ? undefined : judge(await openRecording(name))
			const examination = recorded ?? hostile()
			const app = new Driver({ mode: pick(['live', 'bundle', 'demo'] as const, random) })
			for (const step of recorded ? stepsOf(recorded, sources) : []) app.send({ type: 'source', step })
			app.examined(examination)
			const trail: unknown[] = []
			for (let keys = 0; keys < keysPerNode; ) {
				const message = anyMessage(random)
				trail.push(message)
				// Some looks end, so that `R` is not stuck.
				if (app.effects.splice(0).some(({ kind }) => kind === 'examine')) app.examined(examination)
				app.send(message)
				const count = message.type === 'keys' ? message.keys.length : 1
				keys += count
				pressed += count
				seen.add(placeOf(app.state).kind)
				const fault = faultOf(app.state)
				if (fault) {
					const last = JSON.stringify(trail.slice(-12))
					expect.fail(`${fault}, on ${name}, seed ${seed}, after ${pressed} keys; the last: ${last}`)
				}
			}
		}
		expect(pressed).toBeGreaterThan(20_000)
		// A walk that stays at home proves nothing; that chance leads past a few deep places does not harm it.
		const missed = everywhere.filter(kind => !seen.has(kind))
		expect(missed.length, `never at: ${missed.join(', ')}`).toBeLessThanOrEqual(4)
	})
})
