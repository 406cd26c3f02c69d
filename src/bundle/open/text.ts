/** Bytes to text: nothing in a bundle is so broken that it has no text. */

/** Bytes that are no UTF-8 become U+FFFD; UTF-16, which Windows' `>` writes, is recognised by its mark. */
export function textOf(bytes: Buffer): string {
	if (bytes[0] === 0xff && bytes[1] === 0xfe) return bytes.toString('utf16le', 2)
	const start = bytes[0] === 0xef && bytes[1] === 0xbb && bytes[2] === 0xbf ? 3 : 0
	return bytes.toString('utf8', start)
}

/** The same of a file one end of which is missing: a line cut in its middle would say what nobody said. */
export function textOfCut(bytes: Buffer, cut: 'head' | 'tail' | undefined): string {
	if (cut === 'head') return textOf(bytes.subarray(bytes.indexOf(0x0a) + 1))
	if (cut === 'tail') return textOf(bytes.subarray(0, bytes.lastIndexOf(0x0a) + 1 || bytes.length))
	return textOf(bytes)
}
