/** PEM blocks of a text. */

const begin = '-----BEGIN CERTIFICATE-----'
const end = '-----END CERTIFICATE-----'

/** A bundle of CAs has some hundred. */
const most = 300
/** A block of a certificate is a few kilobytes. */
const longest = 128 * 1024

export interface PemBlocks {
	/** Each with its marks. */
	blocks: string[]
	/** The text ends inside a block. */
	unfinished: boolean
}

export function pemBlocks(text: string): PemBlocks {
	const blocks: string[] = []
	for (
		let from = text.indexOf(begin);
		from >= 0 && blocks.length < most;
		from = text.indexOf(begin, from + 1)
	) {
		const to = text.indexOf(end, from)
		if (to < 0 || to - from > longest) return { blocks, unfinished: true }
		blocks.push(text.slice(from, to + end.length))
		from = to
	}
	return { blocks, unfinished: false }
}
