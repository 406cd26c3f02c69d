/** Many words at once in a text: one pass, whatever their number. */

export interface Found {
	from: number
	to: number
	word: string
}

const isWordCharacter = (code: number) =>
	(code >= 48 && code <= 57) || (code >= 65 && code <= 90) || (code >= 97 && code <= 122) || code === 95

/** From this length on a word is no part of another by chance. */
const longEnough = 16

const firstSize = 4

/** Finds words of at least four characters; of several at one place the longest, and of overlapping ones the first. */
export function finderOf(words: Iterable<string>): ((text: string) => Found[]) | undefined {
	const byStart = new Map<string, string[]>()
	const firsts = new Uint8Array(65_536)
	for (const word of words) {
		if (word.length < firstSize) continue
		const start = word.slice(0, firstSize)
		byStart.set(
			start,
			[...(byStart.get(start) ?? []), word].sort((a, b) => b.length - a.length),
		)
		firsts[hashAt(word, 0)] = 1
	}
	if (byStart.size === 0) return undefined
	return text => {
		const found: Found[] = []
		for (let at = 0; at + firstSize <= text.length; at += 1) {
			if (firsts[hashAt(text, at)] !== 1) continue
			const word = byStart
				.get(text.slice(at, at + firstSize))
				?.find(each => text.startsWith(each, at) && standsAlone(text, at, each))
			if (word === undefined) continue
			found.push({ from: at, to: at + word.length, word })
			at += word.length - 1
		}
		return found
	}
}

function hashAt(text: string, at: number): number {
	return (
		(text.charCodeAt(at) * 31 ** 3 +
			text.charCodeAt(at + 1) * 31 ** 2 +
			text.charCodeAt(at + 2) * 31 +
			text.charCodeAt(at + 3)) &
		0xffff
	)
}

function standsAlone(text: string, at: number, word: string): boolean {
	if (word.length >= longEnough) return true
	const before = at > 0 && isWordCharacter(text.charCodeAt(at - 1)) && isWordCharacter(word.charCodeAt(0))
	const end = at + word.length
	const after =
		end < text.length &&
		isWordCharacter(text.charCodeAt(end)) &&
		isWordCharacter(word.charCodeAt(word.length - 1))
	return !before && !after
}
