/**
 * A number that is equal for two lines that say the same with other numbers: every word with a digit in it
 * (times, addresses, hashes, names of pods) counts as one and the same. Two 32-bit FNV-like states make collisions
 * of a few thousand distinct lines improbable (below one in 10^11). No string is built, because a flood of a hundred
 * thousand lines must cost milliseconds.
 */

/** What differs between repetitions stands early enough; the rest of a huge line does not count. */
const considered = 480

/** What a character is: 1 a digit, 2 a letter (and everything beyond ASCII), 0 anything between words. */
const kinds = Uint8Array.from({ length: 128 }, (_, char) => {
	if (char >= 0x30 && char <= 0x39) return 1
	return (char >= 0x61 && char <= 0x7a) || (char >= 0x41 && char <= 0x5a) ? 2 : 0
})

export function fingerprint(line: string, from = 0): number {
	let a = 0x811c9dc5
	let b = 0x9747b28c
	let wordA = a
	let wordB = b
	let digit = false
	const end = Math.min(line.length, from + considered)
	for (let at = from; at < end; at += 1) {
		const char = line.charCodeAt(at)
		const kind = char < 128 ? kinds[char] : 2
		if (kind === 0 && digit) {
			a = Math.imul(wordA ^ 0x23, 0x01000193)
			b = Math.imul(wordB ^ 0x23, 0x85ebca6b)
			digit = false
		}
		a = Math.imul(a ^ char, 0x01000193)
		b = Math.imul(b ^ char, 0x85ebca6b)
		if (kind === 1) digit = true
		else if (kind === 0) {
			wordA = a
			wordB = b
		}
	}
	if (digit) {
		a = Math.imul(wordA ^ 0x23, 0x01000193)
		b = Math.imul(wordB ^ 0x23, 0x85ebca6b)
	}
	return (a >>> 0) * 0x200000 + ((b >>> 0) & 0x1fffff)
}
