/** What is passed over quickly is what a pattern would have passed over: on random texts, and on all that was recorded. */
import { describe, expect, it } from 'vitest'
import { maskEncoded } from '../../src/bundle/mask/encoded.js'
import { presenceIn } from '../../src/bundle/mask/presence.js'
import { pick, randomOf, seedOfRun } from '../app/random.js'
import { openRecording } from '../recording.js'

const seed = seedOfRun()

/** The words that are meant, as a pattern: it tries every place of a text. */
const word =
	/(?<![\w+/=.-])(?:[A-Za-z0-9+/]{4}){6,10000}(?:[A-Za-z0-9+/]{2}==|[A-Za-z0-9+/]{3}=)?(?![\w+/=-])/g

function byPattern(text: string): string {
	return text.replace(word, secret => {
		try {
			return /^[\t\n\r -~]+$/.test(atob(secret)) ? '<secret>' : secret
		} catch {
			return secret
		}
	})
}

const quickly = (text: string) =>
	maskEncoded(
		text,
		() => '<secret>',
		decoded => `${decoded}!`,
	)

describe('words in base64', () => {
	it(`are those that a pattern finds (SEED=${seed})`, () => {
		const random = randomOf(seed)
		const printable = (length: number) =>
			Buffer.from(Array.from({ length }, () => 0x20 + Math.floor(random() * 95))).toString('base64')
		const noise = (length: number) =>
			Array.from({ length }, () => pick([...'aZ09+/=._-: \n"é'], random)).join('')
		for (let round = 0; round < 3_000; round += 1) {
			const parts = Array.from({ length: 4 }, () => [
				noise(Math.floor(random() * 30)),
				printable(Math.floor(random() * 60)),
				pick(['', ' ', '=', '.', '\n', '"', '-', '/'], random),
			])
			const text = parts.flat().join('')
			expect(quickly(text), JSON.stringify(text)).toBe(byPattern(text))
		}
	})

	it('are those that a pattern finds in a recorded node', async () => {
		for (const text of (await openRecording('healthy-server')).files.values())
			expect(quickly(text)).toBe(byPattern(text))
	})
})

describe('a word that stands in a text', () => {
	it(`is never said to be absent (SEED=${seed})`, () => {
		const random = randomOf(seed)
		for (const length of [0, 1, 2, 3, 100, 3_999, 4_000, 9_000]) {
			const text = Array.from({ length }, () => pick([...'abcxyz019 \n:$é日'], random)).join('')
			const mayHold = presenceIn(text)
			for (let at = 0; at < length; at += 1 + Math.floor(length / 200))
				expect(mayHold(text.slice(at, at + 1 + Math.floor(random() * 12)))).toBe(true)
			expect(mayHold('sshpass')).toBe(false)
		}
	})
})
