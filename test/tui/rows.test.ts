/** Rows that change are written to a real emulator, which has to show what was meant, whatever it showed before. */
import xterm from '@xterm/headless'
import { describe, expect, it } from 'vitest'
import { changeRows } from '../../src/tui/rows.js'
import { pick, randomOf, seedOfRun } from '../app/random.js'

const columns = 30

async function shows(before: readonly string[], after: readonly string[]) {
	const terminal = new xterm.Terminal({ cols: columns, rows: before.length, allowProposedApi: true })
	const write = (text: string) => new Promise<void>(resolve => terminal.write(text, resolve))
	// As Ink leaves a screen: no wrapping at the edge, the cursor in the last row.
	await write(`\u001b[?7l${before.join('\r\n')}`)
	const change = changeRows(before, after)
	await write(change)
	const rows = Array.from({ length: before.length }, (_, row) =>
		terminal.buffer.active.getLine(row)?.translateToString(true).trimEnd(),
	)
	return { rows, change, cursor: terminal.buffer.active.cursorY, terminal }
}

const numbered = (from: number, count: number) =>
	Array.from({ length: count }, (_, index) => `line ${from + index}`)

describe('rows that change', () => {
	it('are the only ones that are written', async () => {
		const before = numbered(0, 20)
		const after = before.with(7, 'another')
		const { rows, change } = await shows(before, after)
		expect(rows).toEqual(after)
		expect(change).toContain('another')
		expect(change).not.toContain('line')
	})

	it('are nothing at all where nothing changed', () => {
		expect(changeRows(numbered(0, 9), numbered(0, 9))).toBe('')
	})

	it('are moved by the terminal where a page goes up or down between rows that stand', async () => {
		for (const by of [1, 3, -1, -3]) {
			const head = ['title', 'tabs']
			const foot = ['footer']
			const { rows, change } = await shows(
				[...head, ...numbered(100, 20), ...foot],
				[...head, ...numbered(100 + by, 20), ...foot],
			)
			expect(rows).toEqual([...head, ...numbered(100 + by, 20), ...foot])
			expect(change.match(/line/g)).toHaveLength(Math.abs(by))
		}
	})

	it('leave the last character at the edge, and nothing of a longer row behind', async () => {
		const full = 'x'.repeat(columns)
		const { rows } = await shows([full, 'short', full], ['short', full, `${full.slice(1)}y`])
		expect(rows).toEqual(['short', full, `${full.slice(1)}y`])
	})

	it('leave the cursor in the last row, where Ink looks for it, and no scroll region', async () => {
		const { cursor, terminal } = await shows(numbered(0, 10), numbered(4, 10))
		expect(cursor).toBe(9)
		await new Promise<void>(resolve => terminal.write('\n\n\n', resolve))
		expect(terminal.buffer.active.baseY).toBe(3)
	})

	const seed = seedOfRun()
	it(`are as meant whatever they were (SEED=${seed})`, async () => {
		const random = randomOf(seed)
		const texts = [
			'',
			' ',
			'a',
			'b',
			'日本語',
			'\u001b[1mbold\u001b[0m',
			'x'.repeat(columns),
			...numbered(0, 6),
		]
		for (let round = 0; round < 400; round += 1) {
			const height = 1 + Math.floor(random() * 12)
			const before = Array.from({ length: height }, () => pick(texts, random))
			const by = Math.floor(random() * 7) - 3
			const after = before.map((_, row) =>
				random() < 0.8 ? (before[row + by] ?? pick(texts, random)) : pick(texts, random),
			)
			const { rows, cursor } = await shows(before, after)
			const plain = after.map(text => text.replace(/\u001b\[\d*m/g, '').trimEnd())
			expect(rows, `round ${round}`).toEqual(plain)
			if (changeRows(before, after) !== '') expect(cursor).toBe(height - 1)
		}
	})
})
