/** Columns, lines, numbers, searching, typing: the small pure parts. */
import { describe, expect, it } from 'vitest'
import { chop, columnsOf, dropColumns, shorten, shortenStart, takeColumns } from '../../src/app/columns.js'
import { filtered } from '../../src/app/filter.js'
import { bar, bytes, milliseconds } from '../../src/app/format.js'
import { ends, fitted, line, paragraph, span, textOf, widthOf } from '../../src/app/line.js'
import { edit, promptOf, promptText, type } from '../../src/app/prompt.js'
import { matcherOf } from '../../src/app/search.js'
import { boundPatterns } from '../../src/program/engine.js'

describe('columns', () => {
	it('counts wide characters twice and marks not at all', () => {
		expect(columnsOf('日本')).toBe(4)
		expect(columnsOf('e\u0301')).toBe(1)
	})

	it.each([
		['abcdef', 3, 'abc'],
		['日本語', 5, '日本'],
		['e\u0301e\u0301e\u0301', 2, 'e\u0301e\u0301'],
		['abc', 0, ''],
	])('takes from %j what fits into %i columns', (text, width, taken) => {
		expect(takeColumns(text, width)).toBe(taken)
	})

	it('leaves a blank where a wide character was cut in half', () => {
		expect(dropColumns('日本語', 1)).toBe(' 本語')
		expect(dropColumns('日本語', 2)).toBe('本語')
	})

	it('shortens with an ellipsis within the width', () => {
		expect(shorten('abcdef', 4)).toBe('abc…')
		expect(shorten('日本語', 4)).toBe('日…')
		expect(shortenStart('/a/long/path', 6)).toBe('…/path')
	})

	it('cuts everything into pieces and loses nothing', () => {
		const text = 'ab日本e\u0301 👩‍🚀 x'.repeat(20)
		const pieces = chop(text, 7)
		expect(pieces.join('')).toBe(text)
		for (const piece of pieces) expect(columnsOf(piece)).toBeLessThanOrEqual(7)
	})
})

describe('lines', () => {
	it('never get wider than they may', () => {
		for (const width of [1, 2, 5, 9, 20]) {
			expect(widthOf(fitted(line('日本', span('語abc', 'bad'), 'def'), width).spans)).toBeLessThanOrEqual(
				width,
			)
			expect(widthOf(ends([span('left 日本 left')], [span('right')], width).spans)).toBeLessThanOrEqual(width)
			for (const row of paragraph('words 日本語日本語 words', width, { first: [span('• ')] })) {
				expect(widthOf(row.spans)).toBeLessThanOrEqual(width)
			}
		}
	})

	it('take the teeth out of what comes in', () => {
		expect(textOf(line('a\u001b[2Jb\u0007c\nd\te'))).toBe('abc d    e')
		expect(textOf(line('k\u200b3\u200ds \ud83d x 👩‍🚀'))).toBe('k3s \ufffd x 👩‍🚀')
	})
})

describe('numbers', () => {
	it.each([
		[0, '0 B'],
		[1023, '1023 B'],
		[1536, '1.5 kB'],
		[40 * 1024 ** 3, '40 GB'],
	])('%i is %s', (count, words) => expect(bytes(count)).toBe(words))

	it('shows time as a person reads it', () => {
		expect([milliseconds(7.4), milliseconds(12_345)]).toEqual(['7 ms', '12.3 s'])
	})

	it('never shows something as nothing', () => {
		expect(bar(0, 4)).toBe('░░░░')
		expect(bar(0.001, 4)).toBe('█░░░')
		expect(bar(7, 4)).toBe('████')
		expect(bar(Number.NaN, 4)).toBe('░░░░')
	})
})

describe('searching', () => {
	it('takes words literally where they stand so, else as a pattern', () => {
		const lines = ['dial tcp [::1]:6443: refused', 'one 1 two']
		expect(lines.filter(text => matcherOf('[::1]', lines).test(text))).toEqual([lines[0]])
		expect(lines.filter(text => matcherOf('tcp.*refused', lines).test(text))).toEqual([lines[0]])
		expect(matcherOf('(', lines).kind).toBe('text')
	})

	it('ignores case until a large letter is typed', () => {
		expect(matcherOf('fatal').test('FATAL')).toBe(true)
		expect(matcherOf('Fatal').test('FATAL')).toBe(false)
	})

	it('inverts', () => {
		expect(matcherOf('!info').test('level=info')).toBe(false)
		expect(matcherOf('!info').test('level=error')).toBe(true)
	})

	it('says where the hits are', () => {
		expect(matcherOf('ab').hits('xabyAB')).toEqual([
			[1, 3],
			[4, 6],
		])
	})

	it('does not hang on a cruel pattern', () => {
		boundPatterns()
		const began = performance.now()
		expect(matcherOf('(x+x+)+y').test('x'.repeat(1_000_000))).toBe(false)
		expect(matcherOf('.*a.*b.*c.*q').test('abc '.repeat(1_000))).toBe(false)
		expect(performance.now() - began).toBeLessThan(2_000)
	})

	it('finds short lists in spite of slips, long ones plainly', () => {
		const rows = Array.from({ length: 400 }, (_, index) => ({ search: `item ${index}` }))
		expect(filtered([...rows, { search: 'certificates' }], 'certifcates')).toHaveLength(1)
		const long = Array.from({ length: 10_000 }, (_, index) => ({ search: `item ${index}` }))
		expect(filtered(long, 'itme 77')).toHaveLength(0)
		expect(filtered(long, 'item 9999')).toHaveLength(1)
	})
})

describe('typing', () => {
	it('edits by what a person sees as characters', () => {
		let prompt = type(promptOf('search', ''), 'a日e\u0301')
		prompt = edit(edit(prompt, 'char-left'), 'erase')
		expect(promptText(prompt)).toBe('ae\u0301')
		expect(promptText(edit(edit(prompt, 'text-end'), 'erase'))).toBe('a')
	})

	it('joins a mark with the letter before it', () => {
		expect(promptOf('search', 'e').text).toHaveLength(1)
		expect(type(promptOf('search', 'e'), '\u0301')).toMatchObject({ text: ['e\u0301'], cursor: 1 })
	})

	it('erases words and beginnings', () => {
		const prompt = promptOf('command', 'logs journal/k3s.log')
		expect(promptText(edit(prompt, 'erase-word'))).toBe('logs ')
		expect(promptText(edit(prompt, 'erase-all'))).toBe('')
	})

	it('takes no more than a line of a pasted file', () => {
		expect(promptText(type(promptOf('search', ''), 'x\n'.repeat(100_000))).length).toBeLessThanOrEqual(500)
	})
})
