/** The operator's own clipboard, through the terminal (OSC 52): works over ssh, where the terminal allows it. */

/** xterm takes about so many bytes; more is cut by others in unknown ways. */
const longest = 74_994

/** The sequence, or `undefined` when the text is too long for it. */
export function clipboardSequence(
	text: string,
	{ TERM = '', TMUX, STY }: Readonly<Record<string, string | undefined>>,
): string | undefined {
	const coded = Buffer.from(text, 'utf8').toString('base64')
	if (coded.length > longest) return undefined
	const sequence = `\u001b]52;c;${coded}\u0007`
	// GNU screen passes sequences of others on only when they are wrapped, in pieces of at most 768 bytes.
	if ((STY || TERM.startsWith('screen')) && !TMUX) {
		const pieces = sequence.match(/[\s\S]{1,500}/g) ?? []
		return pieces.map(piece => `\u001bP${piece}\u001b\\`).join('')
	}
	return sequence
}
