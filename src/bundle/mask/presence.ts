/** Which words can stand in a text at all. Asked of one text for many words: looking for each costs more than the text. */

/** In shorter texts each word is looked for. */
const short = 4_000

/** `false`: the word stands nowhere in `text`. `true`: it may. */
export function presenceIn(text: string): (word: string) => boolean {
	if (text.length < short) return word => text.includes(word)
	const seen = triplesOf(text)
	return word => {
		if (word.length < 3) return text.includes(word)
		for (let at = 0; at + 2 < word.length; at += 1) if (seen[tripleAt(word, at)] === 0) return false
		return true
	}
}

const tripleAt = (text: string, at: number) =>
	(text.charCodeAt(at) * 961 + text.charCodeAt(at + 1) * 31 + text.charCodeAt(at + 2)) & 0xffff

/** Every three characters in a row leave a mark at a place of theirs; some places are shared. */
function triplesOf(text: string): Uint8Array {
	const seen = new Uint8Array(0x10000)
	let first = text.charCodeAt(0)
	let second = text.charCodeAt(1)
	for (let at = 2; at < text.length; at += 1) {
		const third = text.charCodeAt(at)
		seen[(first * 961 + second * 31 + third) & 0xffff] = 1
		first = second
		second = third
	}
	return seen
}
