/** A search in a log that takes its time to be read: where it leads, and that nobody is taken away by it. */
import { describe, expect, it } from 'vitest'
import { type LogNews, showAll } from '../../../src/app/log/wishes.js'
import { type LogReader, pause } from '../../../src/host/logs/reader.js'
import { textReader } from '../../../src/host/logs/text.js'
import { soon } from '../../../src/program/logs/later.js'
import { LogSession } from '../../../src/program/logs/session.js'

const count = 2_000
const text = Array.from(
	{ length: count },
	(_, index) => `line ${index}${index % 500 === 0 ? ' needle' : ''}\n`,
)

/** Has no quick way to be looked through, as the journal. */
function slowly({ sift: _, ...methods }: LogReader): LogReader {
	return methods
}

async function opened() {
	const news: LogNews[] = []
	const plain = textReader(text.join(''))
	const reader = slowly({
		begin: plain.begin,
		low: plain.low,
		end: plain.end,
		read: plain.read.bind(plain),
		reach: plain.reach.bind(plain),
		load: plain.load.bind(plain),
		close: () => plain.close(),
	})
	const session = new LogSession(reader, { year: 2026, month: 10 }, showAll, told => news.push(told))
	await session.open('a log', false, {})
	const begin = reader.begin ?? 0
	/** Lines that were led to, once every hit is counted and nothing is looked for any longer. */
	const led = async (places: number) => {
		const found = () => news.flatMap(each => (each.is === 'found' ? [each] : []))
		const isCounted = () => news.some(each => each.is === 'hits' && each.done)
		for (let tries = 0; tries < 5_000 && !(isCounted() && found().length >= places); tries += 1) await pause()
		// Whoever still looks looks again within one step.
		await soon()
		return found().map(({ at }) => (at === undefined ? undefined : at - begin))
	}
	const search = (line: number) => session.do({ do: 'search', era: 0, query: 'needle', from: begin + line })
	const find = (what: 'first' | 'hit' | 'last', line: number, step: 1 | -1) =>
		session.do({ do: 'find', era: 0, what, from: begin + line, step })
	return { led, search, find }
}

describe('a search', () => {
	it('leads to the nearest hit', async () => {
		const { led, search } = await opened()
		search(700)
		expect(await led(1)).toEqual([1_000])
	})

	it('takes nobody away who has gone elsewhere meanwhile', async () => {
		const { led, search, find } = await opened()
		search(700)
		find('first', 700, -1)
		expect(await led(1)).toEqual([0])
	})

	it('is the step before one to the next hit', async () => {
		const { led, search, find } = await opened()
		search(700)
		find('hit', 700, 1)
		expect((await led(2)).at(-1)).toBe(1_500)
	})

	it('does not matter to who asks for the next hit of another line', async () => {
		const { led, search, find } = await opened()
		search(700)
		find('hit', 300, -1)
		expect(await led(1)).toEqual([0])
	})
})
