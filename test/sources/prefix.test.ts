/** The head of a journal line: times are those that the platform's own parser reads, however they are written. */
import { describe, expect, it } from 'vitest'
import { readPrefix } from '../../src/sources/journal/prefix.js'
import { pick, randomOf, seedOfRun } from '../app/random.js'

const hint = { year: 2026, month: 10 }
const timeOf = (stamp: string) => readPrefix(`${stamp} n1 k3s[7]: said`, hint).at
/** `+0000` is `+00:00` to it. */
const platformTime = (stamp: string) => {
	const at = Date.parse(stamp.replace(/([+-]\d\d)(\d\d)$/, '$1:$2'))
	return Number.isNaN(at) ? undefined : at
}

describe('the time of a line', () => {
	const seed = seedOfRun()
	it(`is right for every time there is, and none where there is none (SEED=${seed})`, () => {
		const random = randomOf(seed)
		const part = (from: number, to: number) =>
			String(from + Math.floor(random() * (to - from + 1))).padStart(2, '0')
		let minute = ''
		for (let round = 0; round < 20_000; round += 1) {
			// A few of them are beyond what a clock shows; many are of the minute before.
			const date = `${pick(['1962', '1999', '2026', '2038'], random)}-${part(0, 13)}-${part(0, 32)}`
			if (minute === '' || random() < 0.5) minute = `${date}T${part(0, 24)}:${part(0, 60)}`
			const fraction = pick(['', '.1', '.000000', '.080759', '.999999', '.123456789', '.12a456', '.'], random)
			const zone = pick(['+0000', '-0330', '+1400', '+05:30', 'Z', '', '+2460'], random)
			const stamp = `${minute}:${part(0, 60)}${fraction}${zone}`
			expect(timeOf(stamp), stamp).toBe(platformTime(stamp))
		}
	})
})
