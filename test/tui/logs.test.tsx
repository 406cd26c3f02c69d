/** Logs painted into a real terminal emulator: whatever a log holds, columns stay where they are. */
import { appendFileSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, describe, expect, it } from 'vitest'
import { placeOf } from '../../src/app/state.js'
import { openLogScreen } from './log-screen.js'
import type { Screen } from './screen.js'

const folder = mkdtempSync(join(tmpdir(), 'k3s-doctor-painted-'))
let close = () => {}
afterEach(() => close())
afterAll(() => rmSync(folder, { recursive: true, force: true }))

async function openFile(path: string, columns = 80, rows = 24): Promise<Screen> {
	const { screen, close: closeIt } = await openLogScreen(path, columns, rows)
	close = closeIt
	return screen
}

const stamp = '2026-11-21T04:54:37.1Z stdout F '

const hostile: readonly (readonly [string, string])[] = [
	[
		'escape sequences',
		'\u001b[31mred\u001b[0m \u001b]0;title\u0007\u001b]52;c;QUJD\u0007 \u001b[2J\u001b[10;10Hthere \u009b5m',
	],
	['a carriage return', 'over\rwritten'],
	['tabs', 'a\tb\tc'],
	['NULs', 'a\u0000b\u0000'],
	['right to left', '\u202eabc\u202c \u05d0\u05d1\u05d2 \u0645\u0631\u062d\u0628\u0627'],
	['combining marks', `e${'\u0301'.repeat(40)}tude`],
	[
		'wide characters',
		'日本語日本語日本語日本語日本語日本語日本語日本語日本語日本語日本語日本語日本語日本語日本語',
	],
	['emoji', '👩‍🚀👨‍👩‍👧‍👦🇩🇪 ok'],
	['a bell and backspaces', '\u0007\b\b\b\b\b\b\b\b\b\b\bgone'],
	['what cannot be seen', 'a\u200bb\ufeffc\u00add'],
]

describe('hostile lines', () => {
	for (const size of [
		[80, 24],
		[120, 40],
	] as const) {
		it(`are painted safely, columns intact, at ${size.join('×')}`, async () => {
			const path = join(folder, `hostile-${size[0]}.log`)
			const broken = Buffer.concat([
				Buffer.from(stamp),
				Buffer.from([0xff, 0xfe, 0xe6, 0x97]),
				Buffer.from(' end\n'),
			])
			const lines = hostile.map(([, text]) => `${stamp}${text} #end`).join('\n')
			writeFileSync(
				path,
				Buffer.concat([Buffer.from(`${lines}\n${stamp}${'m'.repeat(1_000_000)}\n`), broken]),
			)
			const { until, rows, terminal, keys } = await openFile(path, ...size)
			await until(text => text.includes('end') && text.includes('mmmm'))
			const painted = rows().filter(row => /^[❯ ]\d\d:\d\d:\d\d/.test(row))
			expect(painted).toHaveLength(hostile.length + 2)
			expect(painted.every(row => row.length <= size[0])).toBe(true)
			// Nothing below or above was written over.
			expect(rows()[0]).toContain('hostile')
			expect(rows()[1]).toContain('3 Logs')
			expect(rows().at(-1)).toContain('Esc back')
			expect(terminal.buffer.active.type).toBe('alternate')
			expect(painted.find(row => row.includes('red'))).not.toContain('title')
			expect(painted.find(row => row.includes('a    b    c'))).toContain('#end')
			keys('w')
			await until(text => text.includes('Long lines are wrapped'))
			expect(rows()[1]).toContain('3 Logs')
			keys('g')
			await until(text => text.includes('red'))
			expect(rows()[1]).toContain('3 Logs')
		})
	}
})

describe('following', () => {
	it('goes on with the log, stands still when one goes up, and goes on again with G', async () => {
		const path = join(folder, 'follow.log')
		writeFileSync(path, Array.from({ length: 100 }, (_, index) => `${stamp}line ${index}\n`).join(''))
		const { until, keys, text, app } = await openFile(path)
		await until(seen => seen.includes('line 99') && seen.includes('following'))
		appendFileSync(path, `${stamp}line 100\n`)
		await until(seen => seen.includes('line 100'))
		keys('k')
		await until(seen => seen.includes('f follows'))
		appendFileSync(path, `${stamp}line 101\n`)
		await until(seen => seen.includes('/102'))
		expect(text()).not.toContain('line 101')
		keys('G')
		await until(seen => seen.includes('line 101') && seen.includes('following'))
		appendFileSync(path, `${stamp}line 102\n`)
		await until(seen => seen.includes('line 102'))
		keys('f')
		await until(seen => seen.includes('f follows'))
		keys('G')
		await until(seen => seen.includes('following'))
		appendFileSync(path, `${stamp}line 103\n`)
		await until(seen => seen.includes('line 103'))
		keys('\u001b')
		await until(seen => seen.includes('Files'))
		expect(placeOf(app.state()).kind).toBe('logs')
	})
})
