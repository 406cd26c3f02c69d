/** Keyed substitutes: the same for the same word, of the same length and make, and none can be worked back without the key. */
import { createHmac } from 'node:crypto'

export interface Scramble {
	/** A word with other letters and digits in the same places; marks between them stay, and so does the case. */
	word(word: string): string
	/** A keyed bit for a string of bits: whether the next one is turned over. */
	flips(prefix: string): boolean
	/** `count` keyed bytes. */
	bytes(of: string, count: number): Buffer
}

const letters = 'abcdefghijklmnopqrstuvwxyz'

export function scrambleWith(key: Uint8Array): Scramble {
	const words = new Map<string, string>()
	const taken = new Set<string>()
	const bits = new Map<string, boolean>()
	const bytes = (of: string, count: number) =>
		Buffer.concat(
			Array.from({ length: Math.ceil(count / 32) }, (_, part) =>
				createHmac('sha256', key).update(`${part} ${of}`).digest(),
			),
		).subarray(0, count)

	/** Two words must not become one; tries go on until a free one is found. */
	function fresh(word: string): string {
		for (let attempt = 0; attempt < 1000; attempt += 1) {
			const random = bytes(`word ${attempt} ${word}`, word.length)
			const made = [...word]
				.map((char, index) => {
					const byte = random[index] ?? 0
					if (/[a-z]/.test(char)) return letters[byte % 26] ?? char
					return /\d/.test(char) ? String(byte % 10) : char
				})
				.join('')
			if (made !== word && !taken.has(made)) return made
		}
		return word
	}

	return {
		bytes,
		word(word) {
			const lower = word.toLowerCase()
			let made = words.get(lower)
			if (made === undefined) {
				made = fresh(lower)
				words.set(lower, made)
				taken.add(made)
			}
			const lowerCase = made
			return [...word]
				.map((char, index) =>
					char === char.toLowerCase() ? (lowerCase[index] ?? char) : (lowerCase[index] ?? char).toUpperCase(),
				)
				.join('')
		},
		flips(prefix) {
			const known = bits.get(prefix)
			if (known !== undefined) return known
			const made = ((bytes(`bit ${prefix}`, 1)[0] ?? 0) & 1) === 1
			bits.set(prefix, made)
			return made
		},
	}
}
