/** Who paints a log, and that the screen is right when that changes: in and out, resized, redrawn, in bursts. */
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { frameOf } from '../../src/app/frame.js'
import { textOf } from '../../src/app/line.js'
import { placeOf } from '../../src/app/state.js'
import { pick, randomOf, seedOfRun } from '../app/random.js'
import { openLogScreen } from './log-screen.js'
import type { Screen } from './screen.js'

const folder = mkdtempSync(join(tmpdir(), 'k3s-doctor-painting-'))
let close = () => {}
afterEach(() => close())
afterAll(() => rmSync(folder, { recursive: true, force: true }))

function writeLog(name: string, lines: number): string {
	const path = join(folder, name)
	writeFileSync(path, Array.from({ length: lines }, (_, index) => lineOf(index)).join(''))
	return path
}

const kinds = [
	'level=info msg="Running"',
	'level=error msg="Failed 日本語"',
	'plain text',
	'level=warning msg=odd',
]
const lineOf = (index: number) =>
	`2026-11-21T04:${String(10 + (Math.floor(index / 60) % 50))}:${String(index % 60).padStart(2, '0')}.1Z stdout F ${kinds[(index * 7) % 4]} number ${index}\n`

async function open(path: string, columns = 80, rows = 24): Promise<Screen> {
	const opened = await openLogScreen(path, columns, rows)
	close = opened.close
	return opened.screen
}

const meant = ({ app }: Screen) =>
	frameOf(app.state())
		.lines.map(line => textOf(line).trimEnd())
		.join('\n')

describe('a log on the screen', () => {
	it('costs a few bytes for each line that it moves on', async () => {
		const screen = await open(writeLog('bytes.log', 500), 120, 40)
		await screen.until(text => text.includes('number 499'))
		const bytes: number[] = []
		for (let key = 0; key < 60; key += 1) {
			screen.output.bytes = 0
			screen.keys('k')
			await screen.until(text => text === meant(screen))
			bytes.push(screen.output.bytes)
		}
		// A whole screen is 4,000 and more. The last keys move all of the page.
		expect(Math.max(...bytes.slice(-10))).toBeLessThan(1_500)
		expect(Math.min(...bytes.slice(-10))).toBeGreaterThan(0)
	})

	it('has its colours when Ink paints again', async () => {
		const screen = await open(writeLog('colours.log', 300))
		await screen.until(text => text.includes('number 299'))
		const looks = () =>
			screen.rows().flatMap((row, at) =>
				Array.from(row, (_, column) => {
					const cell = screen.cell(column, at)
					return `${cell?.getChars()}${cell?.getFgColor()}${cell?.isBold()}${cell?.isInverse()}`
				}),
			)
		screen.keys('kkkkkkkkkkkkkkkkkkkkkkkkkkkkkk')
		await screen.until(text => text === meant(screen))
		const quick = looks()
		screen.redraw()
		await screen.painted()
		await screen.until(text => text === meant(screen))
		expect(looks()).toEqual(quick)
	})

	const seed = seedOfRun()
	it(`is what the state means, whoever painted it (SEED=${seed})`, { timeout: 120_000 }, async () => {
		const random = randomOf(seed)
		const path = writeLog('walk.log', 2_000)
		const screen = await open(path)
		await screen.until(text => text.includes('number 1999'))
		const keys = [
			...'kkkkkkjjjjj gGbeEnN}{wtmzui?:/&',
			'\u001b',
			'\r',
			'\u001b',
			'\u001b[A',
			'f',
			'q3',
			'3\r',
			'2',
			'3',
		]
		let appended = 2_000
		let inLog = 0
		let away = 0
		for (let burst = 0; burst < 600; burst += 1) {
			const chance = random()
			if (chance < 0.03) {
				const [columns, rows] = pick(
					[
						[60, 15],
						[80, 24],
						[120, 40],
						[20, 8],
					] as const,
					random,
				)
				screen.resize(columns, rows)
				if (random() < 0.5) await screen.until(() => screen.app.state().size.columns === columns)
			} else if (chance < 0.05) screen.redraw()
			else if (chance < 0.2) {
				appendFileSync(path, lineOf(appended))
				appended += 1
			} else screen.keys(pick(keys, random))
			if (placeOf(screen.app.state()).kind === 'log') {
				inLog += 1
				away = 0
			} else away += 1
			// Not lost for long: out of what is open or typed, and back into the log.
			if (away > 8) for (const key of ['\u001b', '\u001b', '3', '\r']) screen.keys(key)
			if (random() < 0.5) await screen.until(text => text === meant(screen), `seed ${seed}, burst ${burst}`)
		}
		await screen.until(text => text === meant(screen), `seed ${seed}, at the end`)
		expect(inLog).toBeGreaterThan(100)
	})
})
