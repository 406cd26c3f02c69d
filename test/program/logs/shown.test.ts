/** What a filter leaves of a log: rows read one by one are those of the whole log, and errors among them are all found. */
import { describe, expect, it } from 'vitest'
import { showAll } from '../../../src/app/log/wishes.js'
import { textReader } from '../../../src/host/logs/text.js'
import { nextIn } from '../../../src/program/logs/finding.js'
import { Levels } from '../../../src/program/logs/levels.js'
import { Shown } from '../../../src/program/logs/shown.js'
import { levelTags } from '../../../src/program/logs/tests.js'
import { pick, randomOf, seedOfRun } from '../../app/random.js'

const hint = { year: 2026, month: 10 }
const never = new AbortController().signal

async function shownOf(text: string, only: string) {
	const reader = textReader(text)
	const shown = new Shown(reader, hint, () => {})
	await shown.applied({ ...showAll, only }, 0)
	await shown.toBegin(never)
	return { reader, shown }
}

const panic = [
	'Nov 21 04:54:30 node-1 k3s[812]: panic: runtime error: invalid memory address',
	'Nov 21 04:54:30 node-1 k3s[812]: goroutine 1 [running]:',
	'Nov 21 04:54:30 node-1 k3s[812]: main.run(0xc000012345)',
	'Nov 21 04:54:30 node-1 k3s[812]: \t/go/src/main.go:12 +0x1d',
]

describe('rows of a filtered log', () => {
	it('know what they belong to, though the lines above are not shown', async () => {
		const text = `${['Nov 21 04:54:29 node-1 k3s[812]: time="2026-11-21T04:54:29Z" level=info msg="go"', ...panic].join('\n')}\n`
		const whole = await shownOf(text, '')
		const all = whole.shown.at(whole.shown.span().low, whole.shown.end) ?? []
		const { shown } = await shownOf(text, 'main')
		const rows = shown.at(shown.span().low, shown.end) ?? []
		expect(rows.map(({ level, continues }) => [level, continues])).toEqual([
			['panic', true],
			['panic', true],
		])
		expect(rows).toEqual(all.slice(-2))
	})
})

describe('the next error', () => {
	const seed = seedOfRun()
	it(`among what is shown is found in both directions (SEED=${seed})`, async () => {
		const random = randomOf(seed)
		for (let round = 0; round < 30; round += 1) {
			const texts = Array.from(
				{ length: 120 },
				(_, index) =>
					`time="2026-11-21T04:54:29Z" level=${pick(['info', 'error', 'warning'], random)} msg="${pick(['etcd', 'flannel', 'kubelet'], random)} ${index}"`,
			)
			const only = pick(['', 'etcd', 'kubelet', 'nowhere'], random)
			const { reader, shown } = await shownOf(`${texts.join('\n')}\n`, only)
			const levels = new Levels(reader, hint, () => {})
			await levels.count(never)
			const first = reader.begin ?? 0
			const wanted = texts.flatMap((text, index) =>
				text.includes(only) && text.includes('level=error') ? [first + index] : [],
			)
			for (let number = first; number < reader.end; number += 1) {
				for (const step of [1, -1] as const) {
					const place = await nextIn(
						shown,
						levels.sieve,
						number,
						step,
						never,
						tag => (tag & 3) === levelTags.error,
					)
					const found = place === undefined ? undefined : shown.numberOf(place)
					const expected =
						step === 1 ? wanted.find(other => other > number) : wanted.findLast(other => other < number)
					expect(found, `${only} ${number} ${step}`).toBe(expected)
				}
			}
		}
	})
})
