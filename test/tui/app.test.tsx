import { afterEach, describe, expect, it } from 'vitest'
import { frameOf } from '../../src/app/frame.js'
import { textOf } from '../../src/app/line.js'
import { stepsOf } from '../../src/program/steps.js'
import { sources } from '../../src/sources/index.js'
import { toAscii } from '../../src/tui/ascii.js'
import { anyMessage } from '../app/key-monkey.js'
import { pick, randomOf, seedOfRun } from '../app/random.js'
import { diagnosis, subject } from '../app/subjects.js'
import { judge } from '../judge.js'
import { openRecording } from '../recording.js'
import { openScreen, plain, type Screen, type ScreenOptions } from './screen.js'

let screen: Screen | undefined
afterEach(() => screen?.close())

function open(options?: ScreenOptions): Screen {
	screen = openScreen(options)
	return screen
}

async function openOn(recording: string, options?: ScreenOptions): Promise<Screen> {
	const examination = judge(await openRecording(recording))
	const opened = open(options)
	for (const step of stepsOf(examination, sources)) opened.app.send({ type: 'source', step })
	opened.app.send({ type: 'examined', subject: examination })
	await opened.painted()
	return opened
}

const sizes = [
	[60, 15],
	[80, 24],
	[120, 40],
	[200, 60],
] as const

describe('screens of recorded nodes', () => {
	for (const [columns, rows] of sizes) {
		it(`are painted as they were meant, at ${columns}×${rows}`, async () => {
			const { app, keys, rows: painted, painted: done } = await openOn('disk-full-restart', { columns, rows })
			for (const key of [
				'1',
				'\r',
				'j',
				'v',
				'\u001b',
				'2',
				'3',
				'\r',
				'4',
				'\r',
				'5',
				'6',
				'7',
				'\r',
				'?',
			]) {
				keys(key)
				await done()
				// Esc is waited for, in case more of a sequence follows.
				if (key === '\u001b')
					await screen?.until(text => text.includes('What it means') || text.includes('Enter'))
				const meant = frameOf(app.state()).lines.map(line => textOf(line).trimEnd())
				expect(painted()).toEqual(meant)
			}
		})
	}

	it('shows the verdict, the root cause, its proof and a remedy on the first screen', async () => {
		const { text } = await openOn('agent-token-wrong-hash')
		expect(text()).toMatch(/DOWN/)
		expect(text()).toContain('certain')
		expect(text()).toContain('Why we think so')
		expect(text()).toContain('What to do')
		expect(text()).toContain('$ ')
	})

	it('shows of a healthy node what was looked at and what stands there', async () => {
		const { text } = await openOn('ha-healthy')
		expect(text()).toMatch(/None of \d+ causes was found/)
		expect(text()).toContain('✓ certificates')
		expect(text()).toMatch(/Disks +\/var\/lib\/rancher\/k3s on \/: 45 %/)
	})

	it('keeps the columns of wide and combining characters', async () => {
		const title = 'Das Zertifikat 証明書 ist abgelaufe\u0301n'
		const opened = open()
		opened.app.send({ type: 'examined', subject: subject([diagnosis('cert-expired', { title })]) })
		await opened.painted()
		const row = opened.rows().findIndex(text => text.includes('証明書'))
		expect(opened.rows()[row]).toContain(title)
		// The right-hand column stands where it stands without wide characters.
		const plainRow = open()
		plainRow.app.send({ type: 'examined', subject: subject([diagnosis('cert-expired')]) })
		await plainRow.painted()
		const at = plainRow.rows()[row]?.indexOf('certain') ?? -1
		expect(at).toBeGreaterThan(0)
		expect(opened.cell(at, row)?.getChars()).toBe('c')
		opened.close()
	})
})

describe('resizing', () => {
	it('ends in the right picture at every size', async () => {
		const { app, resize, until } = await openOn('healthy-server', { columns: 120, rows: 40 })
		for (const [columns, rows] of [...sizes, [40, 10], [80, 24]] as const) {
			resize(columns, rows)
			await until(text => {
				const { size } = app.state()
				if (size.columns !== columns || size.rows !== rows) return false
				return (
					text ===
					frameOf(app.state())
						.lines.map(line => textOf(line).trimEnd())
						.join('\n')
				)
			}, `${columns}×${rows} is not painted as meant`)
		}
	})
})

describe('redrawing', () => {
	it('mends a screen that others have written on', async () => {
		const { app, redraw, terminal, text, until, painted } = await openOn('healthy-server')
		const before = text()
		await new Promise<void>(resolve =>
			terminal.write('\u001b[5;5HBroadcast message from root\u001b[9;1H\u001b[J', resolve),
		)
		expect(text()).not.toBe(before)
		redraw()
		await painted()
		await until(now => now === before)
		app.send({ type: 'keys', keys: ['4'] })
		await until(now => now.includes('› Node'))
		expect(text()).toBe(
			frameOf(app.state())
				.lines.map(line => textOf(line).trimEnd())
				.join('\n'),
		)
	})
})

describe('keys', () => {
	it('lose nothing of a burst of letters, arrows and returns in one read', async () => {
		const many = Array.from({ length: 100 }, (_, index) => `line ${index}`).join('\n')
		const { app, keys, until } = open()
		app.send({ type: 'examined', subject: subject([], { files: { 'commands/long.txt': many } }) })
		keys(':evidence commands/long.txt\rjjj\u001b[B\u001b[B\u001b[Bjj')
		await until(text => text.includes('❯ 9   line 8') || /❯ +9 line 8/.test(text))
	})

	it('are two where Esc and the next key come in one read, as on a slow line', async () => {
		const { app, keys, until } = open()
		app.send({ type: 'examined', subject: subject([diagnosis('disk-full')]) })
		keys('?')
		await until(text => text.includes('› help'))
		keys('\u001b4')
		await until(text => text.includes('› Node') && text.includes('Certificates'))
		keys('1')
		await until(text => text.includes('› Diagnoses') && !text.includes('› help'))
	})

	it('take a paste as text, never as keys', async () => {
		const { app, effects, keys, until } = open()
		app.send({ type: 'examined', subject: subject([diagnosis('disk-full')]) })
		keys('/')
		await until(text => text.includes('\n /'))
		keys('\u001b[200~q\rRX:q\r\u001b[201~')
		await until(text => text.includes('/q RX:q'))
		expect(effects).toEqual([])
	})
})

describe('a walk on the painted screen', () => {
	const seed = seedOfRun()
	it(`shows after every burst what the state means (SEED=${seed})`, { timeout: 180_000 }, async () => {
		const random = randomOf(seed)
		const { app, resize, until, painted, rows } = await openOn(
			pick(['disk-full-restart', 'healthy-server'], random),
		)
		let keys = 0
		for (let burst = 0; burst < 900; burst += 1) {
			const message = anyMessage(random)
			keys += message.type === 'keys' ? message.keys.length : 1
			if (message.type === 'resize') {
				resize(Math.max(20, message.columns), Math.max(5, message.rows))
				await until(() => app.state().size.columns === Math.max(20, message.columns))
			} else app.send(message)
			await painted()
			if (burst % 5 > 0) continue
			const meant = () =>
				frameOf(app.state())
					.lines.map(line => textOf(line).trimEnd())
					.join('\n')
			await until(text => text === meant(), `seed ${seed}, burst ${burst}: wanted\n${meant()}`)
			expect(rows()).toHaveLength(app.state().size.rows)
		}
		expect(keys).toBeGreaterThan(900)
	})
})

describe('without colours and without Unicode', () => {
	it('paints only ASCII, every column in its place', async () => {
		const { app, text } = await openOn('disk-full-restart', { look: { ...plain, ascii: true } })
		expect(text()).toMatch(/^[\u0020-\u007e\n]*$/)
		expect(text()).toBe(
			frameOf(app.state())
				.lines.map(line => toAscii(textOf(line)).trimEnd())
				.join('\n'),
		)
		expect(text()).toContain('> CRITICAL')
	})

	it('says everything without a colour; the cursor is a character', async () => {
		const opened = await openOn('disk-full-restart', { look: { ...plain, depth: 0 } })
		for (const [row, text] of opened.rows().entries()) {
			for (let column = 0; column < text.length; column += 1) {
				const cell = opened.cell(column, row)
				expect(cell?.isFgDefault() && cell.isBgDefault(), `${row}:${column}`).toBe(true)
			}
		}
		expect(opened.text()).toContain('❯ CRITICAL')
	})

	it('uses only the 16 colours where there are 16', async () => {
		const opened = await openOn('disk-full-restart', { look: { ...plain, depth: 16 } })
		const colours = new Set<number>()
		for (const [row, text] of opened.rows().entries()) {
			for (let column = 0; column < text.length; column += 1) {
				const cell = opened.cell(column, row)
				if (cell && !cell.isFgDefault()) colours.add(cell.getFgColor())
			}
		}
		expect(colours.size).toBeGreaterThan(1)
		for (const colour of colours) expect(colour).toBeLessThan(16)
	})
})
