import { describe, expect, it } from 'vitest'
import { line } from '../../src/app/line.js'
import { type ListView, moveBy, moveRows, offsets, settle, windowOf } from '../../src/app/list.js'
import { type ListState, listStart } from '../../src/app/state.js'

/** A list of items with these heights; each is called by a letter. */
function listOf(heights: readonly number[], names = 'abcdefghijklmnopqrstuvwxyz'): ListView {
	return {
		head: [],
		count: heights.length,
		total: heights.length,
		idOf: index => names[index] ?? '',
		heightOf: index => heights[index] ?? 0,
		linesOf: index => Array.from({ length: heights[index] ?? 0 }, (_, row) => line(`${names[index]}${row}`)),
		targetOf: () => ({ kind: 'words', text: '' }),
		empty: [line('nothing')],
	}
}

const shown = (list: ListState, view: ListView, height: number) =>
	windowOf(list, view, height)
		.lines.map(({ spans }) => spans[0]?.text)
		.join(' ')

const at = (index: number, top = 0): ListState => ({ ...listStart, at: index, top })

describe('a list in a window', () => {
	const view = listOf([1, 2, 3, 1, 1, 2])

	it('knows the first row of each item', () => {
		expect([...offsets(view)]).toEqual([0, 1, 3, 6, 7, 8, 10])
	})

	it('moves as little as it takes to show all of the chosen item', () => {
		expect(settle(at(2), view, 4).top).toBe(2)
		expect(settle(at(0, 5), view, 4).top).toBe(0)
		expect(settle(at(3, 4), view, 4).top).toBe(4)
	})

	it('never scrolls past its end', () => {
		expect(settle(at(5, 99), view, 4).top).toBe(6)
		expect(settle(at(99, 0), view, 100)).toMatchObject({ at: 5, top: 0 })
	})

	it('shows the rest of an item that is higher than the window before it goes on', () => {
		const high = listOf([1, 6, 1])
		let list = settle(at(0), high, 3)
		const rows: string[] = []
		for (let press = 0; press < 6; press += 1) {
			list = settle(moveBy(list, high, 3, 1), high, 3)
			rows.push(shown(list, high, 3))
		}
		expect(rows).toEqual(['b0 b1 b2', 'b1 b2 b3', 'b2 b3 b4', 'b3 b4 b5', 'b4 b5 c0', 'b4 b5 c0'])
		list = settle(moveBy(list, high, 3, -1), high, 3)
		expect(shown(list, high, 3)).toBe('b3 b4 b5')
	})

	it('pages by rows and always moves on', () => {
		let list = settle(at(0), view, 4)
		const visited = new Set<number>()
		for (let press = 0; press < 10; press += 1) {
			list = moveRows(list, view, 4, 3)
			visited.add(list.at)
		}
		expect(list.at).toBe(5)
		expect(visited.size).toBeGreaterThan(2)
		for (let press = 0; press < 10; press += 1) list = moveRows(list, view, 4, -3)
		expect(list).toMatchObject({ at: 0, top: 0 })
	})

	it('keeps the cursor on its item and the item on its row when others come above it', () => {
		const before = listOf([1, 1, 1, 1, 1, 1], 'abcdef')
		const list = settle(at(3, 2), before, 3)
		const after = listOf([1, 1, 1, 1, 1, 1, 1, 1], 'xyabcdef')
		const next = settle(list, after, 3)
		expect(next).toMatchObject({ at: 5, id: 'd' })
		expect(windowOf(next, after, 3).cursor).toBe(windowOf(list, before, 3).cursor)
	})

	it('stays where it is when its item has gone', () => {
		const list = settle(at(3), listOf([1, 1, 1, 1, 1], 'abcde'), 5)
		expect(settle(list, listOf([1, 1, 1, 1], 'abce'), 5)).toMatchObject({ at: 3, id: 'e' })
	})

	it('bears being empty', () => {
		const none = listOf([])
		expect(windowOf(settle(at(7, 3), none, 5), none, 5)).toEqual({ lines: none.empty, cursor: undefined })
		expect(moveBy(at(0), none, 5, 1)).toMatchObject({ at: 0 })
		expect(moveRows(at(0), none, 5, 4)).toMatchObject({ at: 0 })
	})
})
